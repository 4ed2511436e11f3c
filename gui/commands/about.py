"""What the commands share that write about a training."""

from pathlib import Path

from gui.core import runs, take_home


def write(form: str, folder: Path, to: Path | None) -> int:
    """Write a form of ``gui.sharing.about`` and print where it is.

    Args:
        form: Its id.
        folder: The run's.
        to: The file; None for the run's own place for it.
    """
    run = runs.find(folder)
    from gui.sharing import about

    if to is None:
        about.make(run, form, _unheard)
        to = take_home.file(run, form)
    else:
        about.write(run, form, to, _unheard)
    print(to)  # noqa: T201
    return 0


def _unheard(done: int, total: int) -> None:
    """Nobody waits long for these."""
    del done, total
