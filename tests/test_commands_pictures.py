"""What a command says about the pictures that it is given."""

import shutil

from PIL import Image, ImageEnhance

from gui.commands import pictures
from gui.core.config import TrainSettings
from tests.conftest import ROOT

SAMPLES = ROOT / "assets" / "samples"


def test_a_burst_and_look_alikes_are_said_on_standard_error(tmp_path, capsys) -> None:
    root = tmp_path / "sea"
    for kind in ("crab", "fish"):
        (root / kind).mkdir(parents=True)
        for number in range(1, 5):
            shutil.copy(SAMPLES / kind / f"{number:02}.jpg", root / kind)
    with Image.open(SAMPLES / "crab" / "01.jpg") as image:
        for number in range(6):
            brighter = ImageEnhance.Brightness(image).enhance(0.9 + number / 30)
            brighter.save(root / "crab" / f"burst{number}.jpg")
        image.save(root / "fish" / "crab.jpg", quality=60)
    data = pictures.read(root, tmp_path / "unpacked")
    divided = pictures.divide(data, TrainSettings(validation_share=0.3, test_share=0.2))
    out, said = capsys.readouterr()
    assert out == ""
    burst, across = said.splitlines()
    assert burst.startswith("Look: 7 of the 10 pictures of “crab” look almost the same. They count")
    assert across == (
        "Look: These look almost the same, in different classes: crab/01.jpg, crab/burst0.jpg, "
        "crab/burst1.jpg, crab/burst2.jpg and 4 more pictures"
    )
    together = {each.name for each in divided.train if "burst" in each.name}
    assert together == {f"crab/burst{number}.jpg" for number in range(6)}
    assert "fish/crab.jpg" in [each.name for each in divided.train]
