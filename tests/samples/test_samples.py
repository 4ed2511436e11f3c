"""The sample pictures: what a person gets to train on, and that our own script drew every one."""

import importlib.util
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

SCRIPT = Path(__file__).with_name("draw.py")
SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
CLASSES = ("crab", "fish", "jellyfish", "octopus", "turtle")


@pytest.fixture(scope="module")
def script():
    """The drawing script as a module; its neighbours are found as when it is run."""
    spec = importlib.util.spec_from_file_location("samples_draw", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(SCRIPT.parent), *sys.path])
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pixels():
    """Every committed picture, decoded: float32 (256, 256, 3) in 0…255, by class/name."""
    files = sorted(SAMPLES.glob("*/*.jpg"))
    return {f"{file.parent.name}/{file.name}": decode(file) for file in files}


def decode(file):
    with Image.open(file) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.float32)


def run(*arguments):
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=True
    )


def test_a_folder_per_class_and_nothing_else():
    assert sorted(path.name for path in SAMPLES.iterdir()) == sorted(CLASSES)
    for kind in CLASSES:
        names = sorted(path.name for path in (SAMPLES / kind).iterdir())
        assert names == [f"{number:02}.jpg" for number in range(1, 41)]


def test_small_enough_to_ship():
    assert sum(file.stat().st_size for file in SAMPLES.glob("*/*.jpg")) < 2_000_000


def test_every_picture_is_a_256_pixel_jpeg():
    for file in SAMPLES.glob("*/*.jpg"):
        with Image.open(file) as picture:
            picture.load()
            assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (256, 256))


def test_no_two_pictures_are_alike(pixels):
    # A 16 x 16 thumbnail per picture, so that a copy saved anew is caught too.
    thumbnails = np.stack(
        [picture.reshape(16, 16, 16, 16, 3).mean((1, 3)) for picture in pixels.values()]
    )
    names = list(pixels)
    for i, thumbnail in enumerate(thumbnails[:-1]):
        distance = np.abs(thumbnails[i + 1 :] - thumbnail).mean((1, 2, 3))
        nearest = int(distance.argmin())
        assert distance[nearest] > 4, f"{names[i]} looks like {names[i + 1 + nearest]}"


def test_colour_gives_no_class_away(pixels):
    # If the mean colour told the classes apart, the nearest class mean would find most pictures.
    colours = np.stack([picture.mean((0, 1)) for picture in pixels.values()])
    labels = np.array([name.split("/")[0] for name in pixels])
    means = np.stack([colours[labels == kind].mean(0) for kind in CLASSES])
    guesses = np.linalg.norm(colours[:, None] - means, axis=2).argmin(1)
    assert (np.array(CLASSES)[guesses] == labels).mean() < 0.4


@pytest.mark.parametrize("number", [1, 40])
@pytest.mark.parametrize("kind", CLASSES)
def test_the_script_redraws_the_committed_picture(script, pixels, kind, number):
    drawn = np.asarray(script.draw(kind, number), dtype=np.float32)
    # JPEG costs two or three grey levels on average; another picture is tens away.
    assert np.abs(drawn - pixels[f"{kind}/{number:02}.jpg"]).mean() < 5


def test_the_same_seed_gives_the_same_bytes_in_another_process(script, tmp_path):
    done = run("--out", tmp_path, "--count", "1")
    assert done.stdout.startswith("5 pictures, ")
    for kind in CLASSES:
        assert (tmp_path / kind / "01.jpg").read_bytes() == script.encode(script.draw(kind, 1))


def test_drawing_twice_gives_the_same_pixels_and_another_seed_does_not(script):
    first, again, other = (script.draw("fish", 3, seed) for seed in (7, 7, 8))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_help_names_each_option_with_its_default():
    text = run("--help").stdout
    places = [text.index(word) for word in ("--out", "assets/samples", "--seed", "--count", "(40)")]
    assert all(before < after for before, after in pairwise(places[2:]))
