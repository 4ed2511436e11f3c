"""No request leaves the machine: the app's processes are watched while everything is done once.

    python tests/faults/offline.py [--port 7817]

The real app and all its workers run with every socket but this computer's own refused: in a
network without a way out (``unshare --net``) where that is allowed, and everywhere under an audit
hook that is loaded into each Python process, notes what is asked for (names looked up, addresses
connected or sent to), and refuses it. Then pictures are uploaded, trained, tested and taken home.

Prints each thing that was asked for, by which process, and exits with 1 when there was one that the
README doesn't name: with no weights in the package or in Keras's cache, their download.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter

import running
import visiting

NAMED = ("storage.googleapis.com",)  # README: VGG16's weights, and the flowers when asked for
_FORMS = ("savedmodel", "litert", "onnx", "demo", "page", "report", "card", "project")
_PATIENCE_S = 900.0
_PROCESSES = 3  # the page, a training, and what checks and makes the forms, at the least

# Runs in every Python process of the app before anything else, by the name that Python looks for.
_HOOK = r"""
import os, sys

_LOG = os.environ.get("FREEZEPOINT_WATCH", "")
_HERE = ("127.", "::1", "localhost", "0.0.0.0", "::", "fe80")


def _note(what, where):
    with open("/proc/self/cmdline", encoding="utf-8", errors="replace") as file:
        command = " ".join(file.read().split("\0")[1:6])
    with open(_LOG, "a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\t{command}\t{what}\t{where}\n")


def _told(what, where):
    _note(what, where)
    raise OSError(101, f"refused by the watch: {where}")


def _watch(event, args):
    if event in ("socket.connect", "socket.sendto"):
        address = args[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(_HERE):
            _told(event, address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
        host = host.decode() if isinstance(host, bytes) else host
        if host and not str(host).startswith(_HERE) and host != os.uname().nodename:
            _told(event, host)


if _LOG:
    _note("watched", "")
    sys.addaudithook(_watch)
"""


def everything(app: running.App) -> None:
    """What a person does, from the first picture to the last form."""
    from gui.core import take_home

    someone = visiting.Visitor(app)
    someone.arrives()
    someone.chooses(visiting.pictures(2, 20))
    someone.starts(epochs=1, image_size=64)
    ended = someone.waits_for_the_end(_PATIENCE_S)
    print(f"trained: {ended.state}", flush=True)
    run = someone.owner.open_run
    someone.does(someone.page.bar, "chosen", told={"id": "home"})
    running.wait_for(lambda: "keras" in take_home.made(run), _PATIENCE_S)
    for form in _FORMS:
        someone.does(someone.page.home.groups["model"], "picked", told={"id": form})
        running.wait_for(lambda form=form: form in take_home.made(run), _PATIENCE_S)
        print(f"made: {form}, refused: {take_home.made(run)[form].refused}", flush=True)
    dropped = someone.uploads(visiting.pictures(1, 2))
    someone.does(someone.page.test.drop, "uploaded", dropped)
    print("tested two pictures", flush=True)
    someone.leaves()


def without_a_network() -> bool:
    """Leave this computer's network for one that has nothing but itself; whether that went."""
    if os.environ.get("FREEZEPOINT_ALONE"):
        return True
    asked = ["unshare", "--net", "--map-root-user", "sh", "-c", "ip link set lo up"]
    try:
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--port", type=int, default=0)
    chosen = options.parse_args()
    if not os.environ.get("FREEZEPOINT_ALONE") and without_a_network():
        again = f'ip link set lo up && exec "{sys.executable}" "$@"'
        os.environ["FREEZEPOINT_ALONE"] = "1"
        apart = ["unshare", "--net", "--map-root-user", "sh", "-c", again, "sh"]
        os.execvp("unshare", [*apart, *sys.argv])
    alone = bool(os.environ.get("FREEZEPOINT_ALONE"))
    print("in a network of its own" if alone else "under the audit hook alone", flush=True)
    app = running.App(port=chosen.port)
    hook, log = app.folder / "hook", app.folder / "asked.txt"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(_HOOK)
    log.touch()
    app.environment |= {"PYTHONPATH": str(hook), "FREEZEPOINT_WATCH": str(log)}
    app.environment |= {
        "HF_HUB_OFFLINE": "0"
    }  # nothing may be quiet only because it was told to be
    with app:
        everything(app)
        noted = [line.split("\t") for line in log.read_text().splitlines()]
    watched = sum(row[2] == "watched" for row in noted)
    rows = [row for row in noted if row[2] != "watched"]
    counted = Counter((row[1], row[2], row[3]) for row in rows)
    for (process, what, where), number in counted.items():
        note = " (named in the README)" if any(each in where for each in NAMED) else ""
        print(f"{number} x {what} {where} by {process}{note}")
    unnamed = [each for each in counted if not any(name in each[2] for name in NAMED)]
    print(
        f"{watched} processes watched, {len(rows)} requests tried, {len(unnamed)} places that the "
        "README doesn't name"
    )
    return 1 if unnamed or watched < _PROCESSES else 0


if __name__ == "__main__":
    sys.exit(main())
