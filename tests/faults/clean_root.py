"""The Dockerfile, done step by step in a clean root: does it work as printed, without an engine?

    python tests/faults/clean_root.py [--base FILE.tar] [--keep FOLDER] [--seconds 900]

The base image, Python 3.11 on Debian bookworm, is stood in for by Debian bookworm itself with its
own Python 3.11, made by mmdebstrap (or taken from --base, where it is kept after the first time).
Then each step of ``.deploy/Dockerfile`` is done in that root as it is written there: RUN, COPY (of
what ``.dockerignore`` leaves), ENV, WORKDIR, USER. ENTRYPOINT and CMD are started as that user, in
a network of their own; HEALTHCHECK is asked until it says yes; and a visitor sends pictures, trains
them, has one answered and takes a model home. Then it is ended as ``docker stop`` does.

Prints a line for each step with its seconds; ends with 1 when one fails. Linux, as root, with
mmdebstrap and room for 4 GB. Packages come from where pip on this computer takes them from.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import dockerfile
import running

_DEPLOY = running.ROOT / ".deploy"
_BASE = "python:3.11-slim-bookworm"
_INCLUDED = "ca-certificates,netbase,tzdata,python3.11,python3-pip"
_PATH = "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"
_ENDS_S = 10.0  # that docker gives between asking and killing
# /proc and /dev as a container has them; gone with the process.
_MOUNTED = """
set -e
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
for each in $SHARED; do mkdir -p "$ROOT$each"; mount --bind "$each" "$ROOT$each"; done
ip link set lo up 2>/dev/null || true
exec chroot --userspec="$AS" "$ROOT" /usr/bin/env -i $GIVEN \\
    /bin/sh -c 'cd "$WHERE" && exec "$@"' sh "$@"
"""


@dataclass
class Root:
    """A clean root with what the steps have set so far.

    Attributes:
        path: Where it is.
        env: What ENV has set.
        user: Who runs what follows.
        where: The folder that it runs in.
    """

    path: Path
    env: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    where: str = "/"

    def command(self, words: Sequence[str], *, alone: bool = False) -> list[str]:
        """A command as it is run in the root.

        Args:
            words: The command.
            alone: Whether it has a network of its own, in which nobody else is.
        """
        apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *(["--net"] * alone)]
        return [*apart, "sh", "-c", _MOUNTED, "sh", *words]

    @property
    def environment(self) -> dict[str, str]:
        """What the command's outer shell is told."""
        given = {"PATH": _PATH, "LANG": "C.UTF-8", "HOME": _home(self.path, self.user)}
        given |= {"WHERE": self.where, **self.env}
        if self.user == "root":
            given |= _pip_here()
        told = " ".join(f"{name}={value}" for name, value in given.items())
        shared = " ".join(_shared()) if self.user == "root" else ""
        return {**os.environ, "ROOT": str(self.path), "AS": self.user, "GIVEN": told,
                "SHARED": shared}  # fmt: skip


def _home(root: Path, user: str) -> str:
    for line in (root / "etc/passwd").read_text().splitlines():
        name, *_, home, _ = line.split(":")
        if name == user:
            return home
    raise LookupError(user)


