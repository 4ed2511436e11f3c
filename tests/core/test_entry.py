"""Names of files as strangers give them, made safe and shown."""

import pytest

from gui.core.entry import safe_rel, shown, unique


@pytest.mark.parametrize(
    ("name", "rel"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\me\\cat.jpg", "Users/me/cat.jpg"),
        ("c:cat.jpg", "cat.jpg"),
        ("cats\\1.jpg", "cats/1.jpg"),
        ("cats/./../1.jpg", "cats/1.jpg"),
        ("cats// 1.jpg ", "cats/1.jpg"),
        ("cats/a\nb\x1b.jpg", "cats/a_b_.jpg"),
        ("cafe\u0301/1.jpg", "caf\u00e9/1.jpg"),
        ("../..", ""),
        ("<b>'\U0001f431'", "<b>'\U0001f431'"),
        ("x" * 200 + "/y.jpg", "x" * 200 + "/y.jpg"),
    ],
)
def test_names_are_made_safe(name, rel):
    assert safe_rel(name) == rel


@pytest.mark.parametrize(
    ("rel", "told"),
    [
        ("cats/\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "cats/gpj.exe"),
        ("ca\N{ZERO WIDTH SPACE}ts/\N{ZERO WIDTH NO-BREAK SPACE}1.jpg", "cats/1.jpg"),
        ("cats/a\N{LINE SEPARATOR}b.jpg", "cats/a b.jpg"),
        ("\N{RIGHT-TO-LEFT MARK}/1.jpg", "_/1.jpg"),
        ("👩\N{ZERO WIDTH JOINER}🚀/1.jpg", "👩\N{ZERO WIDTH JOINER}🚀/1.jpg"),
        ("שמש/1.jpg", "שמש/1.jpg"),
    ],
)
def test_names_are_shown_without_what_steers_the_text_around_them(rel, told):
    assert shown(rel) == told


def test_unique_counts_on():
    taken = set()
    names = [unique(name, taken) for name in ("a.b/c", "a.b/c", "a.b/c", ".x", ".x")]
    assert names == ["a.b/c", "a.b/c (2)", "a.b/c (3)", ".x", ".x (2)"]
