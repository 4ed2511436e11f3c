"""A full disk at every moment of the journey: what the page says, and what is left of the work.

The workspace of the real app lies on a file system of its own in memory, which is made smaller
until nothing more fits, each time at another moment: during an upload, unpacking, caching, a
checkpoint, an event, an evaluation, each export, an edit, the making of a run; with no file left
to be made (inodes), and read-only. Each time it has to say so in a sentence with a remedy, leave
the checkpoint of before loadable, leave and offer no half file, and go on when there is room again.

    python tests/faults/full_disk.py [--only checkpoint,export] [--port 7840]

Prints a line for each moment and ends with 1 when one breaks the promise. It needs Linux and root,
to mount the file system; without them it says so and ends with 2.
"""

import argparse
import io
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import journey
import running
import visiting
from visiting import RefusedError, Visitor

from gui.core import downloads, take_home
from gui.core.forms import FORMS
from gui.core.runs import Run
from gui.engine import arrays

_SIZE_BYTES = 8 * 10**9  # in memory, but only what is used of it
_MB = 10**6
_SIZE_PX = 64
_DISK_WORDS = re.compile(r"disk|room")
_REMEDY = re.compile(r"[Ff]ree some space|[Cc]hoose|[Ll]ook at the disk")
_HALF = re.compile(r".*\.part$|\.part-|tmp|\.opening-|\.deleted-")


@dataclass
class Verdict:
    """What came of one moment."""

    moment: str
    said: str
    checkpoint: str = "-"
    half: str = "none"
    again: str = "works"
    needs_room: bool = True

    @property
    def kept(self) -> bool:
        """Whether the promise was: a sentence, or nothing wrong where no room is needed."""
        told = bool(_DISK_WORDS.search(self.said) and _REMEDY.search(self.said))
        whole = self.checkpoint in ("-", "loads") and self.half == "none" and self.again == "works"
        return whole and (told if self.needs_room else not self.said)

    def show(self) -> None:
        """Print it."""
        print(
            f"{'ok    ' if self.kept else 'BROKEN'} {self.moment:<26} | checkpoint: "
            f"{self.checkpoint:<8} | half files: {self.half} | again: {self.again}\n"
            f"       {self.said or '(no complaint)'}",
            flush=True,
        )


class Disk:
    """A file system in memory that can be as full as one likes, at once."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder = folder
        self._more = more

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Have it."""
        self.folder.mkdir(exist_ok=True)
        options = f"size={_SIZE_BYTES},mode=0777{self._more}"
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "freezepoint", self.folder], check=True
        )
        try:
            yield
        finally:
            subprocess.run(["umount", "-l", self.folder], check=True)

    def leave(self, free_bytes: int) -> None:
        """Let so much, and no more, be free of it."""
        for _ in range(50):  # what is written meanwhile makes it need more
            told = os.statvfs(self.folder)
            used = (told.f_blocks - told.f_bfree) * told.f_frsize
            if self._remount(f"size={max(used + free_bytes, 1)}"):  # 0 would be without an end
                return
        raise RuntimeError("the file system can't be made that small")

    @property
    def free_bytes(self) -> int:
        """How much is free."""
        told = os.statvfs(self.folder)
        return told.f_bfree * told.f_frsize

    def make_room(self) -> None:
        """Let there be room again."""
        self._remount(f"size={_SIZE_BYTES}")

    def leave_files(self, number: int | None) -> None:
        """Let so many files, and no more, be made; None for as many as one likes."""
        told = os.statvfs(self.folder)
        used = told.f_files - told.f_ffree
        self._remount(f"nr_inodes={10**6 if number is None else used + number}")

    def _remount(self, option: str) -> bool:
        command = ["mount", "-o", f"remount,{option}", self.folder]
        return subprocess.run(command, capture_output=True).returncode == 0


