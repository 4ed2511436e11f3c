"""The fuzz targets that need the page: what the disk holds, events send and workers say."""

import inspect
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import gradio as gr
from hypothesis import strategies as st

from gui.core import machine, seeing
from gui.core.errors import FreezepointError
from gui.core.explanation import Explanation
from gui.core.novelty import Look, Neighbour
from gui.core.prediction import Prediction
from gui.core.questions import Questions
from gui.core.runs import Run
from gui.page import Page
from gui.pages import Pages
from gui.sharing import card, report
from gui.words import speaking
from tests.faults.furnished import NOW, TOKEN, Idle, furnish, site, told
from tests.faults.mutations import ODD, altered, json_bytes
from tests.faults.targets import Target

_LANGUAGES: Final = ("en", "zh-Hant")


class _WithPage(Target):
    """The page, built once, before a workspace in which a person has everything."""

    allowed = (FreezepointError, gr.Error)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.root, self.whole = folder / "work", folder / "whole"
        self.owner = furnish(self.root)
        shutil.copytree(self.root, self.whole, symlinks=True)
        self.site = site(self.root)
        self.pages = Pages(self.site)

    def between(self) -> None:
        """The workspace as it was."""
        shutil.rmtree(self.root)
        shutil.copytree(self.whole, self.root, symlinks=True)

    def look(self, language: str) -> None:
        """What a person sees who comes to the page."""
        page = self.pages.spoken[language]
        with speaking(language):
            for step in _steps(page):
                step.show(self.owner)
                step.restore(self.owner)
            page._welcome(self.owner)
            for name in ("train", "home"):
                page._go(self.owner, name)


def _steps(page: Page) -> list[Any]:
    return [
        page.pictures, page.model, page.train, page.plan, page.ladder, page.results, page.test,
        page.home, page.runs, page.host, page,
    ]  # fmt: skip


class Disk(_WithPage):
    """Any file on the disk says something else than it did."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        found = {str(path.relative_to(self.root)): value for path, value in told(self.root).items()}
        self.examples = st.tuples(
            st.sampled_from(_LANGUAGES),
            st.sampled_from(sorted(found)).flatmap(
                lambda name: st.tuples(st.just(name), _file(name, found[name]))
            ),
            st.integers(0, 9).map(lambda each: each == 0),
        )

    def check(self, example: tuple[str, tuple[str, bytes], bool]) -> None:
        """Look at every step, tell about the run, and put the file back."""
        language, (name, content), wholly = example
        path = self.root / name
        before = path.read_bytes()
        try:
            _put(path, content)
            machine.recall(self.root / "machine.json", NOW)
            self.look(language)
            with speaking(language):
                self._tell(self.root / name, report.report if wholly else card.card)
        finally:
            _put(path, before)

    def _tell(self, path: Path, how: Callable[[Run], str]) -> None:
        """Its run opened, and told about in a file."""
        self.site.testing.others(self.owner)
        run = next((each for each in self.owner.runs() if each.path in path.parents), None)
        if run is not None:
            self.site.open_run(self.owner, run.id)
            how(run)
        seeing.look(self.owner, self.site.jobs, 64)


def _file(name: str, whole: Any) -> st.SearchStrategy[bytes]:
    if not name.endswith(".jsonl"):
        return json_bytes(whole)
    import json

    def lines(value: Any) -> bytes:
        rows = value if isinstance(value, list) else [value]
        return "".join(json.dumps(each) + "\n" for each in rows).encode()

    return altered(whole).map(lines)


def _put(path: Path, content: bytes) -> None:
    """A new file, so that nothing that was remembered of the old one is taken for it."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


