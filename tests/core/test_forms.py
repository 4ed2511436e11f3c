"""The forms in which a training may be taken home: each has a row, and no other name is one."""

from pathlib import Path

import pytest

from gui.core import forms, take_home
from gui.core.errors import RunError
from gui.core.forms import FORMS
from gui.core.runs import Run


def test_every_form_says_what_it_is_and_has_a_file_of_its_own() -> None:
    assert [each.id for each in FORMS.values()] == list(FORMS)
    assert len({each.file for each in FORMS.values()}) == len(FORMS)
    for each in FORMS.values():
        assert each.label
        assert each.help.endswith(".")
        assert Path(each.file).name == each.file
        assert f"{each.id}.json" not in {other.file for other in FORMS.values()}


@pytest.mark.parametrize("name", ["", "onnx ", "model.onnx", "../run", "lock", "<b>"])
def test_no_other_name_is_a_form(name, tmp_path) -> None:
    for ask in (forms.form, lambda each: take_home.file(Run(tmp_path), each)):
        with pytest.raises(RunError, match="There is no form called") as caught:
            ask(name)
        assert caught.value.hint.startswith("Choose one of: keras, savedmodel, litert, ")
