"""Seconds from starting ``python app.py`` to the page: GET / answered, and the printed line.

Promised: the page within 2.5 s.

The processor time of the app until then is printed, too: it hardly depends on what else the
machine is at, so it tells two versions apart where seconds by the clock don't.
"""

import math
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import measure

ROOT = Path(__file__).resolve().parents[2]
_LOOK_S = 0.02


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    measured = []
    for number in range(chosen.runs):
        measured.append(once())
        print(f"run {number + 1}: {told(*measured[-1])}", flush=True)
    print(f"median: {told(*map(statistics.median, zip(*measured, strict=True)))}")
    print(f"least: {told(*map(min, zip(*measured, strict=True)))}")
    page = statistics.median(each[0] for each in measured)
    measure.verdict("page", page, 2.5, unit=" s", most=True)


def told(page: float, line: float, processor: float) -> str:
    return f"page {page:.2f} s, line {line:.2f} s, processor {processor:.2f} s"


def once() -> tuple[float, float, float]:
    """Start the app in a fresh workspace.

    Returns:
        Seconds to the first answered GET /, seconds to the line, and processor seconds until then.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as workspace:
        command = [sys.executable, "app.py", "--no-browser", "--port", str(port)]
        started = time.perf_counter()
        app = subprocess.Popen([*command, "--workspace", workspace], cwd=ROOT, stdout=-1)
        try:
            while not answered(f"http://127.0.0.1:{port}/"):
                if app.poll() is not None:
                    sys.exit("The app ended before it had shown its page.")
                time.sleep(_LOOK_S)
            page = time.perf_counter() - started
            app.stdout.readline()
            return page, time.perf_counter() - started, processor_s(app.pid)
        finally:
            app.send_signal(signal.SIGTERM)
            app.wait(60)


def processor_s(pid: int) -> float:
    """Processor seconds of a process so far, on Linux; nan elsewhere."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return math.nan
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answered(address: str) -> bool:
    """Whether the page is there, with all its bytes."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return b"gradio" in answer.read()
    except (urllib.error.URLError, ConnectionError):
        return False


if __name__ == "__main__":
    main()
