"""Start Freezepoint: read arguments and environment, open the workspace, show the page."""

import argparse
import os
import sys
import tempfile
import time
import webbrowser
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui import __version__, stubs
from gui.core import accounts, flowers, heap, host, interpreter, limits, notices
from gui.core.accounts import Accounts
from gui.core.errors import FreezepointError, RunError, SettingError
from gui.core.executor import Executor
from gui.core.host import Host
from gui.core.housekeeping import ROUND_S, Housekeeping
from gui.core.jobs import Jobs
from gui.core.quota import Quota
from gui.core.site import Site
from gui.core.workspace import Workspace
from gui.ending import Ending
from gui.watch import lines

if TYPE_CHECKING:
    from gui.pages import Pages

_HERE = Path(__file__).resolve().parent


def main() -> int:
    """Serve the page until Ctrl+C; returns the exit code."""
    heap.keep_small()
    chosen = _arguments()
    if chosen.log_format:
        lines.write(chosen.log_format)
    try:
        workspace = Workspace(chosen.workspace.resolve(), Quota(limits.read(chosen)))
        with workspace.hold():
            return _serve(workspace, chosen)
    except FreezepointError as error:
        notices.tell(notices.NotOpened(error.kind, f"{error.what} {error.hint}"))
        if not chosen.log_format:
            print(f"{error.what} {error.hint}", file=sys.stderr)  # noqa: T201
        return 1


def _arguments() -> argparse.Namespace:
    on_space = bool(host.read(os.environ).space)
    everywhere = os.environ.get("GRADIO_SERVER_NAME", "0.0.0.0")  # as a Space sets it
    parser = argparse.ArgumentParser(description="Train an image classifier in the browser.")
    parser.add_argument("--host", default=everywhere if on_space else "127.0.0.1")
    parser.add_argument("--port", type=int, default=os.environ.get("GRADIO_SERVER_PORT", "7860"))
    parser.add_argument("--no-browser", action="store_true", default=on_space)
    parser.add_argument(
        "--workspace",
        type=Path,
        default=_workspace(on_space=on_space),
        help="where everything is kept (also FREEZEPOINT_WORKSPACE)",
    )
    _add_training_flags(parser)
    limits.add_flags(parser, os.environ, space=on_space)
    parser.add_argument(
        "--auth",
        type=Path,
        metavar="FILE",
        help="a list of who may sign in, “name: password” a line, or one password for everybody "
        "(also the list itself in FREEZEPOINT_AUTH)",
    )
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="a further name of this computer that the page may be opened by, as behind a proxy",
    )
    _add_watch_flags(parser)
    return parser.parse_args()


def _add_training_flags(parser: argparse.ArgumentParser) -> None:
    named = os.environ.get("FREEZEPOINT_WEIGHTS")
    parser.add_argument("--jobs", type=int, default=1, help="trainings at the same time")
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path(named) if named else None,
        help="file with VGG16's weights (also FREEZEPOINT_WEIGHTS); looked for when not given",
    )
    parser.add_argument(
        "--flowers",
        metavar="ADDRESS",
        default=os.environ.get("FREEZEPOINT_FLOWERS", flowers.ADDRESS),
        help="where the sample of flowers is downloaded from (also FREEZEPOINT_FLOWERS)",
    )
    parser.add_argument(
        "--cluster",
        metavar="SCHEDULER",
        help="train on the computers of a Dask cluster, as tcp://scheduler:8786",
    )
    parser.add_argument(
        "--storage",
        metavar="ADDRESS",
        default="",
        help="what those computers get a training from, as s3://bucket/folder; when not given, "
        "they all see the workspace at the same path",
    )


def _add_watch_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("for who runs it")
    group.add_argument(
        "--metrics",
        type=int,
        metavar="PORT",
        help="show figures for Prometheus at http://127.0.0.1:PORT/metrics, to this computer only",
    )
    group.add_argument(
        "--log-format",
        choices=lines.FORMS,
        help="write what matters on standard error, a line each; nobody's name is in it",
    )


def _accounts(listed: Path | None) -> Accounts | None:
    """Who may come in; None for everybody."""
    if listed is None:
        text = os.environ.pop("FREEZEPOINT_AUTH", "")  # no worker inherits it
        return accounts.read(text) if text.strip() else None
    try:
        return accounts.read(listed.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"The list of who may sign in can't be read: {listed}.",
            "Name a text file in UTF-8 with --auth.",
        ) from error