class Trial:
    """The app on such a disk, and one visitor."""

    def __init__(self, app: running.App, disk: Disk) -> None:
        self.app, self.disk = app, disk
        self.someone = Visitor(app)
        self.someone.arrives()
        self._known: set[Path] = set()

    def newcomer(self) -> Visitor:
        """Another person; the one of before is left."""
        self.someone.leaves()
        self.someone = Visitor(self.app)
        self.someone.arrives()
        return self.someone

    @property
    def run(self) -> Run:
        found = self.someone.owner.open_run
        if found is None:
            raise RuntimeError("no training is open")
        return found

    def said(self, most_s: float = 30.0) -> str:
        """What the page says about the open training when that has failed, or hangs."""

        def failed() -> str:
            shown = self.someone.glances()
            line = shown.get(self.someone.page.train.line)
            if isinstance(line, dict) and line.get("state") in ("failed", "stopped", "done"):
                return f"{line['text']} {line['detail']}"
            problem = isinstance(line, dict) and _DISK_WORDS.search(str(line))
            return f"{line['text']} {line['detail']}" if problem else ""

        try:
            return running.wait_for(failed, most_s)
        except TimeoutError:
            return f"(still: {self.someone.glances().get(self.someone.page.train.line)})"

    def half_files(self) -> str:
        """What lies about that nobody will ever finish, in workspace and temp folder; each once."""
        found = []
        for path in [*self.app.workspace.rglob("*"), *self.app.temp.rglob("*")]:
            if _HALF.match(path.name) and path not in self._known:
                with suppress(TimeoutError):  # a worker that measures the machine has its own
                    running.wait_for(lambda path=path: not path.exists(), 10)
                    continue
                self._known.add(path)
                found.append(f"{path.parent.name}/{path.name}")
        return ", ".join(found) or "none"


def checkpoint_of(run: Run) -> str:
    """Whether what is there to go on from can be loaded."""
    for path in (run.checkpoint, run.best):
        if path.exists() and not arrays.is_sound(path):
            return f"{path.name} is damaged"
    return "loads" if run.checkpoint.exists() else "is gone"


def refusal(call: Callable[[], object]) -> str:
    """What the page says instead of doing something; "" when it does it."""
    try:
        call()
    except RefusedError as error:
        return re.sub(r"<[^>]+>", " ", str(error)).strip()
    return ""


def attempt(call: Callable[[], object]) -> str:
    """Whether something works now."""
    return refusal(call) or "works"


# ---- the moments -------------------------------------------------------------------------------


def upload_announced(trial: Trial) -> Iterator[Verdict]:
    """Full before an upload, which tells how large it is."""
    someone, files = trial.newcomer(), visiting.pictures(2, 8)
    trial.disk.leave(10 * _MB)
    said = refusal(lambda: someone.chooses(files))
    half = trial.half_files()
    trial.disk.make_room()
    yield Verdict("upload, before", said, half=half, again=attempt(lambda: someone.chooses(files)))


def upload_meanwhile(trial: Trial) -> Iterator[Verdict]:
    """Full in the middle of an upload."""
    someone = trial.newcomer()
    for left, name in ((200 * _MB, "upload, less than kept"), (0, "upload, to the last byte")):
        answer = _broken_upload(trial, left)
        half = trial.half_files()
        trial.disk.make_room()
        again = attempt(lambda: someone.chooses(visiting.pictures(2, 8)))
        yield Verdict(name, f"{answer.status_code}: {answer.text}", half=half, again=again)


