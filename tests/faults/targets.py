"""What is fuzzed: for each target its examples, and what is done with one of them."""

import gzip
import io
import json
import shutil
import warnings
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from gui.core import (
    contents,
    flowers,
    ingest,
    likeness,
    opening,
    pictures,
    project,
    record,
    scaled,
    tarball,
    unpacking,
    uploads,
)
from gui.core.archive import Limits
from gui.core.entry import Entry
from gui.core.errors import FreezepointError
from gui.core.workspace import Workspace, new_token
from tests.core.project_files import changed, finished_run, forge, members_of, quiet
from tests.faults import seeds
from tests.faults.mutations import ODD, altered, json_bytes, png, spoiled
from tests.faults.zips import structured

SMALL: Final = Limits(
    entries=300, member_bytes=2_000_000, total_bytes=20_000_000, ratio_from_bytes=4_000_000,
    depth=5, reserve_bytes=0,
)  # fmt: skip


class Target:
    """One thing that is fuzzed.

    Attributes:
        examples: What hypothesis draws from.
        wholes: What a fuzzer of bytes begins with.
        allowed: What an example may end in, beside a value.
    """

    examples: st.SearchStrategy[Any]
    wholes: Sequence[bytes] = ()
    allowed: tuple[type[BaseException], ...] = (FreezepointError,)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check(self, example: Any) -> None:
        """Give the example to the program."""
        raise NotImplementedError

    def between(self) -> None:
        """Tidy up; after some hundred examples."""

    def anew(self, name: str = "into") -> Path:
        """A folder that isn't there."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        return path


class Pictures(Target):
    """A picture file of any kind, read as the page, the training and the look-alikes do."""

    wholes = seeds.pictures()
    examples = st.one_of(
        spoiled(seeds.pictures()),
        spoiled(seeds.pictures()),
        st.sampled_from(seeds.pngs()).flatmap(png),
        st.binary(max_size=60),
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        warnings.simplefilter("ignore")

    def check(self, example: bytes) -> None:
        """Read whole, read small, and as a thumbnail."""
        found = pictures.open_picture(io.BytesIO(example))
        if (found.mode, found.info) != ("RGB", {}):
            raise AssertionError(f"{found.mode} with {found.info}")
        if found.width * found.height <= 1_000_000:
            likeness.of(pictures.open_picture(io.BytesIO(example), likeness.SIDE_PX))
            scaled.read(io.BytesIO(example), 64, 48)
            scaled.read_whole(io.BytesIO(example), 64, 48)


def _again(content: bytes) -> st.SearchStrategy[bytes]:
    return spoiled([content])


def _packed(content: bytes) -> bytes:
    with_ends = content if content[:2] != b"\x1f\x8b" else _unpacked(content)
    return gzip.compress(with_ends, 1)


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(content, 10**6)
    except zlib.error:
        return content


class Zip(Target):
    """A zip, unpacked and read into a data set."""

    wholes = seeds.zips()
    examples = st.one_of(spoiled(seeds.zips()), structured(), structured().flatmap(_again))

    def check(self, example: bytes) -> None:
        """Unpack it; what comes out lies in the folder and nowhere else."""
        path, into = self.folder / "some.zip", self.anew()
        path.write_bytes(example)
        given = unpacking.extract(path, into, SMALL)
        total = sum(each.path.stat().st_size for each in given.entries)
        if total > SMALL.total_bytes or any(each.path.parent != into for each in given.entries):
            raise AssertionError(f"{total} bytes, {given.entries}")
        ingest.read(given.entries, into, left_out=given.left_out)


class Tarball(Target):
    """A packed tar, and whether it is taken for the flowers."""

    wholes = seeds.tarballs()
    examples = st.one_of(spoiled(seeds.tarballs()), spoiled(seeds.tarballs()).map(_packed))

    def check(self, example: bytes) -> None:
        """Unpack it and look what it is."""
        path, into = self.folder / "some.tgz", self.anew()
        path.write_bytes(example)
        found = tarball.unpack(path, into, SMALL, quiet)
        with suppress(FreezepointError):  # these are no flowers; they were unpacked all the same
            flowers.record(found, into)


class Project(Target):
    """A project file: spoiled, forged member by member, or with parts that say something else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        owner = Workspace(folder / "work").owner(new_token())
        self.whole = folder / "whole.zip"
        project.pack(finished_run(owner, each=6), self.whole, quiet)
        self.wholes = [self.whole.read_bytes()]
        self.members = members_of(self.whole)
        del self.members["manifest.json"]
        told = {
            name: json.loads(content)
            for name, content in self.members.items()
            if name.endswith(".json")
        }
        lines = [json.loads(line) for line in self.members["events.jsonl"].splitlines()]
        self.examples = st.one_of(
            spoiled(self.wholes),
            st.sampled_from(sorted(told)).flatmap(
                lambda name: st.tuples(st.just(name), json_bytes(told[name]))
            ),
            altered(lines).map(lambda each: ("events.jsonl", _as_lines(each))),
            st.tuples(st.just("manifest.json"), json_bytes(self._manifest())),
        )

    def check(self, example: bytes | tuple[str, bytes]) -> None:
        """Open it as the page does; nobody asks the worker about the weights."""
        path = self.folder / "given.zip"
        if isinstance(example, bytes):
            path.write_bytes(example)
        elif example[0] == "manifest.json":
            forge(path, list(self.members.items()), manifest=example[1])
        else:
            changed(self.whole, path, **{example[0]: example[1]})
        with project.opened(path, "given.zip") as found:
            contents.read(found)
        run = opening.into_folder(path, self.anew("run"), lambda _: None, quiet)
        if not run.readable:
            raise AssertionError("opened, but it can't be read")

    def _manifest(self) -> object:
        return json.loads(members_of(self.whole)["manifest.json"])


