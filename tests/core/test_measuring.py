"""When a machine is measured, by processes that only play a worker."""

import json
import time
from dataclasses import asdict, replace

from gui.core import files, measuring
from tests.core.players import (
    wait_until,
)
from tests.core.test_plan import SPEEDS


def test_the_machine_is_measured_once_while_nobody_trains(desk):
    (desk.engine / "measuring").write_text(json.dumps(asdict(SPEEDS)))
    working, run = desk.jobs(), desk.run("a", 1, "slow")
    working.train(run, 1)
    working.open()
    wait_until(lambda: run.worked_on)
    time.sleep(0.3)
    assert working.speeds is None  # both would be slower than they are
    (run.path / "slow").unlink()
    wait_until(lambda: working.speeds)
    assert working.speeds == SPEEDS
    working.close()
    (desk.engine / "measuring").unlink()
    again = desk.jobs()
    again.open()
    wait_until(lambda: again.speeds)  # remembered in the workspace
    assert again.speeds == SPEEDS


def test_a_disturbed_measurement_is_used_until_there_is_a_better_one(desk, monkeypatch):
    monkeypatch.setattr(measuring, "_REST_S", 0.05)
    slow = replace(SPEEDS, share=0.3)
    (desk.engine / "measuring").write_text(json.dumps(asdict(slow)))
    working = desk.jobs()
    working.open()
    wait_until(lambda: working.speeds)
    assert working.speeds == slow
    assert not (desk.folder / "machine.json").exists()
    files.write_json(desk.engine / "measuring", asdict(SPEEDS))
    wait_until(lambda: working.speeds == SPEEDS)
    wait_until((desk.folder / "machine.json").exists)
