"""Forms that can't be checked: for want of room, of memory, or for a reason of their own."""

import subprocess
import tempfile
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


_FORGETS = """
import tempfile
print("lies in", tempfile.mkdtemp(prefix="forgotten-"))
raise OSError(28, "No space left on device")
"""


def test_what_a_check_forgets_to_delete_goes_with_it(tmp_path: Path, monkeypatch) -> None:
    program, temp = tmp_path / "program.py", tmp_path / "temp"
    program.write_text(_FORGETS)
    temp.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    monkeypatch.setattr(agreement.runtime, "__file__", str(program))
    sample = agreement.Sample(np.zeros((1, 8, 8, 3), np.float32), np.ones((1, 2), np.float32))
    with pytest.raises(DiskFull):
        agreement.ask("keras", tmp_path / "model.keras", sample)
    assert [*temp.iterdir()] == []
