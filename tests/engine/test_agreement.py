"""Forms that can't be checked: for want of room, of memory, or for a reason of their own."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from gui.core.errors import DiskFull, RunError
from gui.engine import agreement


@pytest.mark.parametrize(
    ("stderr", "expected"),
    [
        ("OSError: [Errno 28] No space left on device", DiskFull),
        ("terminate called after throwing 'std::bad_alloc'", MemoryError),
        ("ValueError: unknown layer", RunError),
    ],
)
def test_why_a_form_cant_be_checked(tmp_path: Path, monkeypatch, stderr: str, expected) -> None:
    def fail(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command, stderr=stderr)

    monkeypatch.setattr(subprocess, "run", fail)
    sample = agreement.Sample(np.zeros((1, 8, 8, 3), np.float32), np.ones((1, 2), np.float32))
    with pytest.raises(expected) as told:
        agreement.ask("onnx", tmp_path / "model.onnx", sample)
    assert type(told.value) is expected
