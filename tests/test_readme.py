"""The README's promises: its table of settings, its commands and its map are those of the code."""

import re
from pathlib import Path

import pytest

from gui.core.config import ModelSettings, TrainSettings
from gui.core.settings import about, default, rows

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def table() -> str:
    lines = ["| setting | default | what it does |", "|---|---|---|"]
    for kind in (ModelSettings, TrainSettings):
        for row in rows(kind):
            flag = f"`--{row.name.replace('_', '-')}`"
            value = str(default(row)).lower() if isinstance(default(row), bool) else default(row)
            told = about(row)
            span = f" ({told.low:g} to {told.high:g})" if told.low is not None else ""
            lines.append(f"| {flag} | {value} | {told.label}{span}. {told.help} |")
    return "\n".join(lines)


def test_the_settings_table_is_the_code_s() -> None:
    found = re.search(r"<!-- settings:.*?-->\n(.*?)\n<!-- /settings -->", README, re.S)
    assert found
    assert found[1] == table(), f"paste this:\n{table()}"


def test_ci_runs_the_test_command_as_printed() -> None:
    commands = re.findall(r"^(python3\.11 -m venv .*)$", README, re.M)
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text()
    assert commands[0].endswith("app.py")


def test_the_top_level_is_the_fixed_six() -> None:
    import subprocess

    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    top = {name.split("/")[0] for name in listed if name and not name.startswith(".")}
    assert top == {"gui", "assets", "tests", "app.py", "requirements.txt", "README.md"}


def test_the_front_matter_is_what_a_space_needs() -> None:
    front = README.split("---")[1]
    for line in ("sdk: gradio", 'python_version: "3.11"', "app_file: app.py"):
        assert line in front
    version = re.search(r'sdk_version: "(\d+)\.(\d+)', front)
    assert version
    required = (ROOT / "requirements.txt").read_text()
    assert f"gradio>={version[1]}.{version[2]}" in required


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_every_file_the_readme_shows_is_there(link: str) -> None:
    assert (ROOT / link).is_file()
