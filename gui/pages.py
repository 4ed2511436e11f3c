"""The page once for each language, and what launching them needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import plotly
from starlette.middleware import Middleware

from gui import server
from gui.core.accounts import Accounts
from gui.core.site import Site
from gui.doors.asking import Place
from gui.doors.front import Front
from gui.doors.rates import Limits
from gui.page import Page
from gui.patience import Patience
from gui.printed import Printed
from gui.quick_blocks import QuickBlocks
from gui.sessions import Sessions
from gui.steps import home
from gui.theme import theme
from gui.words import ENGLISH, locales, speaking

_ASSETS = Path(__file__).resolve().parents[1] / "assets"
_PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
_CHARTS: Final = "freezepoint/charts.js"  # relative to the page
# Gradio looks for queued events 1,000 times a second and for progress 100 times: 3 % of a core, day
# and night. On Windows it looks as seldom as this.
_QUEUE_LOOK_S = 0.05
_PROGRESS_LOOK_S = 0.1
_LARGEST_UPLOAD_BYTES = 4 * 2**30  # one zip; folders come in small parts
# An upload is given up when nothing more of it comes, or for long hardly anything: of a school's
# line of 1 Mbit/s each of thirty pupils who send three requests at once has 1,400 bytes a second.
_QUIET_S = 30.0
_SLOWEST_BYTES_A_SECOND = 250.0
_STORE_S = 90.0
_RESERVE_BYTES = 500 * 10**6  # stays free for the trainings of everybody


class Pages:
    """One page a language, all in one program.

    Attributes:
        blocks: What Gradio launches. English is at "/", any other at "/<code>".
        spoken: Each language's page by its code.
    """

    def __init__(self, site: Site, *, signs_in: bool = False) -> None:
        self.spoken: dict[str, Page] = {}
        with QuickBlocks(title="Freezepoint", delete_cache=(3600, 86400)) as self.blocks:
            for code, locale in locales().items():
                if code != ENGLISH:
                    # As Blocks.route does, but that makes all of Gradio's routes once more.
                    self.blocks.pages.append((code, locale.name, False))
                    self.blocks.current_page = code
                with speaking(code):
                    self.spoken[code] = Page(site, self.blocks, signs_in=signs_in)
        # As queue(api_open=False) does, but that makes all of Gradio's routes once more.
        self.blocks.api_open = False
        self.blocks._queue.sleep_when_free = _QUEUE_LOOK_S
        self.blocks._queue.progress_update_sleep_when_free = _PROGRESS_LOOK_S


def launch_options(
    site: Site, *, accounts: Accounts | None = None, names: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What ``launch`` needs for the page: theme, styles, scripts, doors; nothing from elsewhere.

    Args:
        site: What the page shows.
        accounts: Who may come in; None for everybody.
        names: Further names that this computer is asked for by.
    """
    workspace = site.workspace
    workspace.uploads.mkdir(parents=True, exist_ok=True)
    place = Place(space=bool(site.host.space), names=names)
    front = Front(workspace, place, accounts, Limits(), site.clock)
    files = server.Files(workspace, _LARGEST_UPLOAD_BYTES, _PLOTLY)

    @asynccontextmanager
    async def opened(app: Any) -> AsyncIterator[None]:  # noqa: ANN401 - Gradio's app
        """Before the first request: our routes, and the doors before all that Gradio adds."""
        files.serve(app, home.DOWNLOADS, _CHARTS)
        app.state_holder = Sessions(app.get_blocks())  # remembers little of tabs
        # Starlette's own limit is in the stack, too, but says nothing that people understand.
        kept = server.Reserve(
            app.middleware_stack, workspace, _RESERVE_BYTES, _LARGEST_UPLOAD_BYTES
        )
        app.middleware_stack = Patience(
            front.before(kept), _QUIET_S, _SLOWEST_BYTES_A_SECOND, _STORE_S
        )
        yield

    return _options(opened)


def _paths() -> list[str]:
    """Where the page is, in each language."""
    return ["/" if code == ENGLISH else f"/{code}" for code in locales()]


def _options(opened: Any) -> dict[str, Any]:  # noqa: ANN401 - for Gradio
    return {
        "theme": theme(),
        "css_paths": [_ASSETS / "page.css"],
        "head": f'<script src="{_CHARTS}" defer></script>',
        "favicon_path": str(_ASSETS / "favicon.svg"),
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
        "max_file_size": _LARGEST_UPLOAD_BYTES,
        "app_kwargs": {
            "max_body_size": _LARGEST_UPLOAD_BYTES + 2**20,  # and the form around the file
            "middleware": [Middleware(server.Language), Middleware(Printed, paths=_paths())],
            "lifespan": opened,
        },
        "quiet": True,
        # Else Gradio asks itself for the page, and gives up where that takes more than 3 s.
        "_frontend": False,
    }
