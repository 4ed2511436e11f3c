"""Card, report and project file as the page and the commands make them."""

import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from gui.__main__ import main
from gui.core import contents, project, take_home
from gui.core.errors import RunError
from gui.sharing import about


def quiet(done, total):
    """A progress that nobody watches."""


def test_what_is_made_is_offered(make_run):
    run = make_run(("one", "two"), tested=False)
    run.best.write_bytes(b"best")
    run.checkpoint.write_bytes(b"checkpoint")
    for form in ("card", "report", "project"):
        made = about.make(run, form, quiet)
        path = take_home.file(run, form)
        assert made.size_bytes == path.stat().st_size > 1000
        assert take_home.made(run)[form] == made
    assert take_home.file(run, "card").read_text().startswith("---\n")
    assert zipfile.is_zipfile(take_home.file(run, "project"))
    with pytest.raises(RunError, match="tells nothing about a training"):
        about.make(run, "onnx", quiet)


def test_the_commands_write_and_say_where(plain_run, unevaluated, tmp_path, capsys):
    to = tmp_path / "out" / "card.md"
    assert main(["card", str(plain_run.path), "--to", str(to)]) == 0
    assert capsys.readouterr().out == f"{to}\n"
    assert "# cat, dog, owl" in to.read_text()
    assert main(["report", str(plain_run.path)]) == 0
    assert capsys.readouterr().out == f"{take_home.file(plain_run, 'report')}\n"
    assert take_home.file(plain_run, "report").read_text().startswith("<!doctype html>")
    for command in ("card", "report"):
        assert main([command, str(tmp_path / "nothing")]) == 1
        assert "Give the folder a training was saved in." in capsys.readouterr().err
        assert main([command, str(unevaluated.path)]) == 1
        assert "python -m gui evaluate" in capsys.readouterr().err


def test_two_tabs_at_once_leave_one_whole_file(make_run):
    run = make_run(("one", "two"), tested=False)
    run.best.write_bytes(b"best")
    run.checkpoint.write_bytes(b"checkpoint")
    slowly = partial(about.make, run, "project", lambda *_: time.sleep(0.01))
    with ThreadPoolExecutor(2) as pool:
        made = [each.result() for each in [pool.submit(slowly), pool.submit(slowly)]]
    assert made[0] == made[1] == take_home.made(run)["project"]
    with project.opened(take_home.file(run, "project"), "project.zip") as found:
        assert contents.read(found).split.labels == ("one", "two")
