"""The page that asks who is there: one file, with its style, that needs nothing else."""

import html
import math
from dataclasses import dataclass
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse, Response

from gui.words import locales, say, spoken

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "sign_in"


@dataclass(frozen=True)
class Shown:
    """What it shows beside the form.

    Attributes:
        name: What was written into the form.
        wrong: Whether that didn't fit.
        wait_s: How many seconds it takes until there may be another try; 0.0 for none.
        unkept: Whether the browser didn't keep the cookie of a sign-in that fitted.
    """

    name: str = ""
    wrong: bool = False
    wait_s: float = 0.0
    unkept: bool = False


def page(shown: Shown, status: int, *, named: bool, root: str) -> Response:
    """The page in the language spoken.

    Args:
        shown: What it shows.
        status: Of the answer.
        named: Whether people have names.
        root: Where the program is, relative to the address of this page.
    """
    told = _told(shown, named=named)
    ask = say("Your name and your password, please.") if named else say("The password, please.")
    # One sentence about a wrong try, for name and password: it tells nobody which names there are.
    values = {
        "lang": spoken(),
        "title": say("Sign in"),
        "ask": ask,
        "told": _element("told", told) if told else "",
        "invalid": ' aria-invalid="true" aria-describedby="told"' if shown.wrong else "",
        "names": _names(shown.name) if named else "",
        "password": say("Password"),
        "go": say("Sign in"),
        "root": root,
        "style": (_FOLDER / "page.css").read_text(encoding="utf-8"),
        "others": "".join(map(str, _others(root))),
        "focus": "" if named and not shown.name else " autofocus",
    }
    ready = ("told", "names", "style", "others", "invalid", "focus")
    filled = {key: each if key in ready else html.escape(each) for key, each in values.items()}
    text = Template((_FOLDER / "page.html").read_text(encoding="utf-8")).substitute(filled)
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    if shown.wait_s:
        headers["Retry-After"] = str(math.ceil(shown.wait_s))
    return HTMLResponse(text, status, headers)


def _told(shown: Shown, *, named: bool) -> str:
    if shown.wait_s:
        n = math.ceil(shown.wait_s)
        return say("There were too many wrong tries. Wait {n} seconds, then try again.", n=n)
    if shown.wrong and named:
        return say(
            "This name and this password don't belong together. Look at small and capital letters, "
            "and try again. If you have forgotten the password, ask whoever gave it to you."
        )
    if shown.wrong:
        return say(
            "That isn't the password. Look at small and capital letters, and try again. If you "
            "have forgotten it, ask whoever gave it to you."
        )
    if shown.unkept:
        return say(
            "Your browser doesn't keep the sign-in inside this frame. Open the page in a window of "
            "its own."
        )
    return ""


def _element(name: str, text: str) -> str:
    return f'<p class="{name}" id="{name}" role="alert">{html.escape(text)}</p>'


def _names(name: str) -> str:
    label, focus = html.escape(say("Name")), "" if name else " autofocus"
    return (
        f'<label for="name">{label}</label>'
        f'<input id="name" name="name" value="{html.escape(name[:200])}" autocomplete="username"'
        f' autocapitalize="none" spellcheck="false" required{focus}>'
    )


def _others(root: str) -> list[str]:
    return [
        f'<a lang="{each.code}" href="{root}?language={each.code}">{html.escape(each.name)}</a>'
        for each in locales().values()
        if each.code != spoken()
    ]
