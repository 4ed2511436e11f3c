"""``python -m gui evaluate`` as a person types it."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gui.__main__ import main
from gui.core import evaluation
from gui.core.runs import Run

ROOT = Path(__file__).resolve().parents[2]


def typed(*arguments: object) -> subprocess.CompletedProcess[str]:
    """What stands in the run needs no TensorFlow, so this is quick."""
    command = [sys.executable, "-X", "importtime", "-m", "gui", "evaluate", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert "tensorflow" not in done.stderr
    assert "sklearn" not in done.stderr
    return done


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if not line.startswith("import time:")]


def kept(run: Run) -> evaluation.Evaluation:
    return evaluation.load(run.evaluation("validation"))


def test_scores_come_with_their_numbers_and_ranges(trained) -> None:
    done, told = typed(trained.path), kept(trained)
    assert (done.returncode, said(done)) == (0, [])
    lines, accuracy = done.stdout.splitlines(), told.metrics.accuracy
    assert lines[0] == f"validation pictures, epoch {told.epoch}"
    assert lines[1] == "The best epoch was chosen on these pictures."
    assert lines[2] == (
        f"accuracy: {accuracy.text}, most likely {accuracy.low_text} to {accuracy.high_text}"
    )
    for score in told.metrics.classes:
        (row,) = (line for line in lines[6:9] if line.startswith(score.label))
        assert f"{score.recall:.3f} (" in row
        assert f"n={score.pictures})" in row
    matrix = [line.split()[1:] for line in lines[-3:]]
    assert [list(map(int, row)) for row in matrix] == [list(r) for r in told.metrics.confusion]


def test_json_is_the_whole_evaluation_and_csv_a_line_a_picture(trained) -> None:
    told = kept(trained)
    assert evaluation.from_json(json.loads(typed(trained.path, "--format", "json").stdout)) == told
    printed = typed(trained.path, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert [each["file"] for each in rows] == [each.name for each in told.answers]
    for row, answer in zip(rows, told.answers, strict=True):
        assert (row["truth"], row["label"]) == (
            told.labels[answer.truth], told.labels[answer.answer]
        )  # fmt: skip
        assert float(row[row["label"]]) == pytest.approx(answer.confidence)


def test_a_mistake_is_one_sentence(trained, tmp_path) -> None:
    for arguments, sentence in (
        ([trained.path, "--side", "test"], "This training has no test pictures."),
        ([tmp_path], "There is no run in"),
        ([trained.path, tmp_path / "none"], "is no folder."),
        ([trained.path, tmp_path], "is empty."),
        ([trained.path, tmp_path, "--side", "test"], "--side is for the training's own pictures."),
    ):
        done = typed(*arguments)
        (line,) = said(done)
        assert (done.returncode, done.stdout) == (1, "")
        assert sentence in line


def test_a_folder_is_evaluated_and_what_is_left_aside_is_said(
    trained, copied, tmp_path, capsys
) -> None:
    run = copied(trained)
    for each in trained.split.validation:
        path = tmp_path / "given" / each.name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(trained.pictures_root / each.path, path)
    shutil.copytree(path.parent, tmp_path / "given" / "moon")
    folder = str(tmp_path / "given")
    assert main(["evaluate", str(run.path), folder, "--format", "json"]) == 0
    printed = capsys.readouterr()
    found = evaluation.from_json(json.loads(printed.out))
    assert (found.side, found.metrics.confusion) == ("given", kept(trained).metrics.confusion)
    assert "The model knows no class “moon”" in printed.err
    assert "was chosen on these same pictures" in printed.err

    shutil.rmtree(tmp_path / "given" / "moon")
    for each in ("leaf", "sand", "sea"):
        (tmp_path / "given" / each).rename(tmp_path / "given" / f"other {each}")
    assert main(["evaluate", str(run.path), folder]) == 1
    assert "Put pictures into folders named leaf, sand, sea." in capsys.readouterr().err

    run.evaluation("validation").unlink()  # a run of before: it is made now
    assert main(["evaluate", str(run.path)]) == 0
    assert capsys.readouterr().out.startswith("validation pictures")
    assert kept(run) == kept(trained)
