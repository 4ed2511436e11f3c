import json
import shutil
import stat
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from gui.core import evaluation, learning_curve, opening, project
from gui.core.entry import Entry
from gui.core.errors import ArchiveError, DiskFull, FreezepointError, NotYours, RunError
from gui.core.events import Queued
from gui.core.retraining import retrained_from
from gui.core.workspace import Workspace
from tests.core.project_files import changed, finished_run, forge, members_of, quiet

TOKEN, OTHER = "a" * 30, "b" * 30
DAMAGED = (
    "“cats.zip” has been changed or damaged since it was made, so it isn't opened. Copy it again, "
    "or have it made again where it comes from."
)
FOREIGN = (
    "“cats.zip” is no project file of Freezepoint, or its end is missing. Choose a file that "
    "“Project file” under Take home has made, or copy it again."
)


@pytest.fixture
def owner(tmp_path):
    return Workspace(tmp_path / "here").owner(TOKEN)


@pytest.fixture
def stranger(tmp_path):
    return Workspace(tmp_path / "elsewhere").owner(OTHER)


@pytest.fixture
def run(owner):
    return finished_run(owner)


@pytest.fixture
def packed(run, tmp_path):
    path = tmp_path / "packed.zip"
    project.pack(run, path, quiet)
    return path


@pytest.fixture
def opens(stranger, tmp_path):
    """Opens a copy of a file as an upload; ``rebuild`` plays the worker."""

    def go(path: Path, rebuild=lambda _: None):
        upload = tmp_path / "uploads" / "1" / "cats.zip"
        upload.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, upload)
        try:
            return opening.for_owner(stranger, [Entry("cats.zip", upload)], rebuild, quiet)
        finally:
            assert not upload.exists()

    return go


@pytest.fixture
def refused(opens, stranger):
    """Opens a file that must be refused; the sentence, when nothing is left behind."""

    def go(path: Path, rebuild=lambda _: None) -> str:
        with pytest.raises(FreezepointError) as caught:
            opens(path, rebuild)
        left = [each for each in stranger.path.rglob("*") if each.is_file()]
        assert [each.name for each in left if each.name != "editing"] == []
        assert not list(stranger.path.glob(".opening-*"))
        return str(caught.value)

    return go


def test_all_of_a_run_opens_for_somebody_else(run, packed, opens, stranger, owner):
    opened = opens(packed)
    assert [each.id for each in stranger.runs()] == [opened.id]
    assert opened.path.parent == stranger.path / "runs"
    assert (opened.about, opened.config) == (run.about, run.config)
    assert opened.history == run.history
    assert opened.store == stranger.features
    before, after = run.split, opened.split
    assert after.labels == before.labels
    for side in ("train", "validation", "test"):
        ours, theirs = getattr(before, side), getattr(after, side)
        assert [(e.name, e.sha256, e.label) for e in ours] == [
            (e.name, e.sha256, e.label) for e in theirs
        ]
    for each in (*after.train, *after.validation):
        place = opened.pictures_root / each.path
        assert (
            place.read_bytes()
            == (
                run.pictures_root
                / next(
                    b.path for b in (*before.train, *before.validation) if b.sha256 == each.sha256
                )
            ).read_bytes()
        )
    data = stranger.dataset(opened.pictures_root.parent.name)
    assert data.edits == owner.dataset(run.pictures_root.parent.name).edits
    assert data.labels == ("cat", "dog")
    assert opened.best.read_bytes() == b"the best weights"
    assert opened.checkpoint.read_bytes() == b"where to go on"
    assert not opened.model.exists(), "it is built by the worker"
    assert learning_curve.load(opened.learning_curve) == learning_curve.load(run.learning_curve)
    told = json.loads(opened.evaluation("validation").read_text())
    assert [each["path"] for each in told["answers"]] == [e.path for e in after.validation]


