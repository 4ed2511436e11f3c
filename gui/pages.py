"""The page once for each language, and what launching them needs."""

from pathlib import Path
from typing import Any

import gradio as gr
import plotly
from starlette.middleware import Middleware

from gui import server
from gui.core.site import Site
from gui.core.workspace import Workspace
from gui.page import Page
from gui.patience import Patience
from gui.quick_blocks import QuickBlocks
from gui.sessions import Sessions
from gui.steps import home
from gui.theme import theme
from gui.words import ENGLISH, locales, speaking

_ASSETS = Path(__file__).resolve().parents[1] / "assets"
_PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
# Gradio looks for queued events 1,000 times a second and for progress 100 times: 3 % of a core, day
# and night. On Windows it looks as seldom as this.
_QUEUE_LOOK_S = 0.05
_PROGRESS_LOOK_S = 0.1
_LARGEST_UPLOAD_BYTES = 4 * 2**30  # one zip; folders come in small parts
_QUIET_S = 30.0  # an upload of which nothing more comes is given up
_RESERVE_BYTES = 500 * 10**6  # stays free for the trainings of everybody


class Pages:
    """One page a language, all in one program.

    Attributes:
        blocks: What Gradio launches. English is at "/", any other at "/<code>".
        spoken: Each language's page by its code.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self.spoken: dict[str, Page] = {}
        with QuickBlocks(title="Freezepoint", delete_cache=(3600, 86400)) as self.blocks:
            for code, locale in locales().items():
                if code != ENGLISH:
                    # As Blocks.route does, but that makes all of Gradio's routes once more.
                    self.blocks.pages.append((code, locale.name, False))
                    self.blocks.current_page = code
                with speaking(code):
                    self.spoken[code] = Page(site, self.blocks)
        # As queue(api_open=False) does, but that makes all of Gradio's routes once more.
        self.blocks.api_open = False
        self.blocks._queue.sleep_when_free = _QUEUE_LOOK_S
        self.blocks._queue.progress_update_sleep_when_free = _PROGRESS_LOOK_S

    def serve_downloads(self, app: Any) -> None:  # noqa: ANN401 - what launch returns
        """Let people download their models from the running app, and remember little of tabs."""
        app.state_holder = Sessions(self.blocks)
        server.serve_downloads(app, self._site.workspace, home.DOWNLOADS)


def launch_options(workspace: Workspace) -> dict[str, Any]:
    """What ``launch`` needs for the page: theme, styles, scripts; nothing from elsewhere."""
    workspace.uploads.mkdir(parents=True, exist_ok=True)
    reserve = Middleware(server.Reserve, workspace=workspace, reserve_bytes=_RESERVE_BYTES)
    patience = Middleware(Patience, quiet_s=_QUIET_S)
    gr.set_static_paths([_PLOTLY])
    return {
        "theme": theme(),
        "css_paths": [_ASSETS / "page.css"],
        "head": f'<script src="gradio_api/file={_PLOTLY}" defer></script>',
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
            "middleware": [patience, reserve, Middleware(server.Language)],
        },
        "quiet": True,
    }
