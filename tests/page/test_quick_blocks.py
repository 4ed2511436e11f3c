"""Events that change little of what they may change, and whose parts are small."""

import anyio.to_thread
import pytest

from gui.core.events import Queued


def test_a_glance_makes_only_those_parts_anew_that_become_others(trained) -> None:
    someone, run = trained
    page, tick = someone.page, someone.page.train.timer
    someone.does(tick, "tick")  # the first one tells everything
    parts = page.blocks.state_holder[someone.tab].blocks_config.blocks

    before = dict(parts)
    shown = someone.does(tick, "tick")
    assert shown[page.train.line]["state"] == "done"
    assert shown[page.runs.list] == {"__type__": "update"}
    assert all(parts[each] is before[each] for each in before)

    run.append(Queued(30.0, 9))
    someone.does(tick, "tick")
    made = {each for each in before if parts[each] is not before[each]}
    assert {page.train.stop._id, page.train.more._id} <= made
    assert page.train.start._id not in made  # it was hidden before, too


def test_an_event_sends_one_thread(trained, monkeypatch) -> None:
    someone, _ = trained
    sent, runs = [], anyio.to_thread.run_sync

    async def counted(function, *args, **options):
        sent.append(function)
        return await runs(function, *args, **options)

    monkeypatch.setattr(anyio.to_thread, "run_sync", counted)
    someone.does(someone.page.train.timer, "tick")
    ours = [each for each in sent if "gradio" in getattr(each, "__module__", "")]
    assert len(ours) <= 1, ours


def test_what_a_browser_sends_is_looked_at_as_before(trained) -> None:
    someone, _ = trained
    point = someone.page.model.settings["freeze_point"]
    fn = next(f for f in someone.page.blocks.fns.values() if (point._id, "change") in f.targets)
    place = fn.inputs.index(point)
    values = [None] * (len(fn.inputs) - 1)
    values[place - 1] = "block9_conv9"
    with pytest.raises(Exception, match="block9_conv9"):
        someone.client.predict(someone.token, *values, fn_index=fn._id)
