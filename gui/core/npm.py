"""A package from the npm registry, fetched once and then kept on this computer.

What comes is never run here; it goes into pages that people take home. Nothing is taken that isn't,
to the last bit, what was looked at when its digests were written down.
"""

import base64
import hashlib
import io
import os
import re
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.core import files
from gui.core.errors import DiskFull, DownloadError, disk_full
from gui.words import say

_REGISTRY: Final = "https://registry.npmjs.org"
_PATIENCE_S: Final = 30.0  # without a sign of life
_LARGEST_BYTES: Final = 200_000_000


@dataclass(frozen=True)
class Package:
    """One version of a package and the files that are wanted of it.

    Attributes:
        name: As the registry knows it.
        version: The one and only.
        integrity: "sha512-" and base64, as in a lock file, of the packed whole.
        sha256: Hex digest by path inside the package, of each wanted file.
    """

    name: str
    version: str
    integrity: str
    sha256: Mapping[str, str]


def cache_folder() -> Path:
    """Where programs keep what they can fetch again; source: XDG base directory specification."""
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named) / "freezepoint"
    try:
        return Path("~/.cache").expanduser() / "freezepoint"
    except RuntimeError:  # a user without a home, as in some containers
        return Path(tempfile.gettempdir()) / "freezepoint"


def registry() -> str:
    """The registry that npm would ask here: its environment, the person's .npmrc, the public one.

    Source: https://docs.npmjs.com/cli/using-npm/config.
    """
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
        if named := os.environ.get(name):
            return named.rstrip("/")
    try:
        lines = Path("~/.npmrc").expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError, RuntimeError):
        return _REGISTRY
    found = re.search(r"^\s*registry\s*=\s*[\"']?(https?://[^\s\"']+)", lines, re.MULTILINE)
    return found[1].rstrip("/") if found else _REGISTRY


def obtain(package: Package, cache: Path) -> dict[str, bytes]:
    """The wanted files of a package, by path; from the cache, or else from the registry.

    Raises:
        DownloadError: When it isn't in the cache and can't be fetched, or isn't the expected one.
    """
    folder = cache / f"{package.name.replace('/', '+')}-{package.version}"
    if found := _kept(package, folder):
        return found
    found = _unpack(package, _download(package))
    # Where there is no room, or no home that can be written to, it is fetched again next time.
    with suppress(OSError, DiskFull), disk_full():
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in found.items():
            files.write_bytes(folder / Path(path).name, content)
    return found


def _kept(package: Package, folder: Path) -> dict[str, bytes] | None:
    try:
        found = {path: (folder / Path(path).name).read_bytes() for path in package.sha256}
    except OSError:
        return None
    return found if _digests(found) == package.sha256 else None


def _download(package: Package) -> bytes:
    base = package.name.split("/")[-1]
    address = f"{registry()}/{package.name}/-/{base}-{package.version}.tgz"
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE_S) as answer:
            packed: bytes = answer.read(_LARGEST_BYTES)
    except (OSError, ValueError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", None) or error
        raise DownloadError(
            say(
                "“{name}” can't be fetched from {registry} ({reason}).",
                name=package.name,
                registry=registry(),
                reason=reason,
            ),
            say("Connect to the internet once and try again; afterwards it works offline."),
        ) from error
    digest = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise _another(package)
    return packed


def _unpack(package: Package, packed: bytes) -> dict[str, bytes]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        for path in package.sha256:
            file = archive.extractfile(f"package/{path}")
            found[path] = file.read() if file else b""
    if _digests(found) != package.sha256:
        raise _another(package)
    return found


def _digests(found: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(content).hexdigest() for path, content in found.items()}


def _another(package: Package) -> DownloadError:
    return DownloadError(
        say(
            "What {registry} gave as “{name}” {version} isn't what was published.",
            registry=registry(),
            name=package.name,
            version=package.version,
        ),
        say("Check the registry that npm is set to on this computer, then try again."),
    )
