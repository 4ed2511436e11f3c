"""A workspace in which one person has all that a person can have; nothing is trained."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from gui.core import evaluation, ladder, machine, new_run, seeing, take_home, trial
from gui.core.activations import BlockMaps, Map, Seen
from gui.core.answers import Answers
from gui.core.desk import Desk
from gui.core.entry import Entry
from gui.core.errors import WorkerError
from gui.core.evaluation import Answered
from gui.core.jobs import Jobs
from gui.core.ladder import Ladder
from gui.core.ladder_mark import LadderMark
from gui.core.machine import Speeds
from gui.core.owner import Owner
from gui.core.processes import WorkerProcess
from gui.core.runs import Run
from gui.core.site import Site
from gui.core.take_home import Check, Made
from gui.core.workspace import Workspace
from tests.core.project_files import answers_of, finished_run

TOKEN: Final = "t" * 32
SAMPLES: Final = Path(__file__).resolve().parents[2] / "assets" / "samples"
SPEEDS: Final = Speeds(*((0.01,) * 5,) * 2, *((1e9,) * 5,) * 2, 1e-9, 0.01, 0.01, 1e-9, 1.0)
NOW: Final = 100.0
_POINTS: Final = ("head", "block5_conv3")


class Idle(Answers):
    """A worker that gives whatever answers it is told to give."""

    def __init__(self) -> None:
        super().__init__(_refuse)
        self.parts: list[Any] | None = None

    def ask(self, do: str, hear: Any = None, **values: object) -> list[Any]:  # noqa: ARG002
        """The answers it was told, or that there is no worker."""
        if self.parts is None:
            raise WorkerError("There is no worker here.", "Go without.")
        for each in self.parts if hear else ():
            hear(each)
        return self.parts


def _refuse(name: str = "") -> WorkerProcess:
    raise WorkerError("There is no worker here.", "Go without.")


def site(root: Path) -> Site:
    """A site that never starts a process."""
    jobs = Jobs(root / "logs", None, 1, lambda: NOW)
    jobs.here.start = _refuse
    jobs.speeds = SPEEDS
    jobs.weights, jobs.weights_sha256 = "a play", "ab" * 32
    return Site(Workspace(root), jobs, SAMPLES, lambda: NOW)


def furnish(root: Path) -> Owner:
    """Make it; returns the person, who has ``TOKEN``."""
    owner = Workspace(root).owner(TOKEN)
    run = finished_run(owner, each=6)
    made = _compared(owner, run)
    _tried(owner, run)
    run.exports.mkdir()
    for form, check in (("card", None), ("onnx", Check("x", 2, 2, 0.1))):
        take_home.file(run, form).write_text("made")
        take_home.record(run, Made(form, take_home.stamp(run), 4, check))
    data = run.pictures_root.parent
    maps = tuple(BlockMaps(n, 4, 64, (Map(1, "data:,"),)) for n in range(1, 6))
    opened = Desk(data.name, run.id, ladder=made.id)
    owner.open(opened)
    chosen = seeing.choose(seeing.learned_from(owner, owner.dataset(data.name)))
    key = seeing._key(chosen, 64, "ab" * 32)
    seeing._save(data / "seen" / f"{key}.json", [Seen("", "data:,", maps)] * len(chosen))
    machine.remember(root / "machine.json", SPEEDS, NOW)
    return owner


def told(root: Path) -> dict[Path, Any]:
    """Every JSON file below a folder with what it holds; of lines, a list."""
    found: dict[Path, Any] = {}
    for path in sorted(root.rglob("*.json*")):
        lines = path.read_text(encoding="utf-8").splitlines()
        whole = "\n".join(lines)
        found[path] = (
            [json.loads(each) for each in lines] if path.suffix == ".jsonl" else json.loads(whole)
        )
    return found


def _compared(owner: Owner, run: Run) -> Ladder:
    """A comparison of two freeze points, both of them trained."""
    folders = [owner.new_run_folder() for _ in _POINTS]
    made = Ladder("a" * 16, "cat, dog", 20.0, _POINTS, tuple(each.name for each in folders))
    owner.save_ladder(made)
    mark = LadderMark(made.id, made.points)
    for folder, point in zip(folders, _POINTS, strict=True):
        config = ladder.at(run.config, point)
        rung = new_run.create(
            folder, config, run.split, run.pictures_root, "cat, dog", 21.0, owner.features, mark
        )
        shutil.copy(run.path / "events.jsonl", rung.path / "events.jsonl")
        evaluation.save(answers_of(run.split), rung.evaluation("validation"))
    return made


def _tried(owner: Owner, run: Run) -> None:
    """Dropped pictures, evaluated."""
    kept = run.split.validation
    taken = trial.copy(owner, [Entry(each.name, run.pictures_root / each.path) for each in kept])
    answers = tuple(
        Answered(
            *(getattr(each, name) for name in ("name", "sha256", "path", "truth", "probabilities"))
        )
        for each in answers_of(run.split).answers
    )
    whole = replace(answers_of(run.split), side="given", answers=answers)
    trial.keep_evaluation(owner, taken, run.id, whole)
    trial.answered(owner, taken, run.id, len(kept))
