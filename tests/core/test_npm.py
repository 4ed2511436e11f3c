"""Packages from npm's registry, here a server of our own that holds one."""

import base64
import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gui.core import npm
from gui.core.errors import DownloadError

CODE, TEXT = b"export const one = 1;\n", b"read me"


def packed() -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        for name, content in (("package/dist/one.mjs", CODE), ("package/README.md", TEXT)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return whole.getvalue()


TARBALL = packed()
PACKAGE = npm.Package(
    "@small/one",
    "1.2.3",
    "sha512-" + base64.b64encode(hashlib.sha512(TARBALL).digest()).decode(),
    {"dist/one.mjs": hashlib.sha256(CODE).hexdigest()},
)


class Registry(ThreadingHTTPServer):
    asked: list[str]


@pytest.fixture
def registry(monkeypatch) -> Iterator[Registry]:
    """A registry that npm is set to here."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(TARBALL)

        def log_message(self, *_: object) -> None:
            pass

    server = Registry(("127.0.0.1", 0), Answer)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", f"http://127.0.0.1:{server.server_port}/")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_is_fetched_once_and_then_found_offline(registry, tmp_path, monkeypatch) -> None:
    assert npm.obtain(PACKAGE, tmp_path) == {"dist/one.mjs": CODE}
    assert registry.asked == ["/@small/one/-/one-1.2.3.tgz"]
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:1")
    assert npm.obtain(PACKAGE, tmp_path) == {"dist/one.mjs": CODE}


def test_what_is_damaged_in_the_cache_is_fetched_again(registry, tmp_path) -> None:
    npm.obtain(PACKAGE, tmp_path)
    (kept,) = tmp_path.rglob("*.mjs")
    kept.write_bytes(b"something else")
    assert npm.obtain(PACKAGE, tmp_path) == {"dist/one.mjs": CODE}
    assert kept.read_bytes() == CODE
    assert len(registry.asked) == 2


@pytest.mark.parametrize(
    "expected",
    [
        replace(PACKAGE, integrity="sha512-AAAA"),
        replace(PACKAGE, sha256={"dist/one.mjs": "0" * 64}),
    ],
)
def test_another_content_than_expected_is_never_kept(registry, tmp_path, expected) -> None:
    with pytest.raises(DownloadError, match=r"isn't what was published\. Check the registry"):
        npm.obtain(expected, tmp_path)
    assert not list(tmp_path.rglob("*.mjs"))


def test_without_a_network_a_person_is_told_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:1")
    with pytest.raises(DownloadError) as caught:
        npm.obtain(PACKAGE, tmp_path)
    assert caught.value.what.startswith("“@small/one” can't be fetched from http://127.0.0.1:1 (")
    assert caught.value.hint.startswith("Connect to the internet once")


def test_the_registry_is_the_one_npm_is_set_to(tmp_path, monkeypatch) -> None:
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert npm.registry() == "https://registry.npmjs.org"
    (tmp_path / ".npmrc").write_text("fund=false\nregistry = https://mirror.example/npm/\n")
    assert npm.registry() == "https://mirror.example/npm"
    monkeypatch.setenv("npm_config_registry", "https://other.example")
    assert npm.registry() == "https://other.example"


def test_the_cache_is_where_programs_keep_theirs(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert npm.cache_folder() == tmp_path / "cache" / "freezepoint"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert npm.cache_folder() == tmp_path / ".cache" / "freezepoint"


def test_what_cannot_be_kept_is_had_all_the_same(registry, tmp_path) -> None:
    taken = tmp_path / "a file"
    taken.touch()
    assert npm.obtain(PACKAGE, taken / "cache") == {"dist/one.mjs": CODE}


def test_a_user_without_a_home_has_a_cache_too(monkeypatch) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "expanduser", homeless)
    assert npm.cache_folder().name == "freezepoint"
