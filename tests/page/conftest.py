"""The running page, without the engine, and people in front of it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client

from gui.core.jobs import Jobs
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.workspace import Workspace
from tests.page.visitors import Visitor, train

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    root = tmp_path_factory.mktemp("workspace")
    jobs = Jobs(root / "logs", None, 1, lambda: 100.0)  # its queue works without workers
    return Site(Workspace(root), jobs, SAMPLES, lambda: 100.0)


@pytest.fixture(scope="module")
def pages(site: Site, port) -> Iterator[Any]:
    """The running page in every language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(site.workspace.uploads))
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        from gui.pages import Pages, launch_options

        made = Pages(site)
        options = launch_options(site)
        made.blocks.launch(server_port=port(), prevent_thread_lock=True, **options)
        yield made
        made.blocks.close(verbose=False)


@pytest.fixture(scope="module")
def page(pages: Any) -> Any:
    """The page in English."""
    return pages.spoken["en"]


@pytest.fixture
def visitor(page, site: Site) -> Callable[[], Visitor]:
    return lambda: Visitor(page, Client(page.blocks.local_url, verbose=False), site)


@pytest.fixture
def trained(visitor, site: Site) -> tuple[Visitor, Run]:
    """A visitor with the sample pictures and a run that is done."""
    someone = visitor()
    return someone, train(someone, site)
