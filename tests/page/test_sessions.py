"""What Gradio remembers of a tab."""

import time
from datetime import timedelta


def test_little_is_kept_of_a_tab_and_nothing_of_one_that_is_closed(visitor) -> None:
    someone = visitor()
    someone.does(someone.page.pictures.samples, "click")
    kept, name = someone.page.blocks.state_holder, someone.tab
    assert kept[name].config_values == {}  # else 2 MB a visit
    kept[name].is_closed = True
    kept.time_last_used[name] -= timedelta(minutes=9)
    time.sleep(1.5)
    assert name in kept
    kept.time_last_used[name] -= timedelta(minutes=1)
    time.sleep(1.5)  # Gradio looks every second
    assert name not in kept
    shown = someone.does(someone.page.pictures.samples, "click")  # it goes on all the same
    assert shown[someone.page.pictures.table]["classes"]