def _pip_here() -> dict[str, str]:
    """How pip finds packages on this computer, told by the environment."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    named = re.findall(r"^\w+\.([\w-]+)='(.*)'$", told, re.M)
    found = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in named}
    found = {name: value for name, value in found.items() if " " not in value}
    certificates = os.environ.get("SSL_CERT_FILE")
    return {**found, **({"SSL_CERT_FILE": certificates} if certificates else {})}


def _shared() -> list[str]:
    """Folders of this computer that pip finds packages and certificates in."""
    named = re.findall(r"(?:^|/{2}|=)(/[\w./-]+)", " ".join(f"={v}" for v in _pip_here().values()))
    folders = [Path(each) if Path(each).is_dir() else Path(each).parent for each in named]
    return sorted({str(each) for each in folders if each.is_dir()})


def made(base: Path, root: Path) -> None:
    """Unpack the base; make it first where there is none."""
    if not base.exists() or not base.stat().st_size:
        made_of = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={_INCLUDED}"]
        subprocess.run([*made_of, "bookworm", str(base)], check=True)
    subprocess.run(["tar", "-xpf", str(base), "-C", str(root), "--exclude=./dev/*"], check=True)
    local = root / "usr/local/bin"
    for name, target in (("python", "/usr/bin/python3.11"), ("pip", "/usr/bin/pip3")):
        (local / name).unlink(missing_ok=True)
        (local / name).symlink_to(target)
    for mark in (root / "usr/lib/python3.11").glob("EXTERNALLY-MANAGED"):
        mark.unlink()  # Debian's own; the image has none
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")


def left_out(path: Path, rules: Sequence[str]) -> bool:
    """Whether ``.dockerignore`` leaves a file out: the last rule that fits it, or a folder around.

    Source: https://docs.docker.com/build/concepts/context, "Syntax".
    """
    gone = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        anywhere = pattern.startswith("**/")
        names = path.parts if anywhere else path.parts[:1]  # ours name nothing further down
        if any(fnmatch(each, pattern.removeprefix("**/")) for each in names):
            gone = not rule.startswith("!")
    return gone


def context() -> Iterator[Path]:
    """The files that a build is given, relative to this checkout."""
    lines = (running.ROOT / ".dockerignore").read_text().splitlines()
    rules = [each for each in lines if each and not each.startswith("#")]
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "-z"],
        cwd=running.ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, listed):
        path = Path(name)
        if not left_out(path, rules) and (running.ROOT / path).is_file():
            yield path


def copied(root: Root, step: dockerfile.Step) -> str:
    """COPY: a file into a folder, or what is in a folder."""
    source, target = step.words
    goal = root.path / root.where.lstrip("/") / target
    number = 0
    for path in context():
        if str(path) == source or path.is_relative_to(source):
            inside = path.relative_to(source) if str(path) != source else Path(path.name)
            (goal / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(running.ROOT / path, goal / inside)
            number += 1
    if not number:
        raise RuntimeError(f"COPY {step.value}: nothing to copy")
    return f"{number} files"


def done(root: Root, step: dockerfile.Step, *, again: bool = False) -> str:
    """Do one step; what there is to say of it.

    Args:
        root: Where.
        step: Which.
        again: Whether what RUN has made is there already.

    Raises:
        RuntimeError: When it fails, with the end of what it printed.
    """
    match step.kind:
        case "FROM":
            if step.value != _BASE:
                raise RuntimeError(f"this script stands in for {_BASE}, not for {step.value}")
        case "ENV":
            root.env |= dict(each.split("=", 1) for each in step.words)
        case "WORKDIR":
            root.where = step.value
            (root.path / step.value.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "USER":
            root.user = step.value
        case "COPY":
            return copied(root, step)
        case "RUN" if not again:
            ran = subprocess.run(
                root.command(["/bin/sh", "-c", step.value]), env=root.environment,
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if ran.returncode:
                raise RuntimeError((ran.stdout + ran.stderr)[-1500:])
        case "VOLUME":
            folder = (root.path / step.value.lstrip("/")).stat()
            return f"mode {folder.st_mode & 0o777:o}, of user {folder.st_uid}"
    return ""


class Contained:
    """The started container; what a visitor has to know of it.

    Attributes:
        port: Where it listens, in its own network.
        address: Where it answers there.
        workspace: Where it keeps everything, seen from outside.
        environment: Nothing that makes the page another.
    """

    def __init__(self, root: Root) -> None:
        self.port = 7860
        self.address = f"http://127.0.0.1:{self.port}"
        self.workspace = root.path / root.env["FREEZEPOINT_WORKSPACE"].lstrip("/")
        self.environment: dict[str, str] = {}


@contextmanager
def started(root: Root, steps: list[dockerfile.Step], log: Path) -> Iterator[int]:
    """ENTRYPOINT and CMD; the id of the program's first process, seen from outside."""
    words = dockerfile.last(steps, "ENTRYPOINT").command + dockerfile.last(steps, "CMD").command
    with log.open("wb") as told:
        outer = subprocess.Popen(
            root.command(words, alone=True), env=root.environment, stdout=told, stderr=told
        )
    try:
        yield running.wait_for(lambda: _first(outer.pid), 30)
    finally:
        outer.kill()  # all that is in there goes with its first process
        outer.wait()