def test_a_file_of_before_opens_without_what_it_lacks(packed, opens, tmp_path):
    about = json.loads(members_of(packed)["run.json"])
    del about["retrained_from"]
    old = changed(packed, tmp_path / "old.zip", run_json=about, **{"learning_curve.json": None})
    opened = opens(old)
    assert not opened.learning_curve.exists()
    assert retrained_from(opened) is None


def test_it_remembers_the_training_whose_pictures_were_mended(
    run, opens, owner, stranger, tmp_path
):
    before = finished_run(owner)
    told = json.loads((run.path / "run.json").read_text())
    (run.path / "run.json").write_text(json.dumps({**told, "retrained_from": before.id}))
    project.pack(run, tmp_path / "packed.zip", quiet)
    opened = opens(tmp_path / "packed.zip")
    assert retrained_from(opened) == before.id
    with pytest.raises(NotYours):  # on another computer, where it isn't, the page shows no "before"
        stranger.run(before.id)


def test_a_learning_curve_of_other_pictures_stays_at_home(run, tmp_path, opens):
    curve = learning_curve.load(run.learning_curve)
    learning_curve.save(replace(curve, tuned=True), run.learning_curve)
    project.pack(run, tmp_path / "packed.zip", quiet)
    assert not opens(tmp_path / "packed.zip").learning_curve.exists()


def test_a_folder_of_ones_own_is_made_of_it(packed, tmp_path, run):
    seen = []
    opened = opening.into_folder(
        packed, tmp_path / "new" / "run", lambda run: seen.append(run.split), quiet
    )
    assert opened.path == tmp_path / "new" / "run"
    assert seen == [opened.split]
    assert opened.pictures_root == opened.path / "pictures"
    assert opened.history == run.history
    again = [packed, tmp_path / "new" / "run", lambda _: None, quiet]
    with pytest.raises(RunError, match=r"isn't empty. Choose another folder with --run"):
        opening.into_folder(*again)


def test_nothing_in_it_tells_of_the_computer_it_is_from(packed, tmp_path):
    for name, content in members_of(packed).items():
        assert str(tmp_path).encode() not in content, name
        assert b"model.keras" not in content
    assert "model.keras" not in members_of(packed)


def test_any_changed_byte_is_told(packed, refused, tmp_path):
    content = bytearray(packed.read_bytes())
    path = tmp_path / "changed.zip"
    places = [*range(0, len(content), len(content) // 60), *range(len(content) - 90, len(content))]
    for place in places:
        tampered = bytearray(content)
        tampered[place] ^= 1
        path.write_bytes(tampered)
        assert refused(path) in (DAMAGED, FOREIGN), place


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"0",
        lambda content: b"0" + content,
        lambda _: b"",
        lambda _: b"not a zip at all",
    ],
    ids=["cut", "half", "longer", "shifted", "empty", "text"],
)
def test_what_is_no_whole_project_file_is_refused(packed, refused, tmp_path, spoil):
    path = tmp_path / "spoilt.zip"
    path.write_bytes(spoil(packed.read_bytes()))
    assert refused(path) in (FOREIGN, DAMAGED)


def test_a_zip_of_pictures_is_refused(refused, tmp_path):
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        archive.writestr("cat/1.jpg", b"...")
    assert refused(tmp_path / "pets.zip") == FOREIGN


NAMES = [
    "../escaped", "/etc/passwd", "pictures/../../x", "C:\\x", "run.json/x", "model.keras",
    "pictures/x.jpg", "PICTURES/" + "a" * 64, "pictures/" + "a" * 64 + ".jpg",
    "a" * 1000, "stop", "lock", "features/x", "pictures/" + "a" * 64 + "/x", "best.npz ",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=[f"{place}" for place in range(len(NAMES))])
def test_a_further_member_is_refused_whatever_its_name(packed, refused, tmp_path, name):
    found = [each for each in members_of(packed).items() if each[0] != "manifest.json"]
    into = forge(packed, [*found, (name, b"?")], into=tmp_path / "forged.zip")
    assert refused(into) == DAMAGED


