"""Events that change little of what they may change."""


def test_a_glance_touches_only_what_has_changed(trained) -> None:
    someone, run = trained
    page = someone.page
    shown = someone.does(page.train.timer, "tick")  # the first one tells everything
    assert shown[page.runs.list]["runs"][0]["id"] == run.id
    parts = page.blocks.state_holder[someone.tab].blocks_config.blocks
    before = dict(parts)
    shown = someone.does(page.train.timer, "tick")
    assert shown[page.train.line]["state"] == "done"
    assert shown[page.runs.list] == {"__type__": "update"}
    made = [each for each in before if parts[each] is not before[each]]
    assert page.train.stop._id in made
    assert len(made) < 12
