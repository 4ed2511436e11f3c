"""How each question reaches a process that only plays a worker."""

import json
from pathlib import Path

from gui.core.config import ModelSettings
from gui.core.runs import Run


def test_paths_are_handed_over_wherever_they_are_named_from(desk, monkeypatch):
    opened, run = desk.jobs(), desk.run("one")
    monkeypatch.chdir(run.path)
    (answer,) = opened.questions.predict(Run(Path()), [("x", Path("run.json"))])
    assert answer.thumbnail == str(run.path / "run.json")


def test_a_summary_is_asked_for_with_the_settings(desk):
    asked = json.loads(desk.jobs().questions.summary(ModelSettings(head="classic"), 4))
    assert (asked["classes"], asked["model"]["head"]) == (4, "classic")