def _first(pid: int) -> int | None:
    """The child of ``unshare``, once it has become the program."""
    for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if b"app.py" in Path(f"/proc/{each}/cmdline").read_bytes():
            return int(each)
    return None


def healthy(root: Root, pid: int, steps: list[dockerfile.Step]) -> bool:
    """HEALTHCHECK, asked in the container as its user."""
    words = dockerfile.last(steps, "HEALTHCHECK").command
    given = [f"{name}={value}" for name, value in {"PATH": _PATH, **root.env}.items()]
    inside = ["chroot", f"--userspec={root.user}", str(root.path), "env", "-i", *given]
    asked = ["nsenter", "--target", str(pid), "--net", *inside, *words]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def visited(root: Root, pid: int) -> str:
    """The whole way of a visitor, from within the container's network."""
    again = [sys.executable, __file__, "--visit", str(root.path)]
    ran = subprocess.run(
        ["nsenter", "--target", str(pid), "--net", *again],
        capture_output=True, text=True, check=False, cwd=running.ROOT,
    )  # fmt: skip
    return ran.stdout.strip().splitlines()[-1] if ran.stdout.strip() else ran.stderr[-800:]


def ended(pid: int) -> str:
    """``docker stop``: SIGTERM to the first process, and ten seconds for it."""
    began = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    running.wait_for(lambda: not Path(f"/proc/{pid}").exists(), _ENDS_S, 0.1)
    return f"ended after {time.monotonic() - began:.1f} s"


def timed(name: str, told: str, began: float) -> None:
    print(f"{name:<12} {time.monotonic() - began:6.1f} s  {told}", flush=True)


def tried(base: Path, root: Root, most_s: float) -> int:
    """Everything; the exit code. In a root that is kept, nothing is installed again."""
    began, again = time.monotonic(), (root.path / "etc/passwd").exists()
    if not again:
        made(base, root.path)
        timed("base", f"Debian bookworm in place of {_BASE}", began)
    steps = dockerfile.read(_DEPLOY / "Dockerfile")
    for step in steps:
        began = time.monotonic()
        try:
            told = done(root, step, again=again)
        except (RuntimeError, OSError) as error:
            timed(step.kind, f"FAILED: {step.value[:60]}\n{error}", began)
            return 1
        if again and step.kind == "RUN":
            told = "done before"
        timed(step.kind, f"{step.value[:60]}{'  -> ' if told else ''}{told}", began)
    log = root.path / "app.log"
    with started(root, steps, log) as pid:
        began = time.monotonic()
        try:
            running.wait_for(lambda: healthy(root, pid, steps), most_s, 1)
            owner = Path(f"/proc/{pid}").stat().st_uid
            timed("healthy", f"asked by HEALTHCHECK's own words; it runs as user {owner}", began)
            began = time.monotonic()
            way = visited(root, pid)
            timed("visitor", way, began)
            began = time.monotonic()
            timed("stop", ended(pid), began)
        except (TimeoutError, OSError) as error:
            timed("FAILED", f"{error}\n{log.read_text()[-1500:]}", began)
            return 1
    return 0 if owner != 0 and way == "the whole way" else 1


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, help="where the base is kept for the next time")
    parser.add_argument(
        "--keep", type=Path, help="a folder for the root, left there; RUN isn't done in it again"
    )
    parser.add_argument("--seconds", type=float, default=300.0, help="that it has to be healthy")
    parser.add_argument("--visit", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and leave nothing behind
    if chosen.visit:
        import odd_machines

        root = Root(chosen.visit, env={"FREEZEPOINT_WORKSPACE": "/data"})
        print(odd_machines.whole_way(Contained(root)))  # type: ignore[arg-type]
        return 0
    with tempfile.TemporaryDirectory(prefix="freezepoint-root-") as folder:
        place = chosen.keep or Path(folder, "root")
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o755)
        Path(folder).chmod(0o755)
        code = tried(chosen.base or Path(folder, "base.tar"), Root(place), chosen.seconds)
    print("the Dockerfile works as printed" if code == 0 else "the Dockerfile does NOT work")
    return code


if __name__ == "__main__":
    sys.exit(main())
