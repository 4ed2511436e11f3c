"""Everything of one person is deleted while they train, upload and have forms made.

Starts the real app. One person trains and uploads at the moment when everything is to be deleted,
another has four forms of a finished training made. Looks whether the worker is gone, whether
anything is left in the workspace then and three seconds later, whether the old token still shows
anything, and whether a stranger has all of theirs and can train. Prints the seconds that it took;
exits with 1 when something is left.

    python tests/faults/everything_of_mine.py [--port 7822]
"""

import argparse
import sys
import threading
import time
from contextlib import suppress

import running
import visiting

_LATER_S = 3.0
_FORMS = ("keras", "onnx", "project", "report")


def main() -> int:
    """Run it; 1 when something is left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    problems = []
    with running.App("--public", port=parser.parse_args().port) as app:
        visiting.held_against(app)
        stranger = _visitor(app)
        stranger.chooses(visiting.pictures(2, 6))
        for delete in (while_training_and_uploading, while_forms_are_made):
            problems += [f"{delete.__name__}: {each}" for each in delete(app)]
        stranger.starts(epochs=1, image_size=64)
        ended = stranger.waits_for_the_end()
        if ended.state != "finished":
            problems.append(f"the stranger's training is {ended.state}")
    print("\n".join(problems) if problems else "nothing is left")
    return 1 if problems else 0


def while_training_and_uploading(app: running.App) -> list[str]:
    """The training's worker ends, the upload is refused."""
    someone, refused = _visitor(app), list[str]()
    someone.chooses(visiting.pictures(2, 6))
    someone.starts(epochs=400, image_size=64)
    running.wait_for(lambda: len(someone.history.epochs) > 1, 300)
    worker = app.worker("worker-1")
    other_tab = visiting.Visitor(app, someone.token)
    sent = other_tab.uploads(visiting.pictures(2, 400))

    def upload() -> None:
        try:
            other_tab.does(other_tab.page.pictures.drop, "uploaded", sent)
        except visiting.RefusedError as error:
            refused.append(str(error))

    uploading = threading.Thread(target=upload)
    uploading.start()
    sets = someone.owner.path / "datasets"
    running.wait_for(lambda: len(list(sets.iterdir())) > 1, 60, 0.01)
    problems = _deleted(app, someone)
    uploading.join()
    if worker is not None and running.is_alive(worker):
        problems.append("its worker is alive")
    if not refused or "is deleted" not in refused[0]:
        problems.append(f"the upload was told {refused}")
    return problems


def while_forms_are_made(app: running.App) -> list[str]:
    """What the workshop is at ends; what waits for it is never made."""
    someone = _visitor(app)
    someone.chooses(visiting.pictures(2, 6))
    someone.starts(epochs=1, image_size=64)
    someone.waits_for_the_end()
    exports = someone.owner.open_run.exports
    for form in _FORMS:
        part = next(iter(someone.page.home.groups.values()))
        someone.does(part, "picked", told={"id": form})
    running.wait_for(lambda: exports.is_dir() and any(exports.iterdir()), 120, 0.05)
    return _deleted(app, someone)


def _visitor(app: running.App) -> visiting.Visitor:
    made = visiting.Visitor(app)
    made.arrives()
    return made


def _deleted(app: running.App, someone: visiting.Visitor) -> list[str]:
    """Delete everything of theirs; what is left of it."""
    folder, kept = someone.owner.path, someone.page.runs.kept
    began = time.monotonic()
    told = someone.does(kept.delete, "click")[kept.done]
    print(f"{time.monotonic() - began:.1f} s: {told}")
    problems = [] if "Nothing of yours is left here." in str(told) else [f"it was told {told!r}"]
    until = time.monotonic() + _LATER_S
    while time.monotonic() < until:
        if folder.exists():
            problems.append(f"{running.files_below(folder)} files and bytes are back")
            break
        time.sleep(0.05)
    aside = running.files_below(app.workspace / "deleted")
    if aside != (0, 0):
        problems.append(f"{aside} files and bytes are set aside")
    with suppress(visiting.RefusedError):
        shown = someone.does(someone.page.kept, "click")
        problems.append(f"the old token still shows {len(shown)} parts")
    return problems


if __name__ == "__main__":
    sys.exit(main())