def _workspace(*, on_space: bool) -> Path:
    """Beside the program; on a Space whose files can't be changed, where they can."""
    if named := os.environ.get("FREEZEPOINT_WORKSPACE"):
        return Path(named)
    if on_space and not os.access(_HERE, os.W_OK):
        return Path(tempfile.gettempdir()) / "freezepoint"
    return _HERE / ".workspace"


def _serve(workspace: Workspace, chosen: argparse.Namespace) -> int:
    workspace.clear_temp()
    tempfile.tempdir = str(workspace.temp)
    known = _accounts(chosen.auth)
    # Read by Gradio when it is imported.
    os.environ["GRADIO_TEMP_DIR"] = str(workspace.uploads)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    stubs.leave_out()
    from gui import starting
    from gui.pages import Pages, launch_options

    most = workspace.quota.limits.all_queued
    executor = _executor(chosen)
    jobs = Jobs(workspace.logs, chosen.weights, chosen.jobs, time.time, most, executor)
    samples, place = _HERE / "assets" / "samples", _host(workspace, chosen)
    site = Site(workspace, jobs, samples, time.time, place, chosen.flowers)
    pages = Pages(site, signs_in=known is not None)
    ending = Ending()
    shut = _show_figures(workspace, jobs, chosen)
    starting.be_patient()
    options = launch_options(site, accounts=known, names=tuple(chosen.name))
    address = _launch(pages, chosen, options)
    if chosen.log_format:
        lines.take_over()
    notices.tell(
        notices.Opened(__version__, chosen.port, chosen.jobs, chosen.public, known is not None)
    )
    print(f"Freezepoint is open at {address} (Ctrl+C ends it).", flush=True)  # noqa: T201
    jobs.open(workspace.runs())
    if not chosen.no_browser:
        webbrowser.open(address)
    _wait(ending, workspace)
    left = jobs.close()
    shut()
    pages.blocks.close(verbose=False)
    notices.tell(notices.Closed(left))
    if left:
        print(  # noqa: T201
            f"{left} training goes on by itself; start the app again to see it.", flush=True
        )
    return 0


def _launch(pages: "Pages", chosen: argparse.Namespace, options: Mapping[str, Any]) -> str:
    """Open the page; returns its address."""
    try:
        _, address, _ = pages.blocks.launch(
            server_name=chosen.host,
            server_port=chosen.port,
            prevent_thread_lock=True,
            **options,
        )
    except (OSError, OverflowError) as error:
        raise RunError(
            f"Port {chosen.port} on {chosen.host} can't be used: another program has it.",
            f"Try another one: python app.py --port {chosen.port + 1}",
        ) from error
    return str(address)


def _executor(chosen: argparse.Namespace) -> Executor | None:
    """The cluster that is to train; None for this computer."""
    if not chosen.cluster:
        if chosen.storage:
            raise SettingError("--storage is for a cluster.", "Name its scheduler with --cluster.")
        return None
    try:
        from gui.cluster.executor import Cluster
    except ImportError as error:
        raise SettingError(
            f"A cluster needs a package that isn't installed ({error.name}).",
            'Install it: .venv/bin/pip install "distributed>=2026.8,<2027"',
        ) from error
    cluster = Cluster(chosen.cluster, chosen.storage, chosen.weights)
    print(f"{cluster.computers} computers are in the cluster.", flush=True)  # noqa: T201
    return cluster


def _show_figures(
    workspace: Workspace, jobs: Jobs, chosen: argparse.Namespace
) -> Callable[[], None]:
    """Show them where that is asked for; returns what ends it."""
    port = chosen.metrics
    if port is None:
        return lambda: None
    if port == chosen.port:
        raise SettingError(
            f"The page itself is to be on port {port}.", "Name another one with --metrics."
        )
    try:
        from gui.watch.figures import Figures
        from gui.watch.serving import serve
    except ImportError as error:
        raise SettingError(
            "The figures need the package prometheus-client, which isn't installed.",
            "Run: pip install -r requirements.txt",
        ) from error
    return serve(Figures(workspace, jobs), port)


def _host(workspace: Workspace, chosen: argparse.Namespace) -> Host:
    """What kind of computer it is; its folder is named only to who sits at it."""
    alone = not chosen.public and chosen.host in ("127.0.0.1", "::1", "localhost")
    return replace(host.read(os.environ), folder=str(workspace.root) if alone else "")


def _wait(ending: Ending, workspace: Workspace) -> None:
    """Until the end; what is abandoned or due is deleted meanwhile."""
    keeping = Housekeeping(workspace)
    keeping.round()
    while not ending.wait(ROUND_S):
        keeping.round()


if __name__ == "__main__":
    interpreter.have_streams()
    interpreter.start_anew(interpreter.for_utf_8())
    sys.exit(main())
