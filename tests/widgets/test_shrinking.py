"""Photos are made small before they are sent, and what can't be made small goes as it is."""

import hashlib
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from playwright.sync_api import expect

from gui.core import pictures, scaled
from gui.widgets.folder_drop import folder_drop
from tests.core.test_pictures import HEIC

pytestmark = pytest.mark.browser

UPLOAD = re.compile(r"/gradio_api/upload$")
RED, BLUE = (200, 30, 30), (30, 30, 200)


def make():
    return folder_drop("pictures", "Drop pictures here", folders=True)


@pytest.fixture
def on(stage):
    on = stage(make, event="uploaded")
    yield on
    on.page.unroute_all(behavior="ignoreErrors")


@pytest.fixture
def send(on, tmp_path):
    """``send({name: bytes})``: these files through the page; what arrived, by name."""

    def send(files: dict[str, bytes]) -> dict[str, bytes]:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content)
        on.page.locator(".pictures-input").set_input_files([tmp_path / name for name in files])
        return {file["rel"]: Path(file["path"]).read_bytes() for file in on.told()["files"]}

    return send


def halves(width: int, height: int) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def scene(width: int, height: int, seed: int = 0) -> Image.Image:
    """Smooth colours with grain, as a photo has them."""
    chance = np.random.default_rng(seed)
    coarse = Image.fromarray(chance.integers(0, 255, (9, 12, 3), dtype=np.uint8))
    large = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), dtype=np.int16)
    grain = chance.integers(-6, 7, (height, width, 1))
    return Image.fromarray((large + grain).clip(0, 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def camera_notes(orientation: int) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = "Camera maker"
    notes[0x8825] = {1: "N", 2: (47.0, 22.0, 30.0), 3: "E", 4: (8.0, 32.0, 15.0)}  # GPS
    return notes


def shown(content: bytes) -> Image.Image:
    return pictures.open_picture(io.BytesIO(content))


def test_a_photo_arrives_upright_without_notes_and_small(send, on):
    before = encoded(halves(3000, 1500), quality=95, exif=camera_notes(6))
    assert b"Exif" in before
    arrived = send({"holiday.jpg": before})["holiday.jpg"]
    with Image.open(io.BytesIO(arrived)) as image:
        assert (image.format, image.size) == ("JPEG", (512, 1024))
        assert dict(image.getexif()) == {}
    assert not re.search(rb"exif|gps|camera", arrived, re.I)
    for content in (before, arrived):  # both stand the same way up to our reader
        upright = shown(content)
        for place, colour in (((0.5, 0.2), RED), ((0.5, 0.8), BLUE)):
            at = tuple(int(part * side) for part, side in zip(place, upright.size, strict=True))
            assert np.abs(np.subtract(upright.getpixel(at), colour)).max() < 12
    manifest = on.told()
    assert (manifest["before"], manifest["sent"]) == (len(before), len(arrived))
    assert manifest["files"][0]["size"] == len(arrived)
    assert manifest["files"][0]["original"] == hashlib.sha256(before).hexdigest()


@pytest.mark.parametrize("orientation", [2, 5, 8])
def test_a_small_photo_with_notes_keeps_its_size_and_loses_them(send, orientation):
    before = encoded(halves(300, 200), exif=camera_notes(orientation))
    arrived = send({"small.jpg": before})["small.jpg"]
    assert b"Exif" not in arrived
    ours, theirs = shown(arrived), shown(before)
    assert ours.size == theirs.size
    assert np.abs(np.subtract(ours, theirs, dtype=np.int16)).mean() < 3


def test_what_is_small_and_plain_or_can_t_be_opened_arrives_byte_for_byte(send, on):
    big = scene(1600, 1200)
    jpeg, png = encoded(big, exif=camera_notes(1)), encoded(big.crop((0, 0, 900, 700)), "PNG")
    deep = Image.fromarray(np.arange(600 * 700, dtype=np.uint16).reshape(600, 700))
    damaged = bytearray(png)
    damaged[len(png) // 2 : len(png) // 2 + 40] = bytes(40)
    files = {
        "drawing.png": encoded(halves(60, 40), "PNG"),
        "small.jpg": encoded(halves(400, 300)),
        "phone.heic": HEIC,
        "deep.tiff": encoded(deep, "TIFF"),
        "printed.jpg": encoded(big.convert("CMYK")),
        "cut.jpg": jpeg[: len(jpeg) // 2],
        "cut.png": png[: len(png) // 2],
        "damaged.png": bytes(damaged),
        "text.jpg": b"no picture at all",
        "empty.jpg": b"",
    }
    assert send(files) == files
    assert all("original" not in each for each in on.told()["files"])
    expect(on.page.locator(".result")).to_have_text(
        "10 files received · 8 went whole: the browser can't open them"
    )


def test_what_is_see_through_lies_on_white_and_names_stay(send):
    image = scene(1200, 900).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    before = encoded(image, "PNG")
    arrived = send({"glass.png": before})
    ours, theirs = shown(arrived["glass.png"]), shown(before)
    assert arrived["glass.png"].startswith(b"\xff\xd8"), "a JPEG, whatever its name ends in"
    assert ours.size == (683, 512)
    difference = np.subtract(ours, theirs.resize(ours.size), dtype=np.int16)
    assert np.abs(difference).mean() < 3


def test_of_a_large_animation_the_first_picture_arrives(send):
    frames = [Image.new("RGB", (900, 700), colour) for colour in (RED, BLUE)]
    before = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    small = encoded(frames[0].resize((90, 70)), "GIF", save_all=True, append_images=frames[1:])
    arrived = send({"large.gif": before, "small.gif": small})
    assert arrived["small.gif"] == small
    assert np.abs(np.subtract(shown(arrived["large.gif"]).getpixel((9, 9)), RED)).max() < 12


def test_colours_stay_as_training_would_have_seen_them(send):
    # A profile that says red where the file says blue: our reader and Keras look at no profile.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    arrived = send({"wide.jpg": encoded(halves(1200, 1000), quality=95, icc_profile=swapped)})
    assert np.abs(np.subtract(shown(arrived["wide.jpg"]).getpixel((9, 9)), RED)).max() < 12


def test_training_sees_nearly_the_same_and_equal_files_stay_equal(send):
    first, second = (encoded(scene(2000, 1500, seed), quality=92) for seed in (1, 2))
    arrived = send({"a.jpg": first, "b.jpg": second, "copy.jpg": first})
    assert arrived["a.jpg"] == arrived["copy.jpg"]
    assert arrived["a.jpg"] != arrived["b.jpg"]
    for size in (160, 256):
        ours, theirs = (
            scaled.read_pixels(io.BytesIO(each), size).astype(np.int16)
            for each in (arrived["a.jpg"], first)
        )
        assert np.abs(ours - theirs).mean() < 1.5


def test_it_says_what_was_saved_also_after_python_is_done(send, on, look):
    send({f"{seed}.jpg": encoded(scene(1600, 1200, seed), quality=97) for seed in range(4)})
    said = r"Sent \d+ kB instead of [\d.]+ MB$"
    expect(on.page.locator(".result")).to_have_text(re.compile("^4 files received · " + said))
    look(on, "drop-shrunk")
    on.send({"busy": "Reading 1 of 4 pictures", "fraction": 0.25})
    expect(on.page.locator(".saved")).to_contain_text("instead of")
    on.send(None)
    expect(on.page.locator(".result")).to_have_text(re.compile("^" + said))


def test_originals_are_sent_whole_when_somebody_wants_them(send, on):
    before = encoded(scene(1600, 1200), exif=camera_notes(3))
    expect(on.page.locator(".promise")).to_contain_text("stay here")
    box = on.page.get_by_label("Send the originals")
    box.check()
    try:
        expect(on.page.locator(".promise")).to_contain_text("sent whole")
        assert send({"camera.jpg": before}) == {"camera.jpg": before}
        expect(on.page.locator(".result")).to_have_text("1 file received")
    finally:
        box.uncheck()


def test_cancel_ends_the_shrinking_too(on, send, tmp_path):
    photo = encoded(scene(4000, 3000), quality=90)
    for number in range(12):
        (tmp_path / f"{number}.jpg").write_bytes(photo + bytes([number]))
    on.page.evaluate(
        """() => {
          window.ended = 0;
          const end = Worker.prototype.terminate;
          Worker.prototype.terminate = function () { window.ended += 1; end.call(this); };
        }"""
    )
    on.page.locator(".pictures-input").set_input_files(sorted(tmp_path.glob("*.jpg")))
    expect(on.page.locator(".work .count")).to_contain_text("of 12 files")
    on.page.get_by_role("button", name="Cancel").click()
    expect(on.page.locator(".result")).to_have_text("Cancelled. Nothing was added.")
    assert on.page.evaluate("ended") >= 1
    assert on.has_told_nothing()
    small = encoded(halves(60, 40))
    assert send({"after.jpg": small}) == {"after.jpg": small}


def test_where_the_browser_can_t_shrink_the_files_go_as_they_are(stage, tmp_path):
    on = stage(make, event="uploaded", fresh=True)
    photo = encoded(scene(1200, 900))
    (tmp_path / "a.jpg").write_bytes(photo)
    for broken in ("Worker = class { constructor() { throw new Error('no'); } }",
                   "OffscreenCanvas = undefined"):  # fmt: skip
        on.page.evaluate(f"() => {{ window.{broken}; }}")
        on.page.locator(".pictures-input").set_input_files(tmp_path / "a.jpg")
        (file,) = on.told()["files"]
        assert Path(file["path"]).read_bytes() == photo
        expect(on.page.locator(".result")).to_contain_text("1 went whole")
