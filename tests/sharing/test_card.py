import re
from dataclasses import replace

import pytest
import yaml
from huggingface_hub import ModelCard
from markdown_it import MarkdownIt

from gui.core import record
from gui.core.errors import RunError
from gui.core.events import Queued
from gui.core.runs import Run
from gui.sharing import card, report
from gui.sharing.markdown import literal
from tests.sharing.conftest import NASTY


def rendered(text: str) -> list:
    """The tokens of the Markdown after the metadata, as a site that allows HTML reads it."""
    body = text.split("\n---\n", 1)[1]
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return reader.parse(body)


def cells(tokens) -> list[list[str]]:
    """The texts of all tables' rows, as a person sees them."""
    rows: list[list[str]] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        if token.type in ("td_open", "th_open"):
            rows[-1].append("".join(child.content for child in tokens[place + 1].children))
    return rows


@pytest.fixture(scope="module")
def text(nasty_run):
    return card.card(nasty_run)


def test_names_stay_as_they_were_typed(text, nasty_run):
    names = list(nasty_run.split.labels)
    assert sorted(names) == sorted(" ".join(each.split()) for each in NASTY)
    tokens = rendered(text)
    rows = cells(tokens)
    assert [row[0] for row in rows if row[0] in names].count(names[0]) == 5  # in each table
    assert ["it really is", *names] in rows
    for token in tokens:
        assert token.type != "html_block"
        for child in token.children or ():
            assert child.type not in ("html_inline", "image", "link_open")
            assert child.type != "code_inline" or child.content in (
                "keras", "tensorflow", "pillow", "model.keras", "labels.txt",
            )  # fmt: skip


def test_the_metadata_is_what_the_hub_reads(text, nasty_run):
    told = ModelCard(text).data
    assert told.license == "cc-by-4.0"
    assert told.library_name == "keras"
    assert told.pipeline_tag == "image-classification"
    assert [each.dataset_split for each in told.eval_results] == ["validation", "test"]
    for each in told.eval_results:
        pictures = int(re.match(r"Accuracy on (\d+) pictures", each.metric_name)[1])
        assert 0 <= each.metric_value <= 1
        assert f"{pictures} {each.dataset_split} pictures" in each.dataset_name
    plain = yaml.safe_load(text.split("---\n")[1])
    classes = ", ".join(nasty_run.split.labels)
    assert plain["model-index"][0]["name"] == f"{classes} · block5_conv1"


def test_every_score_has_its_number_of_pictures_and_its_range(plain_run):
    text = card.card(plain_run)
    assert re.search(r"\*\*\d+\.\d %, most likely \d+\.\d–\d+\.\d %: ", text)
    assert re.search(r"\d+ of 6 pictures kept for checking", text)
    assert "was chosen on these same pictures" in text
    assert "test pictures" not in text
    rows = cells(rendered(text))
    header = next(row for row in rows if "recall" in row)
    scores = rows[rows.index(header) + 1 :][:3]
    for row in scores:
        assert row[1] == "2"
        assert re.fullmatch(r"\d+\.\d % \(\d+\.\d–\d+\.\d %\)", row[3])
    confusion = rows[rows.index(["it really is", "cat", "dog", "owl"]) + 1 :][:3]
    assert sum(int(each) for row in confusion for each in row[1:]) == 6


def test_it_tells_what_learned_and_from_what(text):
    assert (
        "The first 10 of VGG16's 13 layers with weights were frozen; from block5_conv1 on" in text
    )
    assert "| 2 (kept) | from the freeze point on | 0.7500 | 0.750 | 0.6250 | 0.750 |" in text
    assert "arXiv:1409.1556" in text
    assert "CC BY 4.0" in text
    assert 'keras.models.load_model("model.keras")' in text
    assert "The model always answers with one of its own classes" in text
    assert "look almost the same stand on one side" in text
    assert "the scores look better than they are" not in text


def test_look_alikes_on_both_sides_are_a_limit_of_every_score(make_run):
    run = make_run(("cat", "a|b"))
    listed = run.pictures_root.with_name("dataset.json")
    data = record.load(listed, run.pictures_root)
    burst, other = sorted(data.classes, key=lambda each: each.name)
    looks = burst.pictures[0].likeness
    same = tuple(replace(each, likeness=looks) for each in burst.pictures)
    record.save(replace(data, classes=(replace(burst, pictures=same), other)), listed)
    text = card.card(run)
    assert "stand on one side" not in text
    limits = text.split("## Limits")[1].split("##")[0]
    assert (
        "- Pictures that look almost the same stand on several sides (to learn from, to check "
        "with, to test with), so the scores look better than they are. These classes have such "
        f"pictures: “{literal('a|b')}”."
    ) in limits


def test_where_nobody_has_looked_for_look_alikes_it_says_so(make_run):
    """As on the command line: beside a person's own folder stands no list of its pictures."""
    run = make_run(("cat", "dog"))
    run.pictures_root.with_name("dataset.json").unlink()
    told = "Nobody has looked here whether pictures that look almost the same stand on several"
    assert f"- {told}" in card.card(run).split("## Limits")[1]
    assert told in report.report(run)


def test_what_is_not_evaluated_or_not_finished_has_no_card(unevaluated, plain_run, make_run):
    with pytest.raises(RunError, match=r"hasn't been evaluated yet\. Open the step Results"):
        card.card(unevaluated)
    again = make_run(("one", "two"))
    again.append(Queued(7.0, 5))
    with pytest.raises(RunError, match="isn't finished yet"):
        card.card(again)
    with pytest.raises(RunError):
        card.card(Run(plain_run.path / "nothing"))


def test_a_line_break_in_a_text_is_a_space():
    assert literal("a\nb\r\n c") == "a b c"
