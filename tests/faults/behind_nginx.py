"""The program behind a real nginx, set up by ``.deploy/nginx.conf`` as it is printed there.

    python tests/faults/behind_nginx.py [--port 7835]

Only the ports and the certificate (one of our own) are put into that file; a line that isn't found
ends the script. The app listens here alone, knows its name by --name and asks for a password. Then,
through nginx and TLS: a name that isn't ours, a visitor who signs in, sends pictures, trains, has
one answered and takes a model home; an upload of 80 MB, and one that says it is 5 GB; progress that
has to come while the work is done; two askers who each claim to be somebody else; and a browser
(Chromium) that signs in and opens the samples, without one failed request.

Prints a line for each and ends with 1 when one breaks the promise. It needs nginx and openssl.
"""

import argparse
import http.client
import json
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import odd_machines
import running
import visiting
from playwright.sync_api import expect, sync_playwright
from reloads import _CHROMIUM, _FLAGS

NAME = "pictures.school.example"
_PEOPLE = "anna: blue otter 42"
_SENT = {"name": "anna", "password": "blue otter 42"}
_MAIN = """
daemon off; pid {here}/nginx.pid; error_log {here}/error.log; worker_processes 1;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;
    fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;
    include {here}/freezepoint.conf;
}}
"""


class Through(visiting.Visitor):
    """Somebody whose connection goes through nginx."""

    def __init__(self, app: running.App, port: int, address: str = "127.0.0.1") -> None:
        super().__init__(app)
        self.http = httpx.Client(
            base_url=f"https://127.0.0.1:{port}",
            headers={"Host": NAME},
            transport=httpx.HTTPTransport(verify=False, local_address=address),
            timeout=300,
        )

    def _stays(self) -> None:
        """No tab that is open: that connection is not what is looked at here."""


@contextmanager
def nginx(app: running.App, port: int) -> Iterator[None]:
    """nginx before the app, on a port of this computer alone."""
    with tempfile.TemporaryDirectory(prefix="freezepoint-nginx-") as folder:
        here = Path(folder)
        here.chmod(0o755)  # its workers are nobody
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        files = ["-keyout", str(here / "key"), "-out", str(here / "pem"), "-subj", f"/CN={NAME}"]
        subprocess.run([*made, *files], check=True, capture_output=True)
        told = (running.ROOT / ".deploy" / "nginx.conf").read_text()
        for was, put in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            (f"/etc/ssl/{NAME}.pem", f"{here}/pem"),
            (f"/etc/ssl/{NAME}.key", f"{here}/key"),
            ("127.0.0.1:7860", f"127.0.0.1:{app.port}"),
        ):
            if told.count(was) != 1:
                raise SystemExit(f"“{was}” isn't once in .deploy/nginx.conf")
            told = told.replace(was, put)
        (here / "freezepoint.conf").write_text(told)
        (here / "nginx.conf").write_text(_MAIN.format(here=here))
        command = [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(here / "nginx.conf")]
        process = subprocess.Popen([*command, "-e", str(here / "error.log")])
        try:
            running.wait_for(lambda: _open(port), 20)
            yield
        finally:
            process.terminate()
            process.wait(20)


def _open(port: int) -> bool:
    try:
        return httpx.get(f"https://127.0.0.1:{port}", verify=False).status_code > 0
    except httpx.TransportError:
        return False


def names(someone: Through) -> str:
    """Under a name that nobody has told the program of."""
    told = someone.http.get("/", headers={"Host": "other.example"}).status_code
    return "" if told == 421 else f"answered {told}"


def whole_way(someone: Through) -> str:
    """What ``odd_machines`` has a visitor do, signed in and through nginx."""
    if (told := someone.signs_in(*_SENT.values())) != 303:
        return f"signing in was answered {told}"
    cookie = next(each for each in someone.http.cookies.jar if each.name == "freezepoint_sign_in")
    if not cookie.secure:
        return "the cookie would go over plain http"
    way = odd_machines.whole_way(someone.app, someone=someone)
    return "" if way == "the whole way" else way


