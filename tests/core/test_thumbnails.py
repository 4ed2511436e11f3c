from gui.core import thumbnails
from gui.core.dataset import Picture
from gui.core.errors import NotYours
from tests.core.visitors import make_dataset, refusal


def test_a_thumbnail_is_made_once_and_kept(owner):
    dataset_id = make_dataset(owner)
    opened = owner.dataset(dataset_id)
    picture = opened.classes[0].pictures[0]
    shown = thumbnails.thumbnail(opened, picture)
    assert shown.startswith("data:image/webp;base64,")
    (opened.root / picture.path).unlink()
    assert thumbnails.thumbnail(opened, picture) == shown
    (kept,) = (owner.path / "datasets" / dataset_id / "thumbnails").iterdir()
    assert kept.name == f"{picture.sha256}.webp"
    kept.unlink()
    assert thumbnails.thumbnail(opened, picture) == ""


def test_a_thumbnail_goes_by_a_digest_and_by_nothing_else(owner):
    opened = owner.dataset(make_dataset(owner))
    for odd in ("../../../desk", "", "A" * 64, "a" * 63, "a" * 64 + "\n"):
        assert refusal(NotYours, thumbnails.thumbnail, opened, Picture("x", odd, "cat/0.png")) == (
            "That is not a picture of yours. Choose your pictures again."
        )
    assert not (opened.root.parent / "thumbnails").exists()


def test_a_full_disk_leaves_no_half_thumbnail(owner, full):
    opened = owner.dataset(make_dataset(owner))
    picture = opened.classes[0].pictures[0]
    full()
    assert thumbnails.thumbnail(opened, picture).startswith("data:image/webp;base64,")
    assert list((opened.root.parent / "thumbnails").iterdir()) == []
    full.over()
    assert thumbnails.thumbnail(opened, picture).startswith("data:image/webp;base64,")
