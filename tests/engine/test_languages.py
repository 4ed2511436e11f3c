"""What the worker makes for a person speaks that person's language; nothing is trained."""

from types import SimpleNamespace

import pytest

from gui.engine import making, worker
from gui.words import spoken
from tests.core.run_folders import made


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_form_is_made_in_the_language_of_its_request(tmp_path, monkeypatch, language) -> None:
    run, heard, told = made(tmp_path / "run", tmp_path), [], []

    def make(_run, _loaded, form, progress) -> None:
        heard.append((form, spoken()))
        progress(1, 3)

    monkeypatch.setattr(making, "make", make)
    answering = worker.Worker(None)
    answering._predictor = SimpleNamespace(models=SimpleNamespace(load=lambda _run: None))
    request = {"do": "make", "run": str(run.path), "form": "page", "language": language}
    answering.answer = told.append
    assert list(answering.make(request)) == [None]
    assert told == [{"done": 1, "total": 3}]
    assert heard == [("page", language)]
    assert spoken() == "en"
