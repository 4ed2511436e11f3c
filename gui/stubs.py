"""Import Gradio without what it writes for editors at every import.

For each of its components Gradio 6 parses the class's source, renders a type stub (.pyi), compares
it with the file beside the source, which its wheel has brought along already, and renders the
docstring of every event. That is more than half of ``import gradio``, nothing in it is used while
the app runs, and there is no option for it. So these two functions are left out as their module is
imported. Where a later Gradio has none of that name, nothing is changed.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

_MODULE = "gradio.component_meta"


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        _silence(module, "create_or_modify_pyi")
        _silence(getattr(module, "EventListener", None), "set_doc")


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


def leave_out() -> None:
    """Call before the first ``import gradio``."""
    sys.meta_path.insert(0, _Finder())
    # Gradio looks for it twice at every event, through all folders of Python. No chart is made of
    # it here.
    sys.modules["matplotlib"] = None  # type: ignore[assignment]  # how import is told: not there


def _silence(place: object, name: str) -> None:
    if hasattr(place, name):
        setattr(place, name, lambda *_, **__: None)
