"""Folders and pictures arrive with their paths, by every way a person can hand them over."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gui.widgets.folder_drop import REFUSED, folder_drop

pytestmark = pytest.mark.browser

UPLOAD = re.compile(r"/gradio_api/upload$")


def make_folder():
    hint = "One sub-folder for each class, or a zip of that."
    return folder_drop("folder", "Drop your folder of pictures here", hint, max_file_mb=0.5)


def make_pictures():
    return folder_drop("pictures", "Drop new pictures here", "Or press Ctrl+V to paste one.")


@pytest.fixture
def folder(tmp_path):
    """Two classes with an equal picture of equal name, a nested folder, and junk."""
    root = tmp_path / "sea"
    for rel, content in {
        "cat/1.jpg": b"same bytes",
        "dog/1.jpg": b"same bytes",
        "dog/old/deep er/2 ü.JPG": b"other bytes",
        ".DS_Store": b"junk",
        "cat/._1.jpg": b"junk",
        "cat/Thumbs.db": b"junk",
        "__MACOSX/cat/1.jpg": b"junk",
    }.items():
        file = root / rel
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return root


@pytest.fixture
def on(stage):
    on = stage(make_folder, event="uploaded")
    yield on
    on.page.unroute_all(behavior="ignoreErrors")


def drop(page, *paths: Path) -> None:
    """A real drop of files and folders, as the browser gets it from the system."""
    box = page.locator(".area").bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 20}
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})


def rels(manifest) -> list[str]:
    return sorted(file["rel"] for file in manifest["files"])


def never_answer(route):
    """Hold a request, so that the page can be looked at while it sends."""


EXPECTED = ["sea/cat/1.jpg", "sea/dog/1.jpg", "sea/dog/old/deep er/2 ü.JPG"]


def test_a_chosen_folder_arrives_with_its_paths(on, folder):
    on.page.locator(".folder-input").set_input_files(folder)
    manifest = on.told()
    assert rels(manifest) == EXPECTED
    for file in manifest["files"]:
        original = (folder.parent / file["rel"]).read_bytes()
        assert Path(file["path"]).read_bytes() == original
        assert file["size"] == len(original)
    assert manifest["skipped"] == []
    assert manifest["junk"] == 4
    expect(on.page.locator(".result")).to_have_text(
        "3 files received · 3 went whole: the browser can't open them"  # they are no pictures
    )
    counts = on.told("data")
    assert (counts["files"], counts["junk"], counts["nonce"]) == (3, 4, manifest["nonce"])


def test_what_is_there_makes_it_a_line_that_opens_again(on, folder):
    on.send({"slim": True})
    line = on.page.get_by_role("button", name="Open another folder in place of these")
    choose = on.page.get_by_role("button", name="Choose a folder")
    expect(line).to_be_visible()
    expect(choose).to_be_hidden()
    line.press("Enter")
    expect(choose).to_be_focused()
    expect(line).to_be_hidden()
    on.send({"slim": True, "again": 1})
    expect(line).to_be_visible()
    drop(on.page, folder)
    assert rels(on.told()) == EXPECTED


def test_when_none_could_be_used_it_says_nothing_of_how_they_were_sent(on, folder):
    on.page.locator(".folder-input").set_input_files(folder)
    expect(on.page.locator(".result")).to_contain_text("3 went whole")
    on.send(REFUSED)
    expect(on.page.locator(".result")).to_be_hidden()
    expect(on.page.get_by_role("button", name="Choose a folder")).to_be_visible()


def test_a_text_that_went_whole_is_no_picture_to_tell_of(on, folder):
    for path in [*folder.rglob("*.jpg"), *folder.rglob("*.JPG")]:
        path.rename(path.with_suffix(".txt"))
    on.page.locator(".folder-input").set_input_files(folder)
    expect(on.page.locator(".result")).to_have_text("3 files received")


def test_equal_files_of_two_classes_have_paths_of_their_own(on, folder):
    on.page.locator(".folder-input").set_input_files(folder)
    same = [file["path"] for file in on.told()["files"] if file["rel"].endswith("/1.jpg")]
    assert len(set(same)) == 2
    assert all(path.endswith(".jpg") for path in same)


def test_a_dropped_folder_arrives_with_its_paths(on, folder):
    drop(on.page, folder)
    manifest = on.told()
    assert rels(manifest) == EXPECTED
    assert manifest["junk"] == 4


def test_several_folders_loose_files_and_a_zip_can_be_dropped_together(on, folder, tmp_path):
    (tmp_path / "loose.png").write_bytes(b"loose")
    (tmp_path / "more.zip").write_bytes(b"PK")
    drop(on.page, folder / "cat", folder / "dog", tmp_path / "loose.png", tmp_path / "more.zip")
    expected = ["cat/1.jpg", "dog/1.jpg", "dog/old/deep er/2 ü.JPG", "loose.png", "more.zip"]
    assert rels(on.told()) == expected


def test_more_files_than_the_browser_lists_at_once_arrive_in_batches(on, tmp_path):
    for i in range(230):
        file = tmp_path / "many" / f"{i:03}.jpg"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(str(i).encode())
    sent = []
    on.page.on("request", lambda request: UPLOAD.search(request.url) and sent.append(request))
    drop(on.page, tmp_path / "many")
    manifest = on.told()
    assert rels(manifest) == [f"many/{i:03}.jpg" for i in range(230)]
    for file in manifest["files"]:
        assert int(Path(file["path"]).read_text()) == int(Path(file["rel"]).stem)
    assert len(sent) == 3


def test_a_chosen_zip_is_one_file(on, tmp_path):
    (tmp_path / "sea.zip").write_bytes(b"PK" * 500_000)  # above max_file_mb, which is for pictures
    on.page.locator(".zip-input").set_input_files(tmp_path / "sea.zip")
    assert rels(on.told()) == ["sea.zip"]


def test_a_file_over_the_limit_is_listed_and_not_sent(on, folder):
    (folder / "cat" / "huge.bmp").write_bytes(b"0" * 600_000)
    on.page.locator(".folder-input").set_input_files(folder)
    manifest = on.told()
    assert rels(manifest) == EXPECTED
    [skipped] = manifest["skipped"]
    assert (skipped["rel"], skipped["code"]) == ("sea/cat/huge.bmp", "too_large")
    assert skipped["reason"] == "larger than the limit: 600 kB, allowed are 500 kB"
    expect(on.page.locator(".result")).to_contain_text("1 could not be sent or were left out")


def test_a_failed_request_is_tried_again(on, folder):
    tries = []

    def fail_once(route):
        tries.append(route)
        route.abort() if len(tries) == 1 else route.continue_()

    on.page.route(UPLOAD, fail_once)
    on.page.locator(".folder-input").set_input_files(folder)
    assert rels(on.told()) == EXPECTED


def test_a_request_whose_turn_it_is_not_waits_and_goes_again_whole(on, folder):
    tries = []

    def busy_once(route):
        tries.append(route)
        busy = {"status": 429, "headers": {"Retry-After": "1"}, "body": "{}"}
        route.fulfill(**busy) if len(tries) == 1 else route.continue_()

    on.page.route(UPLOAD, busy_once)
    on.page.locator(".folder-input").set_input_files(folder)
    assert rels(on.told()) == EXPECTED
    assert len(tries) == 2  # not file by file


def test_only_the_file_that_fails_twice_is_listed_as_failed(on, folder):
    tries = []

    def refuse_the_batch_and_its_first_file(route):
        tries.append(route)
        route.fulfill(status=413, body="too big") if len(tries) <= 2 else route.continue_()

    on.page.route(UPLOAD, refuse_the_batch_and_its_first_file)
    on.page.locator(".folder-input").set_input_files(folder)
    manifest = on.told()
    [failed] = manifest["skipped"]
    assert (failed["code"], failed["reason"]) == ("failed", "could not be sent, tried twice")
    assert sorted([failed["rel"], *rels(manifest)]) == EXPECTED


def test_a_full_disk_is_told_from_other_failures(on, folder):
    on.page.route(UPLOAD, lambda route: route.fulfill(status=507, body="no room"))
    on.page.locator(".folder-input").set_input_files(folder)
    manifest = on.told()
    assert {each["code"] for each in manifest["skipped"]} == {"full"}
    assert manifest["files"] == []


def test_progress_is_shown_and_cancel_gives_the_area_back(on, folder, look):
    on.page.route(UPLOAD, never_answer)
    on.page.locator(".folder-input").set_input_files(folder)
    work = on.page.locator(".work")
    expect(work.locator(".count")).to_contain_text("of 3 files")
    expect(work.locator(".bytes")).to_contain_text("of 1 kB")
    expect(work.locator(".name")).to_contain_text("sea/")
    expect(work.get_by_role("progressbar")).to_have_attribute("aria-label", "Sending your files")
    look(on, "drop-sending")
    work.get_by_role("button", name="Cancel").click()
    expect(on.page.locator(".result")).to_have_text("Cancelled. Nothing was added.")
    expect(on.page.get_by_role("button", name="Choose a folder")).to_be_focused()
    on.page.unroute(UPLOAD)
    on.page.locator(".folder-input").set_input_files(folder)
    assert rels(on.told()) == EXPECTED


def test_python_says_what_it_does_and_resets(on, folder):
    on.page.locator(".folder-input").set_input_files(folder)
    on.told()
    on.send({"busy": "Reading 12 of 300 pictures", "fraction": 0.04})
    expect(on.page.locator(".doing")).to_have_text("Reading 12 of 300 pictures")
    expect(on.page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "4")
    expect(on.page.get_by_role("button", name="Cancel")).not_to_be_visible()
    on.send(None)
    expect(on.page.get_by_role("button", name="Choose a folder")).to_be_visible()
    expect(on.page.locator(".result")).not_to_contain_text("received")


def test_an_empty_folder_is_answered_in_words(on, tmp_path):
    (tmp_path / "nothing").mkdir()
    drop(on.page, tmp_path / "nothing")
    expect(on.page.locator(".result")).to_contain_text("No files in there")
    assert on.has_told_nothing()


def test_names_stay_text(stage, tmp_path):
    on = stage(make_folder, event="uploaded", fresh=True)
    name = "<img src=x onerror=alert(1)>'\"&amp; 🦀.jpg"
    (tmp_path / name).write_bytes(b"1")
    on.page.route(UPLOAD, never_answer)
    drop(on.page, tmp_path / name)
    expect(on.page.locator(".name")).to_have_text(name)
    assert on.is_unharmed()


def test_pictures_are_chosen_and_pasted(stage, tmp_path):
    on = stage(make_pictures, event="uploaded")
    for name in ("a.jpg", "b.HEIC"):
        (tmp_path / name).write_bytes(name.encode())
    expect(on.page.get_by_role("button", name="Choose a folder")).not_to_be_visible()
    inputs = on.page.locator(".pictures-input")
    assert ".heic,.heif,.avif" in inputs.get_attribute("accept")
    inputs.set_input_files([tmp_path / "a.jpg", tmp_path / "b.HEIC"])
    first = on.told()
    assert rels(first) == ["a.jpg", "b.HEIC"]
    on.page.locator(".area").focus()
    on.page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File(["pasted"], "image.png", { type: "image/png" }));
          const told = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
        }"""
    )
    expect(on.page.locator(".result")).to_contain_text("1 file received")
    expect(on.page.get_by_label("heard by value")).to_have_value(re.compile("pasted picture.png"))


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_can_be_read(stage, look, width):
    on = stage(make_folder, event="uploaded", width=width)
    expect(on.page.get_by_text("Drop your folder of pictures here")).to_be_visible()
    look(on, "drop")


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_the_buttons_open_the_file_dialogs_by_keyboard(stage, kind):
    # Chromium reports no folder dialog to tests: see that the press reaches the input, as one the
    # browser would open a dialog for.
    on = stage(make_folder, event="uploaded", fresh=True)
    on.page.evaluate(
        """(input) => document.querySelector(input).addEventListener("click", (event) => {
             event.preventDefault();
             if (navigator.userActivation.isActive) document.title = "dialog";
           })""",
        f".{kind}-input",
    )
    on.page.get_by_role("button", name=f"Choose a {kind}").focus()
    on.page.keyboard.press("Enter")
    expect(on.page).to_have_title("dialog")


def test_progress_grows_with_the_bytes(stage, tmp_path):
    on = stage(make_folder, event="uploaded", fresh=True)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(name.encode() * 40_000)
    session = on.page.context.new_cdp_session(on.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", slow)
    on.page.evaluate(
        """() => {
          window.seen = [];
          const look = () => seen.push(document.querySelector(".work").innerText);
          const all = { subtree: true, childList: true, characterData: true };
          new MutationObserver(look).observe(document.querySelector(".work"), all);
        }"""
    )
    drop(on.page, *(tmp_path / name for name in ("a.jpg", "b.jpg", "c.jpg")))
    assert rels(on.told()) == ["a.jpg", "b.jpg", "c.jpg"]
    seen = "\n".join(on.page.evaluate("seen"))
    shown = {int(kilobytes) for kilobytes in re.findall(r"(\d+) kB of 600 kB", seen)}
    assert len(shown) >= 4, "the bytes were counted while they travelled"
    assert "1 of 3 files" in seen
    assert "b.jpg" in seen
