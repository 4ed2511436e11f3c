"""A small archive in the form of the real one, and a server on this computer that hands it out."""

import io
import random
import tarfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image

from gui.core.flowers import CLASSES

LICENCE = "All images in this archive are licensed …\nThe photographers are listed below.\n"


def jpeg(number: int) -> bytes:
    """A picture of its own, about 4 kB: a colour with noise."""
    noise = random.Random(number).randbytes(64 * 48 * 3)
    speckled = Image.frombytes("RGB", (64, 48), noise)
    colour = Image.new("RGB", (64, 48), (number * 37 % 256, number * 91 % 256, 90))
    file = io.BytesIO()
    Image.blend(colour, speckled, 0.5).save(file, "JPEG", quality=90)
    return file.getvalue()


def members(
    per_class: int = 25, classes: Iterable[str] = CLASSES, content: bytes | None = None
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes as in the real one."""
    yield "flower_photos/LICENSE.txt", LICENCE.encode()
    for place, name in enumerate(classes):
        for number in range(per_class):
            rel = f"flower_photos/{name}/{number:05d}_{number * 7919:x}_n.jpg"
            yield rel, content or jpeg(place * 1000 + number)


def pack(path: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for rel, content in files:
            member = tarfile.TarInfo(rel)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


class Server(ThreadingHTTPServer):
    """Hands out files by name, and counts how often it was asked.

    Attributes:
        asked: Addresses, in order.
        pause_s: Between two pieces of a file.
        promise: Bytes more than there are that it says a file has; then it hangs up.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.folder = folder
        self.asked: list[str] = []
        self.pause_s = 0.0
        self.promise = 0

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"


class _Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path = self.server.folder / self.path.strip("/")
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) + self.server.promise))
        self.end_headers()
        step = max(1, len(content) // 100)
        try:
            for start in range(0, len(content), step):
                self.wfile.write(content[start : start + step])
                time.sleep(self.server.pause_s)
        except (BrokenPipeError, ConnectionResetError):
            return  # it was stopped

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
