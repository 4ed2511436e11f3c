"""Who is signed in."""

import json

from gui.core import accounts, sign_ins
from gui.core.sign_ins import SignIns


def test_only_a_digest_of_the_cookie_is_on_disk_and_only_its_owner_may_read_it(tmp_path):
    path = tmp_path / "signed_in.json"
    made = SignIns(path, accounts.read("anna: x"), b"secret", lambda: 1.0)
    key = made.begin("anna")
    assert made.who(key) == "anna"
    assert key not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_was_damaged_signs_everybody_out(tmp_path):
    path = tmp_path / "signed_in.json"
    for broken in (
        "",
        "{",
        "[]",
        '{"version": 1}',
        json.dumps({"version": 1, "signed_in": {"a": 7}}),
    ):
        path.write_text(broken)
        made = SignIns(path, accounts.read("anna: x"), b"secret", lambda: 1.0)
        assert made.who("a") is None
        assert made.who(made.begin("anna")) == "anna"


def test_what_is_remembered_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(sign_ins, "_MOST", 3)
    now = [1.0]
    made = SignIns(tmp_path / "x", accounts.read("anna: x"), b"secret", lambda: now[0])
    keys = []
    for _ in range(5):
        keys.append(made.begin("anna"))
        now[0] += 1
    assert [made.who(each) for each in keys] == [None, None, "anna", "anna", "anna"]