def _broken_upload(trial: Trial, left: int) -> httpx.Response:
    def body() -> Iterator[bytes]:
        yield b'--xx\r\nContent-Disposition: form-data; name="files"; filename="a.zip"\r\n\r\n'
        for number in range(40):
            if number == 10:
                time.sleep(0.5)
                trial.disk.leave(left)
            yield secrets.token_bytes(_MB // 2)
        yield b"\r\n--xx--\r\n"

    kind = {"Content-Type": "multipart/form-data; boundary=xx", **trial.someone.sender}
    return httpx.post(
        f"{trial.app.address}/gradio_api/upload", content=body(), headers=kind, timeout=60
    )


def unpacking(trial: Trial) -> Iterator[Verdict]:
    """Full while a zip is unpacked."""
    someone, packed = trial.newcomer(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for rel, content in visiting.pictures(2, 400, 256):
            archive.writestr(rel, content)
    files = [("things.zip", packed.getvalue())]
    manifest = someone.uploads(files)
    trial.disk.leave(4 * _MB)
    said = refusal(lambda: someone.does(someone.page.pictures.drop, "uploaded", manifest))
    half, left = trial.half_files(), [*someone.owner.path.glob("datasets/*")]
    trial.disk.make_room()
    again = attempt(lambda: someone.chooses(files))
    half = ", ".join(each.name for each in left) if left else half
    yield Verdict("unpacking a zip", said, half=half, again=again)


def taking(trial: Trial) -> Iterator[Verdict]:
    """Full between an upload and what becomes of it."""
    someone = trial.newcomer()
    manifest = someone.uploads(visiting.pictures(2, 20))
    trial.disk.leave(0)
    said = refusal(lambda: someone.does(someone.page.pictures.drop, "uploaded", manifest))
    half, left = trial.half_files(), [*someone.owner.path.glob("datasets/*")]
    trial.disk.make_room()
    half = ", ".join(each.name for each in left) if left else half
    again = attempt(lambda: someone.chooses(visiting.pictures(2, 20)))
    yield Verdict("taking what was sent", said, half=half, again=again)


def editing(trial: Trial) -> Iterator[Verdict]:
    """Full when a class is renamed, and when the desk changes."""
    someone = trial.newcomer()
    someone.chooses(visiting.pictures(2, 12))
    step, classes = (
        someone.page.pictures,
        lambda: [each.name for each in someone.owner.open_dataset.classes],
    )
    before = classes()
    trial.disk.leave(0)

    def rename() -> object:
        return someone.does(
            step.table, "edited", told={"kind": "rename", "name": before[0], "to": "new"}
        )

    said = refusal(rename)
    half = trial.half_files() if classes() == before else f"classes are {classes()}"
    trial.disk.make_room()
    again = attempt(rename) if "new" not in classes() else "it was renamed all the same"
    yield Verdict("renaming a class", said, half=half, again=again)
    seed = someone.page.train.settings["seed"]
    trial.disk.leave(0)
    said = refusal(lambda: someone.does(seed, "change", *_in_order(someone, seed, seed=7)))
    half = trial.half_files() if someone.owner.desk.seed == 0 else "the desk is another"
    trial.disk.make_room()
    again = attempt(lambda: someone.does(seed, "change", *_in_order(someone, seed, seed=7)))
    again = again if someone.owner.desk.seed == 7 else f"seed {someone.owner.desk.seed}"
    yield Verdict("saving the desk", said, half=half, again=again)


def _in_order(someone: Visitor, part: Any, **changed: object) -> list[object]:
    index = someone.index(part, "change")
    names = {each._id: name for name, each in someone.page.train.settings.items()}
    given = someone.functions[index].inputs[1:]
    return [changed.get(names.get(each._id, ""), each.value) for each in given]


def starting(trial: Trial) -> Iterator[Verdict]:
    """Full when Start is pressed."""
    someone = trial.newcomer()
    someone.chooses(visiting.pictures(2, 12))
    trial.disk.leave(0)
    said = refusal(lambda: someone.starts(epochs=1, image_size=_SIZE_PX))
    left, half = [*someone.owner.path.glob("runs/*")], trial.half_files()
    trial.disk.make_room()
    half = f"runs {left}" if left else half
    again = attempt(lambda: someone.starts(epochs=1, image_size=_SIZE_PX))
    ended = someone.waits_for_the_end()
    yield Verdict("making a run", said, half=half, again=again if ended.finished else ended.state)


def caching(trial: Trial) -> Iterator[Verdict]:
    """Full while the frozen part's work is kept."""
    someone = trial.newcomer()
    someone.chooses(visiting.pictures(3, 80))
    someone.starts(epochs=2, image_size=128)
    _wait(trial, lambda h: h.cache and h.cache.what == "caching" and h.cache.done)
    trial.disk.leave(0)
    yield _ended(trial, "caching", checkpoint=False)


def checkpoint(trial: Trial) -> Iterator[Verdict]:
    """Full while a checkpoint is written."""
    someone = trial.newcomer()
    someone.chooses(visiting.pictures(2, 12))
    someone.starts(epochs=60, image_size=_SIZE_PX, patience=0)
    _wait(trial, lambda h: len(h.epochs) > 3)
    trial.disk.leave(0)
    yield _ended(trial, "a checkpoint")


def events(trial: Trial) -> Iterator[Verdict]:
    """Full when nothing but events is written, and not even "it failed" can be."""
    someone = trial.newcomer()
    someone.chooses(visiting.pictures(2, 100))
    learning = {"freeze_point": "block1_conv1", "batch_size": 1, "patience": 0, "head_epochs": 1}
    someone.starts(epochs=2, image_size=_SIZE_PX, **learning)
    _wait(trial, lambda h: h.batch and h.epochs and h.batch.epoch > 1)
    trial.disk.leave(0)
    yield _ended(trial, "events", most_s=60)


def evaluating(trial: Trial) -> Iterator[Verdict]:
    """Full at the end of a training, when the best is checked and saved."""
    someone = trial.newcomer()
    someone.chooses(visiting.pictures(2, 60))
    learning = {"freeze_point": "block2_conv1", "patience": 0, "head_epochs": 1}
    someone.starts(epochs=2, image_size=_SIZE_PX, validation_share=0.5, **learning)
    _wait(trial, lambda h: h.cache and h.cache.what == "checking", 600)
    trial.disk.leave(0)
    yield _ended(trial, "evaluating")


def asked_later(trial: Trial) -> Iterator[Verdict]:
    """Full when a finished training is evaluated, and when more pictures are asked about."""
    someone = trial.someone = _trained(trial.app)
    run = trial.run
    run.evaluation("validation").unlink()
    results = someone.page.results
    trial.disk.leave(0)
    said = refusal(lambda: someone.does(results.ask, "click"))
    half, sound = trial.half_files(), checkpoint_of(run)
    left, needs_room = trial.disk.free_bytes, True
    if run.evaluation("validation").exists():
        said, needs_room = "", False  # it is small: what another has let go of was enough
        print(f"       (evaluating later: it was written all the same, {left} bytes are free)")
    trial.disk.make_room()
    again = attempt(lambda: someone.does(results.ask, "click"))
    again = again if run.evaluation("validation").exists() else "no evaluation"
    yield Verdict("evaluating later", said, sound, half, again, needs_room)
    more = results.more
    trial.disk.leave(0)
    said = refusal(lambda: someone.does(more.ask, "click"))
    half = trial.half_files() if not run.learning_curve.exists() else "a learning curve"
    trial.disk.make_room()
    again = attempt(lambda: someone.does(more.ask, "click"))
    yield Verdict("more pictures?", said, checkpoint_of(run), half, again)


_SMALL_FORMS = ("program-functional", "program-sequential", "card", "report", "project")


def export(trial: Trial) -> Iterator[Verdict]:
    """Full while each form is made."""
    someone = trial.someone = _trained(trial.app)
    run = trial.run
    for form in FORMS:
        trial.disk.leave(0 if form in _SMALL_FORMS else 5 * _MB)
        said = journey.makes(someone, form)
        half = trial.half_files()
        name = take_home.file(run, form).name
        if said and name in downloads.offered(run):
            half = f"{name} is offered"
        trial.disk.make_room()
        told = journey.makes(someone, form)
        again = "works" if name in downloads.offered(run) else told
        needs_room = form != "keras" or bool(said)  # it is there; only the check may want some
        yield Verdict(f"export: {form}", said, checkpoint_of(run), half, again, needs_room)


def no_files_left(trial: Trial) -> Iterator[Verdict]:
    """There is room, but not for one more file (inodes)."""
    someone = trial.newcomer()
    someone.chooses(visiting.pictures(2, 12))
    someone.starts(epochs=60, image_size=_SIZE_PX, patience=0)
    _wait(trial, lambda h: len(h.epochs) > 3)
    trial.disk.leave_files(0)
    verdict = _ended(trial, "no inodes, training", room=lambda: trial.disk.leave_files(None))
    yield verdict
    trial.disk.leave_files(3)
    said = refusal(lambda: someone.chooses(visiting.pictures(2, 12)))
    half = trial.half_files()
    trial.disk.leave_files(None)
    again = attempt(lambda: someone.chooses(visiting.pictures(2, 12)))
    yield Verdict("no inodes, upload", said, half=half, again=again)


def read_only(app: running.App) -> Iterator[Verdict]:
    """The workspace's disk has errors, so that Linux lets nothing be written to it any more."""
    someone = _trained(app)
    run = someone.owner.open_run
    subprocess.run(["mount", "-o", "remount,abort", app.workspace.parent], check=True)
    moments: dict[str, Callable[[], object]] = {
        "arriving": someone.arrives,
        "looking": someone.glances,
        "starting": lambda: someone.starts(epochs=1, image_size=_SIZE_PX),
        "renaming": lambda: someone.does(
            someone.page.pictures.table,
            "edited",
            told={"kind": "rename", "name": "kind 1", "to": "new"},
        ),
        "uploading": lambda: someone.chooses(visiting.pictures(2, 8)),
        "exporting": lambda: _refused_export(someone),
    }
    for name, call in moments.items():
        said, sound = refusal(call), checkpoint_of(run)
        yield Verdict(f"read-only, {name}", said, sound, needs_room=name not in _READS)


@contextmanager
def disk_that_breaks(place: Path) -> Iterator[Path]:
    """A folder on an ext4 file system in a file, which can be made to have errors."""
    image, folder = place / "image", place / "breaks"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(4 * 10**9)  # sparse
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    subprocess.run(["mount", "-o", "loop,errors=remount-ro", image, folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


_READS = ("arriving", "looking")


def _refused_export(someone: Visitor) -> None:
    if told := journey.makes(someone, "onnx"):
        raise RefusedError(told)


def system_temp(trial: Trial) -> Iterator[Verdict]:
    """The system's temporary folder is full, the workspace's disk is not: nothing is to fail."""
    small = Disk(trial.app.temp)
    with small.mounted():
        (trial.app.temp / "of others").write_bytes(b"x")
        small.leave(0)
        someone = trial.newcomer()
        said = refusal(lambda: someone.chooses(visiting.pictures(2, 12)))
        if not said:
            someone.starts(epochs=1, image_size=_SIZE_PX)
            ended = someone.waits_for_the_end()
            said = ended.failed.what if ended.failed else ""
        told = {
            form: journey.makes(someone, form) for form in ("keras", "savedmodel", "onnx", "report")
        }
        said = said or "; ".join(f"{form}: {each}" for form, each in told.items() if each)
        sound = checkpoint_of(trial.run)
        yield Verdict("system temp full", said, sound, needs_room=False)


def _trained(app: running.App) -> Visitor:
    someone = Visitor(app)
    someone.arrives()
    someone.chooses(visiting.pictures(2, 20))
    someone.starts(epochs=2, image_size=_SIZE_PX)
    ended = someone.waits_for_the_end()
    if not ended.finished:
        raise RuntimeError(f"the training didn't end: {ended}")
    return someone


def _wait(trial: Trial, found: Callable[[Any], object], most_s: float = 120) -> None:
    """Until the open training is where it is to be."""

    def there() -> bool:
        history = trial.someone.history
        if not history.busy:
            raise RuntimeError(f"it has ended already: {history}")
        return bool(found(history))

    running.wait_for(there, most_s, 0.02)


def _ended(
    trial: Trial,
    moment: str,
    *,
    checkpoint: bool = True,
    most_s: float = 30,
    room: Callable[[], None] | None = None,
) -> Verdict:
    """What a training says when its disk is full, and whether it goes on when there is room."""
    someone, run = trial.someone, trial.run
    said = trial.said(most_s)
    half = trial.half_files()
    sound = checkpoint_of(run) if checkpoint else "-"
    (room or trial.disk.make_room)()
    running.wait_for(lambda: not someone.history.busy, 60)
    again = attempt(lambda: someone.does(someone.page.train.go_on, "click"))
    if again == "works":
        ended = someone.waits_for_the_end(400)
        whole = [each.epoch for each in ended.epochs] == list(range(1, ended.epochs_planned + 1))
        if not (ended.finished and whole):
            again = f"{ended.state}, {len(ended.epochs)} epochs, {ended.failed}"
    return Verdict(moment, said, sound, half, again)


MOMENTS: dict[str, Callable[[Trial], Iterator[Verdict]]] = {
    each.__name__: each
    for each in (
        upload_announced, upload_meanwhile, unpacking, taking, editing, starting, caching,
        checkpoint, events, evaluating, asked_later, export, no_files_left, system_temp,
    )
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [*MOMENTS, "read_only"]
    parser.add_argument("--only", default=",".join(names), help=f"some of: {', '.join(names)}")
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        print("This needs Linux and root: it mounts a small file system and makes it full.")
        return 2
    asked, verdicts = chosen.only.split(","), list[Verdict]()
    with tempfile.TemporaryDirectory(prefix="freezepoint-full-") as place:
        disk = Disk(Path(place, "disk"), ",nr_inodes=1000000")
        with disk.mounted(), running.App(port=chosen.port, workspace=disk.folder / "work") as app:
            trial = Trial(app, disk)
            for name in (each for each in asked if each in MOMENTS):
                verdicts += _tried(name, lambda name=name: MOMENTS[name](trial))
                disk.make_room()
                disk.leave_files(None)
        if "read_only" in asked:
            with (
                disk_that_breaks(Path(place)) as folder,
                running.App(port=chosen.port, workspace=folder / "work") as app,
            ):
                verdicts += _tried("read_only", lambda: read_only(app))
    kept = sum(each.kept for each in verdicts)
    print(f"{kept} of {len(verdicts)} moments keep the promise")
    return 0 if kept == len(verdicts) else 1


def _tried(name: str, moments: Callable[[], Iterator[Verdict]]) -> list[Verdict]:
    """What came of some moments, printed as it comes."""
    verdicts = []
    try:
        for verdict in moments():
            verdicts.append(verdict)
            verdict.show()
    except (RuntimeError, TimeoutError, RefusedError) as error:
        verdicts.append(Verdict(name, f"(the script met {error!r})", again="unknown"))
        verdicts[-1].show()
    return verdicts


if __name__ == "__main__":
    sys.exit(main())
