"""Every text that people read is there in every language, and no language holds more than that."""

import ast
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui import words
from gui.words import again, locales, mark, say, speaking, speaking_each, wanted

ROOT = Path(__file__).resolve().parents[1]
MAPPINGS = re.compile(r"(\w+_)?WORDS|LESSONS")
OTHERS = [code for code in locales() if code != words.ENGLISH]
NAME = re.compile(r"\{\w*(?::[^{}]*)?\}")


def texts(source: str) -> Iterator[str]:
    """Every text of a module that people read: what ``say`` and ``mark`` are given, and WORDS."""
    speaks = "from gui.words import" in source  # else its say is another one
    for node in ast.walk(ast.parse(source)):
        called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if speaks and called in ("say", "mark"):
            text = node.args[0]
            if isinstance(text, ast.Constant):
                yield text.value
            elif isinstance(text, ast.IfExp):
                yield from (text.body.value, text.orelse.value)
            else:
                assert not isinstance(text, ast.JoinedStr), ast.unparse(node)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            if MAPPINGS.fullmatch(getattr(target, "id", "")) and node.value:
                for inside in ast.walk(node.value):
                    for value in inside.values if isinstance(inside, ast.Dict) else ():
                        yield from (
                            each.value for each in ast.walk(value) if isinstance(each, ast.Constant)
                        )


@pytest.fixture(scope="module")
def said() -> set[str]:
    found = set()
    for path in (ROOT / "gui").rglob("*.py"):
        found |= set(texts(path.read_text(encoding="utf-8")))
    return found - {""}


def test_the_texts_of_a_module_are_found():
    source = (
        "from gui.words import mark, say\n"
        "WORDS: Final = Map({'a': 'Red', 'b': 'Green ' 'blue'})\n"
        "LESSONS = {'x': ('One', 'Two')}\n"
        "def f(): return say('{n} left', n=1) + say('Yes' if x else 'No') + mark('Kept')\n"
    )
    found = {"Red", "Green blue", "One", "Two", "{n} left", "Yes", "No", "Kept"}
    assert set(texts(source)) == found


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(said, code):
    lacking = sorted(said - set(locales()[code].texts))
    assert lacking == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_for_a_text_that_nobody_says(said, code):
    assert sorted(set(locales()[code].texts) - said) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_fills_in_what_its_text_fills_in(code):
    for text, translated in locales()[code].texts.items():
        assert translated.strip(), text
        assert set(NAME.findall(translated)) == set(NAME.findall(text)), text


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_stands_twice(code):
    """A JSON file with a name twice would silently hold the later one."""

    def pairs(found):
        assert len({name for name, _ in found}) == len(found)
        return dict(found)

    path = ROOT / "assets" / "locales" / f"{code}.json"
    json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=pairs)


@pytest.fixture
def upper(monkeypatch) -> str:
    """A language in which some texts are there."""
    made = words.Locale(
        "xx",
        "Xx",
        ("xx",),
        texts={
            "{count:,} pictures": "{count:,} PICTURES",
            "red": "RED",
            "The class {name} is empty.": "{name} IS EMPTY.",
            "Choose another one.": "CHOOSE ANOTHER ONE.",
            "It broke off: {why}": "IT BROKE OFF: {why}",
            "{name} is surely not {name}.": "{name} ISN'T {name}.",
        },
    )
    every = {**locales(), "xx": made}
    monkeypatch.setattr(words, "locales", lambda: every)
    words._patterns.cache_clear()
    words._recognised.cache_clear()
    return "xx"


def test_it_is_said_in_the_language_spoken_and_in_english_where_that_lacks(upper):
    assert say("{count:,} pictures", count=1234) == "1,234 pictures"
    with speaking(upper):
        assert say("{count:,} pictures", count=1234) == "1,234 PICTURES"
        assert say("{count} birds", count=3) == "3 birds"
        assert mark("{count:,} pictures", count=1234) == "1,234 pictures"
        assert say("red") == "RED"
    assert say("red") == "red"