class Manifest(Target):
    """What a browser tells about the files it has sent."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.uploads = folder / "uploads"
        sent = [self._send(number) for number in range(3)]
        rows = [
            {"rel": f"pets/cat/{n}.png", "path": str(path), "size": 9, "original": "ab" * 32}
            for n, path in enumerate(sent)
        ]
        skipped = [{"rel": "a.mov", "code": "too_large", "reason": "larger than the limit"}]
        whole = {"files": rows, "skipped": skipped, "junk": 1, "before": 9, "sent": 9, "nonce": 0.5}
        self.examples = altered(whole)

    def check(self, example: object) -> None:
        """Prove each file, take them, and read them into a data set."""
        given = uploads.read(example, self.uploads)
        aside = uploads.skipped(example)
        into = self.anew()
        taken = uploads.copy(given, into)
        record.save(ingest.read(taken, into, left_out=aside), self.folder / "dataset.json")

    def _send(self, number: int) -> Path:
        path = self.uploads / f"{number:040d}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(seeds.pngs()[number])
        return path


class Names(Target):
    """What files and classes may be called."""

    examples = st.lists(
        st.one_of(
            st.text(max_size=40),
            st.text(st.characters(categories=["Cf", "Cc", "Cs", "Zl", "Mn", "Co"]), max_size=12),
            st.from_regex(r"(train|val|test|a|b|\.\.|\.|__MACOSX|C:)(/[^/]{0,4}){0,4}"),
            ODD.filter(lambda each: isinstance(each, str)),
        ),
        min_size=1,
        max_size=8,
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.root = folder / "pictures"
        self.root.mkdir()
        for number, content in enumerate(seeds.pngs()):
            (self.root / f"{number:06d}").write_bytes(content)

    def check(self, example: list[str]) -> None:
        """Read pictures of these names, write the list, and read it again."""
        entries = [
            Entry(name, self.root / f"{number % 8:06d}") for number, name in enumerate(example)
        ]
        found = ingest.read(entries, self.root)
        record.save(found, self.folder / "dataset.json")
        if record.load(self.folder / "dataset.json", self.root) != found:
            raise AssertionError("what was written reads as something else")


def _as_lines(value: object) -> bytes:
    rows = value if isinstance(value, list) else [value]
    return "".join(json.dumps(each) + "\n" for each in rows).encode()


def _page(name: str) -> Callable[[Path], Target]:
    def make(folder: Path) -> Target:
        from tests.faults import page_targets  # Gradio loads with the first of these

        made: Target = getattr(page_targets, name)(folder)
        return made

    return make


BYTES: Final = ("pictures", "zip", "tarball")
TARGETS: Final[dict[str, Callable[[Path], Target]]] = {
    "pictures": Pictures,
    "zip": Zip,
    "tarball": Tarball,
    "project": Project,
    "manifest": Manifest,
    "names": Names,
    "disk": _page("Disk"),
    "events": _page("Events"),
    "worker": _page("Worker"),
}