class Events(_WithPage):
    """What a page's events send: to every event, anything."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.functions = {
            index: each
            for index, each in self.pages.blocks.fns.items()
            if each.fn and each.input_keyword_names
        }
        self.examples = st.sampled_from(sorted(self.functions)).flatmap(self._call)

    def _call(self, index: int) -> st.SearchStrategy[Any]:
        function = self.functions[index]
        values = [self._value(part) for part in function.inputs[1:]]
        token = st.sampled_from([TOKEN] * 30 + ["", "x", "../" * 10, "a" * 200])
        data = self._data() if function.collects_event_data else st.none()
        return st.tuples(st.just(index), token | ODD.filter(_rare), st.tuples(*values), data)

    def _value(self, part: Any) -> st.SearchStrategy[Any]:
        """What a control sends: mostly its own value, or one of its choices."""
        if isinstance(part, gr.State):  # it never comes from the page
            texts = isinstance(part.value, str)
            return st.sampled_from(["", self._trial(), "f" * 16]) if texts else st.just(part.value)
        known = [part.value] if getattr(part, "value", None) is not None else []
        choices = [each[1] for each in getattr(part, "choices", None) or ()]
        whole = {
            "files": [{"rel": "cat/1.png", "path": str(self.root / "uploads/x"), "original": ""}],
            "skipped": [{"rel": "a.mov", "code": "failed", "reason": "x"}],
        }
        usual = st.sampled_from([*known, *choices, self._trial()])
        return st.one_of(usual, usual, ODD, altered(whole) if isinstance(part, gr.HTML) else usual)

    def _data(self) -> st.SearchStrategy[Any]:
        run, told = self.owner.open_run, self.owner.open_dataset
        digests = [each.sha256 for kind in told.classes for each in kind.pictures][:4]
        view = {"run": run.id, "kind": "cell", "truth": 0, "answer": 1, "of": "validation"}
        whole = {
            "kind": "rename", "name": "cat", "to": "dog", "id": digests[0], "included": True,
            "view": view, "first": 0, "truth": 0, "answer": 1, "of": "validation",
            "layer": "freeze_point", "places": [0, 1], "advice": "few", "remedy": "more",
        }  # fmt: skip
        kinds = (
            "rename", "include", "add", "decide", "leave_all_out", "decide_again", "move", "undo",
            "leave_out", "look", "open", "delete", "turn",
        )  # fmt: skip
        ids = (
            *digests,
            run.id,
            self._trial(),
            "pictures",
            "train",
            "home",
            "compare",
            "quick",
            "card",
            0,
        )
        usual = st.fixed_dictionaries(
            {**{name: st.just(value) for name, value in whole.items()},
             "kind": st.sampled_from(kinds), "id": st.sampled_from(ids)}
        )  # fmt: skip
        return st.one_of(usual.flatmap(altered), usual.flatmap(altered), usual, ODD)

    def _trial(self) -> str:
        return next(self.owner.path.glob("trials/*")).name if self.owner.path.is_dir() else ""

    def check(self, example: tuple[int, Any, tuple[Any, ...], Any]) -> None:
        """Call it as Gradio does; what Gradio itself refuses is none of ours."""
        index, token, values, data = example
        function = self.functions[index]
        given = {}
        names = function.input_keyword_names[1:]
        for name, part, value in zip(names, function.inputs[1:], values, strict=True):
            try:
                given[name] = value if isinstance(part, gr.State) else part.preprocess(value)
            except Exception:
                return
        if function.collects_event_data:
            given["event"] = gr.EventData(None, data)
        told = inspect.signature(function.fn).parameters
        asked = {"request": gr.Request(), "oauth": None}  # as from somebody who hasn't signed in
        given |= {name: value for name, value in asked.items() if name in told}
        done = function.fn(token, **given)
        for _ in done if isinstance(done, Iterator) else ():
            pass


def _rare(value: object) -> bool:
    return not isinstance(value, list | Mapping)


class Worker(_WithPage):
    """What a worker answers: a library may print into it, or it may be of another version."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        near = Look(2.0, 1.0, (Neighbour("cat/1.png", "cat", "data:,"),))
        answer = Prediction("1.png", (("cat", 0.75), ("dog", 0.25)), "data:,", look=near)
        whole = {
            "predict": asdict(answer),
            "explain": asdict(Explanation("1.png", "cat", 0.5, "data:,", "data:,")),
        }
        self.examples = st.sampled_from(sorted(whole)).flatmap(
            lambda do: st.tuples(st.just(do), altered([whole[do]]))
        )
        self.idle = Idle()
        self.site.jobs.questions = Questions(self.idle)

    def check(self, example: tuple[str, Any]) -> None:
        """Ask the worker, and show what it says."""
        do, parts = example
        self.idle.parts = parts if isinstance(parts, list) else [parts]
        page, run = self.pages.spoken["en"], self.owner.open_run
        if do == "predict":
            for _ in page.test._answer_kept(self.owner):
                pass
        else:
            self.site.jobs.questions.explain(run, [("1.png", Path("1.png"))], "last_convolution")