def large(someone: Through) -> str:
    """80 MB come through; 5 GB are refused before they are sent."""
    headers = {"X-Freezepoint-Key": someone.token}
    files = {"files": ("a.zip", b"\0" * 80_000_000)}
    told = someone.http.post("/gradio_api/upload", files=files, headers=headers)
    if told.status_code != 200:
        return f"80 MB were answered {told.status_code}"
    port = httpx.URL(someone.http.base_url).port
    line = http.client.HTTPSConnection("127.0.0.1", port, context=ssl._create_unverified_context())
    line.putrequest("POST", "/gradio_api/upload", skip_host=True)
    for name, value in {"Host": NAME, "Content-Length": str(5 * 10**9), **headers}.items():
        line.putheader(name, value)
    line.endheaders()  # and no byte of it
    status = line.getresponse().status
    line.close()
    return "" if status == 413 else f"5 GB were answered {status}"


def live(someone: Through) -> str:
    """What is told while pictures are taken comes then, and not all at the end."""
    drop = someone.page.pictures.drop
    asked = {
        "data": [someone.token, someone.uploads(visiting.pictures(4, 60, 200))],
        "event_data": None,
        "fn_index": someone.index(drop, "uploaded"),
        "session_hash": someone.session,
    }
    someone.http.post("/gradio_api/queue/join", json=asked).raise_for_status()
    came: list[tuple[float, str]] = []
    query = {"session_hash": someone.session}
    with someone.http.stream("GET", "/gradio_api/queue/data", params=query) as lines:
        for line in lines.iter_lines():
            if line.startswith("data:"):
                told = json.loads(line.removeprefix("data:"))["msg"]
                came.append((time.monotonic(), told))
                if told == "process_completed":
                    break
    before = came[-1][0] - came[0][0]
    print(f"{'':<6} {len(came)} messages, the first {before:.2f} s before the last", flush=True)
    return "" if before > 0.2 and len(came) > 3 else "it came at once"


def askers(app: running.App, port: int) -> str:
    """The program tells addresses apart by what nginx says, never by what an asker claims."""
    before = len(_refused(app))
    for address, claims in (
        ("127.0.0.2", "8.8.8.8"), ("127.0.0.2", "9.9.9.9, 127.0.0.3"), ("127.0.0.3", "8.8.8.8"),
    ):  # fmt: skip
        someone = Through(app, port, address)
        someone.http.headers["X-Forwarded-For"] = claims
        if (told := someone.signs_in(_SENT["name"], "wrong")) != 401:
            return f"a wrong password was answered {told}"
        someone.leaves()
    first, second, third = _refused(app)[before:]
    return "" if first == second != third else f"taken for {first}, {second}, {third}"


def _refused(app: running.App) -> list[str]:
    return re.findall(r'"event": "sign_in_refused".*"asker": "(\w+)"', app.said())


def browsed(port: int) -> str:
    """Chromium signs in and opens the samples."""
    flags = [*_FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    failed: list[str] = []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=_CHROMIUM, args=flags)
        page = opened.new_context(ignore_https_errors=True).new_page()
        page.set_default_timeout(90_000)
        page.on("pageerror", lambda error: failed.append(f"{error}"))
        page.on("response", lambda told: failed.append(f"{told.status} {told.url}")
                if told.status >= 400 else None)  # fmt: skip
        page.goto(f"https://{NAME}:{port}/")
        page.get_by_label("Name").fill(_SENT["name"])
        page.get_by_label("Password").fill(_SENT["password"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Try the sample pictures").click()
        expect(page.get_by_text(re.compile("5 classes with")).first).to_be_visible(timeout=90_000)
        opened.close()
    return "; ".join(failed)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="the app's; nginx takes the next one")
    port = parser.parse_args().port or running.free_port()
    flags = ("--public", "--name", NAME, "--log-format", "json")
    broken = 0
    with (
        running.App(*flags, port=port, environment={"FREEZEPOINT_AUTH": _PEOPLE}) as app,
        nginx(app, port + 1),
    ):
        someone = Through(app, port + 1)
        for name, call in (
            ("another name is refused", lambda: names(someone)),
            ("the whole way, signed in", lambda: whole_way(someone)),
            ("80 MB, and 5 GB", lambda: large(someone)),
            ("progress comes as it happens", lambda: live(someone)),
            ("nobody claims another's address", lambda: askers(app, port + 1)),
            ("a browser", lambda: browsed(port + 1)),
        ):
            began = time.monotonic()
            told = call()
            broken += bool(told)
            mark = "BROKEN" if told else "ok"
            print(f"{mark:<6} {name:<34} {time.monotonic() - began:5.1f} s  {told}", flush=True)
        someone.http.close()
    print(f"{broken} of 6 broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