def test_two_members_of_one_name_are_refused(packed, refused, tmp_path):
    found = [each for each in members_of(packed).items() if each[0] != "manifest.json"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        into = forge(packed, [*found, ("run.json", b"{}")], into=tmp_path / "forged.zip")
    assert refused(into) == DAMAGED


def test_a_link_is_refused(packed, refused, tmp_path):
    found = members_of(packed)
    del found["manifest.json"]
    link = zipfile.ZipInfo("best.npz")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    members = [(link if name == "best.npz" else name, what) for name, what in found.items()]
    assert refused(forge(packed, members, into=tmp_path / "forged.zip")) == DAMAGED


def test_packed_members_are_refused_so_that_no_bomb_goes_off(packed, refused, tmp_path):
    found = members_of(packed)
    del found["manifest.json"]
    found["best.npz"] = bytes(50_000_000)
    into = forge(packed, list(found.items()), into=tmp_path / "bomb.zip", packed=True)
    assert into.stat().st_size < 1_000_000
    assert refused(into) == DAMAGED


def test_a_manifest_that_lies_is_refused(packed, refused, tmp_path):
    found = members_of(packed)
    honest = json.loads(found.pop("manifest.json"))
    for change in (
        lambda told: told["members"].pop("run.json"),
        lambda told: told["members"]["run.json"].update(size_bytes=1),
        lambda told: told["members"]["run.json"].update(sha256="0" * 64),
        lambda told: told["members"]["best.npz"].update(sha256="0" * 64),
        lambda told: told.update(version=2),
        lambda told: told.update(members=[]),
    ):
        told = json.loads(json.dumps(honest))
        change(told)
        manifest = json.dumps(told).encode()
        into = forge(packed, list(found.items()), manifest, into=tmp_path / "forged.zip")
        assert refused(into) == DAMAGED
    for manifest in (b"", b"[]", b"{", b"[" * 100_000, b"\xff"):
        into = forge(packed, list(found.items()), manifest, into=tmp_path / "forged.zip")
        assert refused(into) == DAMAGED


@pytest.mark.parametrize(
    "name", ["run", "config", "split", "dataset", "evaluation", "learning_curve"]
)
@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"[" * 100_000, b"\xff\xfe"])
def test_json_that_says_nothing_is_refused(packed, refused, tmp_path, name, content):
    into = changed(packed, tmp_path / "forged.zip", **{f"{name}.json": content})
    assert refused(into) == DAMAGED


@pytest.mark.parametrize("name", ["run_json", "config_json", "split_json", "events_jsonl",
                                  "dataset_json", "best_npz", "checkpoint_npz"])  # fmt: skip
def test_a_missing_part_is_refused(packed, refused, tmp_path, name):
    assert refused(changed(packed, tmp_path / "forged.zip", **{name: None})) == DAMAGED


def spoilt_split(told):
    yield lambda: told["train"][0].update(path="../../secret")
    yield lambda: told["train"][0].update(path=told["train"][1]["path"])
    yield lambda: told["train"][0].update(sha256="0" * 64)
    yield lambda: told["train"][0].update(label=7)
    yield lambda: told["train"].append(told["validation"][0])
    yield lambda: told.update(validation=[])
    yield lambda: told.update(labels=["cat", "cat"])
    yield lambda: told.update(labels=["cat", "d\nog"])
    yield lambda: told.update(labels=["cat"])
    yield lambda: told.update(labels=[f"class {n}" for n in range(5000)])
    yield lambda: told["train"][0].update(name="half a letter: \ud800")
    yield lambda: told["train"][0].update(name="x" * 100_000)


def spoilt_data(told):
    yield lambda: told["classes"][0]["pictures"][0].update(path="../../secret")
    yield lambda: told["classes"][0]["pictures"][0].update(path="0" * 64)
    yield lambda: told["classes"][0].update(name="c\nat")
    yield lambda: told["classes"][0].update(name="dog")
    yield lambda: told["classes"][0]["pictures"][0].update(name="\ud800")
    yield lambda: told["classes"].extend(
        {"name": f"c{n}", "pictures": [], "included": True} for n in range(2000)
    )
    yield lambda: told["left_out"].append({"name": "a.png", "reason": "x" * 10**6})


