"""The promise of the first press: the sample pictures are learned, with default settings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.weights, pytest.mark.timeout(900)]


def test_the_samples_pass_ninety_per_cent_but_not_at_the_first_epoch(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gui", "train", "assets/samples", "--run", tmp_path / "run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = re.fullmatch(r"val_accuracy: (\d\.\d{3}) \(40 pictures, epoch \d+\)\n", done.stdout)
    assert told, done.stdout
    assert float(told[1]) > 0.9
    first = re.search(r"^epoch 1: .* val_accuracy (\d\.\d{3})", done.stderr, re.M)
    assert first
    assert float(first[1]) < 0.8
