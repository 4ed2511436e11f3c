"""What the Pictures step shows of a data set."""

import html
from dataclasses import replace

import gradio as gr

from gui.core import corrections, dataset
from gui.core.workspace import Workspace, new_token
from gui.steps import classes
from gui.steps.pictures import PicturesStep
from gui.steps.train import TrainStep
from tests.core.likenesses import dataset as made
from tests.core.likenesses import picture
from tests.core.visitors import make_dataset
from tests.faults import furnished


def owner(tmp_path):
    return Workspace(tmp_path / "work").owner(new_token())


def rows(shown):
    names = ("count", "train", "validation", "test")
    return {row["name"]: tuple(row[name] for name in names) for row in shown["classes"]}


def test_counts_and_totals_have_the_test_part(tmp_path):
    person = owner(tmp_path)
    given = made(cat=[None] * 20, dog=[None] * 10)
    shown = classes.table(person, given)
    assert rows(shown) == {"cat": (20, 16, 4, 0), "dog": (10, 8, 2, 0)}
    ready = classes.ready(person, given)
    assert ready.endswith("30 pictures: 24 to learn from, 6 kept for checking.")
    person.open(replace(person.desk, test_share=0.2))
    shown = classes.table(person, given)
    assert rows(shown) == {"cat": (20, 12, 4, 4), "dog": (10, 6, 2, 2)}
    assert classes.ready(person, given) == (
        "**Ready:** 2 classes with 30 pictures: 18 to learn from, 6 kept for checking and 6 for a "
        "last test, which no choice ever sees."
    )


def test_a_burst_and_a_small_class_are_noted(tmp_path):
    given = made(owl=[1] * 8 + [None] * 4, cat=[None] * 4, eel=[None])
    notes = {row["name"]: row["note"] for row in classes.table(owner(tmp_path), given)["classes"]}
    assert notes["owl"].startswith("8 of the 12 pictures of “owl” look almost the same.")
    assert notes["cat"] == ""
    assert notes["eel"].startswith("Only 1 picture to learn from: not used until there are 2")


def test_conflicts_and_look_alikes_are_listed():
    twin = picture("twin")
    given = made(cat=[1, None, twin], dog=[None, 1, twin])
    assert classes.conflicts(given) == {
        "pictures": [
            {
                "id": twin.sha256,
                "name": "cat/twin.jpg and dog/twin.jpg",
                "thumbnail": "",
                "classes": ["cat", "dog"],
            }
        ],
        "total": 1,
        "decided": 0,
    }
    decided = corrections.leave_out_conflicts(given)
    assert dataset.missing(decided) is None
    assert classes.conflicts(decided) == {"pictures": [], "total": 0, "decided": 1}
    shown = classes.alike(decided)
    assert [[one["name"] for one in group] for group in shown["groups"]] == [
        ["cat/cat000.jpg", "dog/dog001.jpg"]
    ]
    assert shown["total"] == 1


def test_while_pictures_are_in_conflict_nothing_is_divided(tmp_path):
    twin = picture("twin")
    person, given = owner(tmp_path), made(cat=[None, None, twin], dog=[None, None, twin])
    shown = classes.table(person, given)
    assert rows(shown) == {"cat": (2, 0, 0, 0), "dog": (2, 0, 0, 0)}
    assert (shown["totals"], classes.ready(person, given)) == ("", "")


def test_what_is_missing_is_told_without_a_picture_or_a_link_of_a_name(tmp_path):
    """The sentence is Markdown, and the name in it anybody's."""
    site = furnished.site(tmp_path / "work")
    person = site.workspace.owner(new_token())
    name = "![x](http://x.example/y.png) <b>$x$</b> `code`"
    dataset_id = make_dataset(person)
    opened = dataset.rename(person.dataset(dataset_id), "cat", name)
    person.save_dataset(dataset_id, dataset.include(opened, "dog", included=False))
    person.open(replace(person.desk, dataset=dataset_id))
    with gr.Blocks():
        pictures = PicturesStep(site)
        train = TrainStep(site, {})
    for step in (pictures, train):
        told = step.show(person)[step.missing]["value"]
        assert html.unescape(told).startswith(f"Only one class (“{name}”) is ready")
        assert not set("![](){}<>$`") & set(told)