def spoilt_answers(told):
    yield lambda: told["answers"].pop()
    yield lambda: told["answers"][0].update(sha256="0" * 64)
    yield lambda: told["answers"][0].update(path="../../secret")
    yield lambda: told.update(labels=["cat", "owl"])
    yield lambda: told.update(epoch=2)
    yield lambda: told.update(side="test")
    yield lambda: told["answers"][0].update(name="cat/another.png")
    # Measures that flatter: the page, the card and the report show them, not the answers.
    yield lambda: told["answers"][-1].update(probabilities=[0.25, 0.75])
    yield lambda: told["metrics"].update(right=2)
    yield lambda: told["metrics"].update(right=10**400, pictures=10**400)
    yield lambda: told["metrics"].update(loss=float("nan"))
    yield lambda: told["metrics"].update(confusion=[[1, 0], [0, 1]])
    yield lambda: told["metrics"].update(calibration=[{"confidence": 1, "right": 9, "pictures": 9}])
    yield lambda: told["metrics"]["classes"][0].update(precision=1.0)
    yield lambda: told["metrics"]["classes"][1].update(precision=1.0)
    yield lambda: told["metrics"]["classes"][1].update(recall=None)
    yield lambda: told["metrics"]["classes"][0].update(learned_from=2**52)
    yield lambda: told["metrics"]["classes"][0].update(pictures=2)


def spoilt_curve(told):
    yield lambda: told.update(labels=["cat", "owl"])
    yield lambda: told.update(truths=told["truths"][::-1])
    yield lambda: told.update(tuned=True)
    yield lambda: told["points"].pop()
    yield lambda: told["points"][0].update(share=0.3)
    yield lambda: told["points"][0].update(share=float("nan"))
    yield lambda: told["points"][0].update(learned_from=[1, 10**9])
    yield lambda: told["points"][0].update(right=told["points"][0]["right"][:1])
    yield lambda: told["points"][0].update(right=["1"] * 2)
    yield lambda: told["points"][1].update(right=["2" * len(told["truths"])] * 2)


def spoilt_about(told):
    yield lambda: told.update(retrained_from="../../secret")
    yield lambda: told.update(retrained_from=7)
    yield lambda: told.update(title="")
    yield lambda: told.update(title="x" * 2000)
    yield lambda: told.update(title="\ud800")
    yield lambda: told.update(created_at=-1)
    yield lambda: told.update(created_at=float("nan"))


def spoilt_config(told):
    yield lambda: told["train"].update(epochs=10**9)
    yield lambda: told["model"].update(image_size=100_000)
    yield lambda: told["model"].update(freeze_point="../x")
    yield lambda: told["train"].update(head_rate=float("nan"))


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("split.json", spoilt_split),
        ("dataset.json", spoilt_data),
        ("evaluation.json", spoilt_answers),
        ("learning_curve.json", spoilt_curve),
        ("run.json", spoilt_about),
        ("config.json", spoilt_config),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(packed, refused, tmp_path, name, spoil):
    honest = members_of(packed)[name].decode()
    for place in range(len(list(spoil(json.loads(honest))))):
        told = json.loads(honest)
        list(spoil(told))[place]()
        assert told != json.loads(honest)
        into = changed(packed, tmp_path / "forged.zip", **{name: told})
        assert refused(into) == DAMAGED, place