def test_a_language_that_is_not_there_is_english():
    with speaking("tlh"):
        assert say("red") == again("red") == "red"


def test_a_text_without_values_stays_a_template_and_a_value_never_becomes_one(upper):
    assert say("{left} of {total}") == "{left} of {total}"
    with speaking(upper):
        assert say("The class {name} is empty.", name="{count.__class__}") == (
            "{count.__class__} IS EMPTY."
        )


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("red", "RED"),
        ("1,234 pictures", "1,234 PICTURES"),
        ("The class cats. and dogs is empty.", "cats. and dogs IS EMPTY."),
        ("The class red is empty.", "red IS EMPTY."),
        ("It broke off: Choose another one.", "IT BROKE OFF: CHOOSE ANOTHER ONE."),
        ("The class a is empty. Choose another one.", "a IS EMPTY. CHOOSE ANOTHER ONE."),
        ("The class a is empty. Nobody knows why.", "a IS EMPTY. Nobody knows why."),
        ("a is surely not a.", "a ISN'T a."),
        ("a is surely not b.", "a is surely not b."),
        ("anything else", "anything else"),
        ("", ""),
    ],
)
def test_what_was_told_in_english_is_told_again(upper, told, expected):
    assert again(told) == told
    with speaking(upper):
        assert again(told) == expected


@pytest.mark.parametrize(
    "long", ["The class a is empty. " * 1000, f"The class {'a' * 2000} is empty."]
)
def test_nothing_is_looked_for_in_a_text_longer_than_any_of_ours(upper, long):
    """Patterns take long to fail, and a stranger may have written it."""
    with speaking(upper):
        assert again(long) == long


def test_each_step_of_an_iterator_speaks_whichever_thread_asks(upper):
    items, heard = speaking_each(upper, (say("red") for _ in range(2))), []
    for _ in range(2):
        thread = threading.Thread(target=lambda: heard.append(next(items)))
        thread.start()
        thread.join()
        assert say("red") == "red"
    assert heard == ["RED", "RED"]
    assert list(items) == []


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("de;q=0.9, zh-tw;q=0.4, en;q=0.3", "zh-Hant"),
        ("en;q=0.3, zh;q=0.4", "zh-Hant"),
        ("zh;q=0, en;q=0.1", "en"),
        ("de-DE,de", "en"),
        ("zhx", "en"),
        (";;q=,*;q=x,zh", "zh-Hant"),
    ],
)
def test_the_browser_s_language_is_found(accepted, code):
    assert wanted(accepted) == code


def test_sentences_and_lists_are_written_as_the_language_does(monkeypatch):
    made = words.Locale("xx", "Xx", ("xx",), space="", comma="、")
    monkeypatch.setattr(
        words, "locales", lambda: {"en": words.Locale("en", "English", ()), "xx": made}
    )
    assert words.joined("One.", "", "Two.") == "One. Two."
    assert words.listed(["a", "b"]) == "a, b"
    with speaking("xx"):
        assert words.joined("一。", "", "二。") == "一。二。"
        assert words.joined("Odd.", "一。", "Two.") == "Odd. 一。Two."
        assert words.listed(["甲", "乙"]) == "甲、乙"


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_s_file_is_whole(code):
    locale = locales()[code]
    assert locale.name
    assert locale.browsers
    assert isinstance(locale.space + locale.comma, str)
    assert all(isinstance(each, str) for pair in locale.texts.items() for each in pair)


def test_a_name_from_right_to_left_orders_only_itself():
    told = say("“{name}” has {n} pictures.", name="שמש", n=3)
    assert told == "“\u2068שמש\u2069” has 3 pictures."
    assert say("“{name}” has {n} pictures.", name="蟹", n=3) == "“蟹” has 3 pictures."
    kept = mark("The class “{name}” is new.", name="שמש")
    assert kept == "The class “שמש” is new."  # what is kept is plain
