"""What ``.deploy`` prints is what the program understands: flags, ports, names, limits.

That it works as a whole is tried by hand: ``tests/faults/clean_root.py`` does the Dockerfile's
steps and ``tests/faults/behind_nginx.py`` puts a real nginx before the program.
"""

import argparse
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import app
from gui import pages
from tests.faults import dockerfile

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / ".deploy"
UNIT = (DEPLOY / "freezepoint.service").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()
STEPS = dockerfile.read(DEPLOY / "Dockerfile")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def understood(words: list[str], monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    """The program's flags as it reads them; it would end at one that it doesn't know."""
    assert Path(words[0]).name == "python"
    assert words[1] == "app.py"
    monkeypatch.setattr(sys, "argv", words[1:])
    return app._arguments()


def unit(name: str) -> str:
    (value,) = re.findall(rf"^{name}=(.*)$", UNIT, re.M)
    return value


def test_the_unit_starts_the_program_as_nginx_and_the_folders_have_it(monkeypatch) -> None:
    chosen = understood(shlex.split(unit("ExecStart")), monkeypatch)
    assert str(chosen.workspace) == f"/var/lib/{unit('StateDirectory')}"
    assert (chosen.host, chosen.public, chosen.no_browser) == ("127.0.0.1", True, True)
    assert f"proxy_pass http://{chosen.host}:{chosen.port};" in NGINX
    assert re.findall(r"server_name (.*);", NGINX) == chosen.name
    assert chosen.metrics not in (None, chosen.port)
    assert unit("ExecStart").startswith(unit("WorkingDirectory"))


def test_a_stop_of_the_service_leaves_trainings_and_a_dead_worker_leaves_the_page() -> None:
    assert (unit("KillMode"), unit("OOMPolicy")) == ("process", "continue")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_unit_without_a_word(tmp_path) -> None:
    copy = tmp_path / "freezepoint.service"
    copy.write_text(UNIT.replace("/opt/freezepoint/.venv/bin/python", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False
    )
    own = [line for line in done.stderr.splitlines() if "freezepoint" in line]
    assert (done.returncode, own) == (0, [])


def test_nginx_lets_through_what_the_program_takes_and_holds_nothing_back() -> None:
    (most,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(most) * 2**20 == pages._LARGEST_UPLOAD_BYTES + 2**20
    for held in ("proxy_buffering off;", "proxy_request_buffering off;"):
        assert held in NGINX
    assert "X-Forwarded-For $remote_addr;" in NGINX


def test_the_image_has_the_program_and_starts_it_for_strangers(monkeypatch) -> None:
    words = [
        word for kind in ("ENTRYPOINT", "CMD") for word in dockerfile.last(STEPS, kind).command
    ]
    chosen = understood(words, monkeypatch)
    assert (chosen.host, chosen.public, chosen.no_browser) == ("0.0.0.0", True, True)
    assert f"EXPOSE {chosen.port}" in [f"{each.kind} {each.value}" for each in STEPS]
    (checked,) = re.findall(
        r"HTTPConnection\('127.0.0.1', (\d+)", dockerfile.last(STEPS, "HEALTHCHECK").value
    )
    assert int(checked) == chosen.port
    assert dockerfile.last(STEPS, "USER").value != "root"
    environment = dict(word.split("=") for word in dockerfile.last(STEPS, "ENV").words)
    assert environment["FREEZEPOINT_WORKSPACE"] == dockerfile.last(STEPS, "VOLUME").value
    copied = {each.words[0] for each in STEPS if each.kind == "COPY"}
    assert copied == {"app.py", "requirements.txt", "gui", "assets"}
    kept = re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(), re.M)
    assert set(kept) == copied
    (version,) = re.findall(r'python_version: "(.*)"', README)
    assert dockerfile.last(STEPS, "FROM").value.startswith(f"python:{version}-slim")
