"""What people read, in their language: English stands in the code, the rest in one file each.

A text is written in English where it is said, as a template whose ``{names}`` are filled::

    say("{count} pictures", count=12)         # now, in the reader's language
    mark("It broke off after {n}.", n=3)      # in English: told later, by another process, or kept
    again(told)                               # in the reader's language, what was marked before
    joined(say("Yes."), say("Go on."))        # sentences side by side; listed(names) for a list

``assets/locales/<language>.json`` holds each of these English texts with its translation. A further
language is one more such file; ``tests/test_words.py`` finds what a file lacks and what nobody says
any more. What is written to disk, and what a worker says, is English; the page tells it again.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, TypeVar

ENGLISH: Final = "en"
_FOLDER: Final = Path(__file__).resolve().parents[1] / "assets" / "locales"
_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)

_NAME = re.compile(r"\{(\w+)(?::[^{}]*)?\}")  # {n} and {n:,}
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")
_LETTERS = 7  # a pattern with fewer letters of its own would be found in anything
# No sentence of ours is longer, and to look for patterns in a stranger's text takes time that grows
# with the third power of its length.
_LONGEST = 1000
_LONGEST_TEXT = 4 * _LONGEST
# What is, or lets be, written from right to left. Source: unicodedata.bidirectional.
_FROM_RIGHT: Final = frozenset(["R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO"])
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
Item = TypeVar("Item")


@dataclass(frozen=True)
class Locale:
    """A language that the page speaks.

    Attributes:
        code: BCP 47 tag, "zh-Hant"; also the address of its page.
        name: What its speakers call it.
        browsers: Beginnings of the tags that browsers ask for it with, in lower case.
        space: What stands between two sentences.
        comma: What stands between the things of a list.
        texts: English template -> translation.
    """

    code: str
    name: str
    browsers: Sequence[str]
    space: str = " "
    comma: str = ", "
    texts: Mapping[str, str] = field(repr=False, default_factory=dict)


@cache
def locales() -> Mapping[str, Locale]:
    """Every language by its code, English first; files are read once a process."""
    found = [Locale(ENGLISH, "English", (ENGLISH,))]
    for path in sorted(_FOLDER.glob("*.json")):
        found.append(Locale(path.stem, **json.loads(path.read_text(encoding="utf-8"))))
    return {each.code: each for each in found}


def spoken() -> str:
    """The code of the language that is spoken here now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside, in this thread; one that isn't there is English."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def speaking_each(language: str, items: Iterator[Item]) -> Iterator[Item]:
    """An iterator whose every step speaks a language, whichever thread asks for it."""
    while True:
        with speaking(language):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


def say(text: str, /, **values: object) -> str:
    """A text in the reader's language, its names filled; without values it stays a template."""
    return _filled(_texts().get(text, text), {name: _apart(each) for name, each in values.items()})


def mark(text: str, /, **values: object) -> str:
    """A text in English, to be told in the reader's language later, by ``say`` or ``again``."""
    return _filled(text, values)


def again(text: str) -> str:
    """In the reader's language what was told in English before: by a worker, or on disk.

    The template is found by its pattern; what has none stays as it is.
    """
    texts = _texts()
    if not text or not texts or len(text) > _LONGEST_TEXT:
        return text
    if text in texts:
        return texts[text]
    if len(text) <= _LONGEST and (found := _recognised(text, _spoken.get())):
        template, values = found
        told = {name: str(_apart(_again_inside(value))) for name, value in values}
        return _NAME.sub(lambda name: told.get(name[1], name[0]), texts[template])
    sentences = _SENTENCES.split(text)
    if len(sentences) == 1:
        return text
    return joined(*map(again, sentences))


def _again_inside(value: str) -> str:
    """A value of a text: told again where it is a sentence; a class may well be called "Test"."""
    return again(value) if value.endswith((".", "!", "?")) else value


def joined(*sentences: str) -> str:
    """Sentences one behind another, as the language spoken writes them; empty ones are left out.

    One that stayed English keeps the space behind it.
    """
    space, written = _locale().space, ""
    for each in filter(None, sentences):
        gap = space or (" " if written[-1:].isascii() else "")
        written += gap + each if written else each
    return written


def listed(things: Iterable[str]) -> str:
    """Things one behind another: "crab, fish"."""
    return _locale().comma.join(things)


def wanted(accepted: str) -> str:
    """The language for a browser.

    Args:
        accepted: Its header Accept-Language: "zh-TW,zh;q=0.9,en;q=0.8". Source: RFC 9110, 12.5.4.
    """
    asked = list[tuple[float, str]]()
    for each in accepted.lower().split(","):
        tag, _, quality = each.partition(";")
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", quality)
        asked.append((float(weight[1]) if weight else 1.0, tag.strip()))
    for liked, tag in sorted(asked, key=lambda each: -each[0]):
        for locale in locales().values():
            known = any(tag == one or tag.startswith(f"{one}-") for one in locale.browsers)
            if liked and known:
                return locale.code
    return ENGLISH


def _locale() -> Locale:
    return locales().get(_spoken.get()) or locales()[ENGLISH]


def _texts() -> Mapping[str, str]:
    return _locale().texts


def _apart(value: object) -> object:
    """A value that orders only itself: where it is written from right to left, it is set apart.

    Else the full stop behind an Arabic name would stand before it, and numbers would change places.
    Source: Unicode Standard Annex 9, "Unicode Bidirectional Algorithm", explicit isolates.
    """
    if not isinstance(value, str) or value.isascii():
        return value
    if not any(unicodedata.bidirectional(each) in _FROM_RIGHT for each in value):
        return value
    return f"{_FIRST_STRONG_ISOLATE}{value}{_POP_ISOLATE}"


def _filled(text: str, values: Mapping[str, object]) -> str:
    return text.format(**values) if values else text


@lru_cache(4096)
def _recognised(text: str, language: str) -> tuple[str, Sequence[tuple[str, str]]] | None:
    """The template that a text was made of, with the values in it; the most telling first."""
    for pattern, template in _patterns(language):
        if found := pattern.fullmatch(text):
            return template, tuple(found.groupdict().items())
    return None


@cache
def _patterns(language: str) -> Sequence[tuple[re.Pattern[str], str]]:
    made = list[tuple[int, re.Pattern[str], str]]()
    for template in locales()[language].texts:
        if not _NAME.search(template):
            continue
        letters = sum(sign.isalpha() for sign in _NAME.sub("", template))
        if letters >= _LETTERS:
            made.append((letters, re.compile(_pattern(template), re.DOTALL), template))
    made.sort(key=lambda each: -each[0])
    return [(pattern, template) for _, pattern, template in made]


def _pattern(template: str) -> str:
    """A regular expression for what a template makes; no value goes on into a further sentence."""
    made, end, known = "", 0, set[str]()
    for name in _NAME.finditer(template):
        made += re.escape(template[end : name.start()])
        again_there = name[1] in known
        made += f"(?P={name[1]})" if again_there else rf"(?P<{name[1]}>(?:(?!\. [A-Z“]).)*?)"
        known.add(name[1])
        end = name.end()
    return made + re.escape(template[end:])
