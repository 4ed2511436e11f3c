"""The Model step by its own door: the risk, what the blocks see, the variants that are read."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gui.core import dataset, scaled, split, views
from gui.core.activations import BLOCKS, BlockMaps, Map, Seen
from gui.core.config import ModelSettings
from gui.core.errors import WeightsError
from gui.core.site import Site
from tests.page.visitors import settings

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"


@pytest.fixture
def someone(visitor, site: Site):
    """A visitor with the sample pictures."""
    made = visitor()
    site.take_samples(made.owner, lambda *_: None)
    return made


@pytest.fixture
def looked(site: Site, monkeypatch) -> list[tuple[list[str], int]]:
    """What the worker is asked to look at: names and size. It sees three filters everywhere."""
    asked: list[tuple[list[str], int]] = []

    def see(files: list[tuple[str, Path]], image_size: int) -> list[Seen]:
        asked.append(([name for name, path in files if path.is_file()], image_size))
        maps = tuple(Map(number, f"data:{number}") for number in range(3))
        blocks = tuple(
            BlockMaps(block, image_size >> (block - 1), 64 * block, maps) for block in BLOCKS
        )
        return [Seen(name, "data:small", blocks) for name, _ in files]

    monkeypatch.setattr(site.jobs.questions, "see", see)
    return asked


def opened(address: str) -> np.ndarray:
    content = base64.b64decode(address.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), int)


def test_the_risk_is_told_beside_what_it_takes(someone) -> None:
    def risk(**changed: object) -> str:
        ticked = someone.does(someone.page.plan.timer, "tick", *settings(someone, **changed))
        return ticked[someone.page.model.risk]

    assert risk().startswith("**Risk of memorising: low.** 0.9% of the weights (132,613) would")
    deep = risk(freeze_point="block1_conv1")
    assert deep.startswith("**Risk of memorising: high.** 100% of the weights (14,847,301) would")
    assert "learn from 160 pictures" in deep
    halved = split.divide(someone.owner.open_dataset, 0.5)
    fewer = f"learn from {len(halved.train)} pictures"
    assert len(halved.train) < 160
    assert fewer in risk(validation_share=0.5), "as chosen under Train"


def test_without_pictures_there_is_no_risk(visitor) -> None:
    nobody = visitor()
    shown = nobody.does(nobody.page.plan.timer, "tick", *settings(nobody))
    assert shown[nobody.page.model.risk] == ""


def test_what_the_blocks_see_is_looked_up_when_the_fold_is_opened(someone, looked) -> None:
    sees = someone.page.model.sees
    assert looked == [], "nothing is computed before"
    shown = someone.does(sees.fold, "expand", 160)
    names = ["crab/01.jpg", "fish/01.jpg", "jellyfish/01.jpg"]
    assert looked == [(names, 160)]
    assert "before it learns anything from your pictures" in shown[sees.note]
    blocks = shown[sees.sights]["blocks"]
    assert [each["facts"] for each in blocks][::4] == [
        "3 of 64 filters, each at 160 × 160 places",
        "3 of 320 filters, each at 10 × 10 places",
    ]
    assert blocks[2]["tells"] == "Block 3 sees patterns: scales, grids, spots in a row."
    assert [each["name"] for each in blocks[0]["looks"]] == names
    assert blocks[0]["looks"][0]["maps"] == ["data:0", "data:1", "data:2"]
    again = someone.does(sees.fold, "expand", 160)
    assert again[sees.sights] == shown[sees.sights]
    assert len(looked) == 1, "it is kept"


def test_why_nothing_is_seen_is_said_in_its_place(someone, site, monkeypatch) -> None:
    def see(*_: object) -> list[Seen]:
        raise WeightsError("No VGG16 weights were found.", "Connect to the internet once.")

    monkeypatch.setattr(site.jobs.questions, "see", see)
    shown = someone.does(someone.page.model.sees.fold, "expand", 160)
    note = shown[someone.page.model.sees.note]
    assert note.startswith("⚠ No VGG16 weights were found&#46;")
    assert not shown[someone.page.model.sees.sights]


def test_the_variants_are_those_that_training_reads(someone) -> None:
    part = someone.page.model.variants
    shown = someone.does(part.fold, "expand", *settings(someone, image_size=96, views=4))
    value = shown[part.tiles]
    assert value["name"] == "crab/01.jpg"
    assert "the first 4 of them" in value["note"]
    assert [each["used"] for each in value["tiles"]] == [True] * 4 + [False] * 5
    crab = next(each for each in someone.owner.open_dataset.classes if each.name == "crab")
    picture = crab.pictures[0]
    plain = scaled.read_pixels(SAMPLES / "crab" / "01.jpg", 96)
    for view, each in enumerate(value["tiles"]):
        drawn = views.draw(plain, picture.sha256, view, ModelSettings(image_size=96))
        found = opened(each["picture"])
        assert found.shape == (96, 96, 3)
        assert np.abs(found - drawn).mean() < 4, "the same but for the WebP"


def test_another_picture_and_a_switch_change_what_is_shown(someone) -> None:
    part = someone.page.model.variants
    given = settings(someone, image_size=64)
    rotation = someone.page.model.settings["rotation"]
    someone.does(part.fold, "expand", *given)
    names = [someone.does(part.tiles, "another", *given)[part.tiles]["name"] for _ in range(5)]
    assert names[0] == "fish/01.jpg"
    assert names[-1].startswith("crab/")
    assert names[-1] != "crab/01.jpg"
    off = settings(someone, image_size=64, flip=False, rotation=False, zoom=False)
    shown = changed(someone, rotation, part, off)[part.tiles]
    assert shown["name"] == names[-1], "a switch keeps the picture"
    assert len(shown["tiles"]) == 1
    assert shown["note"].startswith("Every augmentation is off")


def test_a_closed_fold_draws_nothing(someone) -> None:
    part = someone.page.model.variants
    rotation = someone.page.model.settings["rotation"]
    given = settings(someone, image_size=64)
    assert "tiles" not in changed(someone, rotation, part, given)[part.tiles]
    someone.does(part.fold, "expand", *given)
    assert changed(someone, rotation, part, given)[part.tiles]["tiles"]
    someone.does(part.fold, "collapse")
    assert "tiles" not in changed(someone, rotation, part, given)[part.tiles]


def test_a_class_that_is_left_out_is_not_shown(someone) -> None:
    part = someone.page.model.variants
    given = settings(someone, image_size=64)
    someone.does(part.fold, "expand", *given)
    desk, left = someone.owner.desk, someone.owner.open_dataset
    without = dataset.include(left, "crab", included=False)
    someone.owner.save_dataset(desk.dataset, without)
    rotation = someone.page.model.settings["rotation"]
    assert changed(someone, rotation, part, given)[part.tiles]["name"] == "fish/01.jpg"


def changed(someone, control, part, values: list[object]) -> dict:
    """What the variants answer when a control has changed."""
    for index, function in someone.page.blocks.fns.items():
        outputs = list(function.outputs)
        if (control._id, "change") in function.targets and part.tiles in outputs:
            told = someone.client.predict(someone.token, *values, fn_index=index)
            return {part.tiles: told[0] if isinstance(told, list | tuple) else told}
    raise LookupError(control)