def test_events_that_no_training_tells_are_refused(packed, refused, tmp_path):
    lines = members_of(packed)["events.jsonl"].decode().splitlines(keepends=True)
    for spoilt in (
        lines[:-1],  # not finished
        [*lines, "{}\n"],
        [*lines, lines[-1].rstrip("\n")],
        [line.replace('"epoch": 2', '"epoch": 3') for line in lines],
        [line.replace('"val_loss": 0.6', '"val_loss": NaN') for line in lines],
        [line.replace('"accuracy": 0.5', '"accuracy": 7.5') for line in lines],
        [line.replace('"epochs": 2', '"epochs": 1000000') for line in lines],
        [line.replace("ab" * 32, "../x") for line in lines],
        [line.replace('"pictures": 2', '"pictures": 200') for line in lines],
        lines * 40_000,
    ):
        assert spoilt != lines
        into = changed(packed, tmp_path / "forged.zip", events_jsonl="".join(spoilt).encode())
        assert refused(into) == DAMAGED


def test_nothing_is_kept_when_the_worker_refuses_the_weights(packed, refused):
    def rebuild(run):
        assert run.best.read_bytes() == b"the best weights"
        raise RunError("The weights are strange.", "Copy it again.")

    assert refused(packed, rebuild) == "The weights are strange. Copy it again."


def test_several_files_at_once_are_refused(stranger, tmp_path):
    entries = [Entry(f"{n}.zip", tmp_path / f"{n}" / "x.zip") for n in (1, 2)]
    for each in entries:
        each.path.parent.mkdir()
        each.path.touch()
    with pytest.raises(FreezepointError, match=r"2 files at once. Choose one project file"):
        opening.for_owner(stranger, entries, lambda _: None, quiet)
    assert not any(each.path.exists() for each in entries)


def test_the_disk_keeps_its_reserve(packed, refused, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(opening.shutil, "disk_usage", lambda _: usage._replace(free=900_000_000))
    assert refused(packed) == str(DiskFull())


def test_only_a_whole_training_with_its_own_pictures_is_packed(run, tmp_path):
    path = tmp_path / "never.zip"
    picture = run.split.train[0]
    place = run.pictures_root / picture.path
    content = place.read_bytes()
    Image.new("RGB", (9, 9)).save(place)
    with pytest.raises(RunError, match=r"gone or has changed. Put it back"):
        project.pack(run, path, quiet)
    place.write_bytes(content)
    run.checkpoint.rename(tmp_path / "away")
    with pytest.raises(RunError, match="A file of this training is gone"):
        project.pack(run, path, quiet)
    (tmp_path / "away").rename(run.checkpoint)
    run.append(Queued(6.0, 4))
    with pytest.raises(RunError, match="isn't finished yet"):
        project.pack(run, path, quiet)
    assert not list(tmp_path.glob("*.part"))
    assert not path.exists()


def test_a_training_that_goes_on_meanwhile_leaves_no_file(run, tmp_path):
    with pytest.raises(RunError, match="trained further meanwhile"):
        project.pack(run, tmp_path / "never.zip", lambda *_: run.append(Queued(6.0, 4)))
    assert not (tmp_path / "never.zip").exists()


def test_an_evaluation_of_an_older_epoch_stays_at_home(run, tmp_path, opens):
    """With it, nobody could open the file."""
    older = evaluation.load(run.evaluation("validation"))
    evaluation.save(replace(older, epoch=2), run.evaluation("validation"))
    project.pack(run, tmp_path / "packed.zip", quiet)
    opened = opens(tmp_path / "packed.zip")
    assert not opened.evaluation("validation").exists()


def test_the_pictures_of_a_folder_without_a_list_become_a_data_set(run, packed, opens, stranger):
    (run.pictures_root.parent / "dataset.json").write_text('{"version": 1, "what": "another"}')
    project.pack(run, packed, quiet)
    opened = opens(packed)
    data = stranger.dataset(opened.pictures_root.parent.name)
    assert {each.name: len(each.pictures) for each in data.classes} == {"cat": 4, "dog": 5}
    divided = opening.contents.split.divide(data, 0.5, 9)
    assert divided.validation == opened.split.validation, "its division stays"


def test_a_changed_seal_alone_is_told(packed):
    content = packed.read_bytes()
    packed.write_bytes(content[:-64] + b"0" * 64)
    with pytest.raises(ArchiveError), project.opened(packed, "cats.zip"):
        raise AssertionError
