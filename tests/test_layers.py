"""The import law of gui/__init__.py as a table, and what it is for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STANDARD = sys.stdlib_module_names

# Folder or file -> what it may import beside the standard library and itself.
LAW = {
    "gui/core": {"gui.words", "numpy", "PIL", "pi_heif", "imagehash", "filelock"},
    "gui/engine": {
        "gui.core",
        "gui.words",
        "numpy",
        "PIL",
        "keras",
        "tensorflow",
        "h5py",
        "onnx",
        "ncnn",
        "sklearn",
        "onnxruntime",
        "ai_edge_litert",
    },
    "gui/cluster": {"gui.core", "gui.engine", "gui.words", "distributed", "fsspec"},
    "gui/charts": {"gui.words", "gui.core", "plotly"},
    "gui/sharing": {"gui.words", "gui.core", "gui.charts", "plotly", "huggingface_hub"},
    "gui/widgets": {"gui.words", "gradio"},
    "gui/steps": {"gui.words", "gui.core", "gui.charts", "gui.widgets", "gui.sharing", "gradio"},
    "gui/page.py": {
        "gui.core",
        "gui.steps",
        "gui.widgets",
        "gui.words",
        "gradio",
    },
    "gui/pages.py": {
        "gui.core",
        "gui.page",
        "gui.steps",
        "gui.printed",
        "gui.theme",
        "gui.patience",
        "gui.server",
        "gui.quick_blocks",
        "gui.doors",
        "gui.sessions",
        "gui.words",
        "gradio",
        "plotly",
        "starlette",
    },
    "gui/doors": {"gui.words", "gui.core", "starlette"},
    "gui/server.py": {
        "gui.core",
        "gui.doors",
        "gui.receiving",
        "gui.words",
        "fastapi",
        "starlette",
    },
    "gui/receiving.py": {"gui.core", "gui.words", "python_multipart", "starlette"},
    "gui/patience.py": {"starlette"},
    "gui/printed.py": {"starlette"},
    "gui/quick_blocks.py": {"gradio"},
    "gui/sessions.py": {"gradio"},
    "gui/words.py": set(),
    "gui/watch": {"gui.__version__", "gui.core", "prometheus_client"},
    "gui/theme.py": {"gradio"},
    "gui/starting.py": {"gradio", "gui.core.errors"},
    "gui/ending.py": set(),
    "gui/stubs.py": set(),
    "gui/commands": {"gui.words", "gui.core", "gui.engine", "gui.sharing"},
    "gui/__main__.py": {"gui.core", "gui.commands"},
    "app.py": {
        "gui.__version__",
        "gui.starting",
        "gui.ending",
        "gui.cluster",
        "gui.core",
        "gui.pages",
        "gui.stubs",
        "gui.watch",
    },
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            # "from gui.core import runs" names a module; "from gui.core.runs import Run" a thing
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def permitted(name: str, allowed: set[str]) -> bool:
    return name.split(".")[0] in STANDARD or any(
        name == each or name.startswith(f"{each}.") for each in allowed
    )


@pytest.mark.parametrize("place", LAW)
def test_imports_only_what_the_law_allows(place: str) -> None:
    path = ROOT / place
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    own = place.removesuffix(".py").replace("/", ".")
    for file in files:
        broken = {name for name in imports(file) if not permitted(name, {own, *LAW[place]})}
        assert not broken, f"{file.relative_to(ROOT)} may not import {sorted(broken)}"


def test_the_law_names_every_place() -> None:
    inside = [path for path in (ROOT / "gui").iterdir() if path.name != "__pycache__"]
    places = {f"gui/{path.name}" for path in inside if path.is_dir() or path.suffix == ".py"}
    assert places - {"gui/__init__.py"} == set(LAW) - {"app.py"}


def test_the_page_never_loads_tensorflow() -> None:
    assert (
        loaded_with_the_page(
            "tensorflow",
            "keras",
            "onnx",
            "onnxruntime",
            "ncnn",
            "sklearn",
            "imagehash",
            "ai_edge_litert",
        )
        == "[]"
    )


def test_plotly_is_loaded_at_the_first_figure_only() -> None:
    """The page would be there 0.15 s later."""
    assert loaded_with_the_page("plotly.basedatatypes", "narwhals") == "[]"


def loaded_with_the_page(*modules: str) -> str:
    script = (
        "import sys, gui.pages, gui.core.jobs\n"
        f"print([name for name in {modules} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
