from gui.core.admission import here
from gui.core.outlook import Here
from tests.core.test_plan import SPEEDS


def test_what_a_training_finds_is_this_person_s_store_and_this_machine(site, owner, monkeypatch):
    site.jobs.speeds, site.jobs.weights_sha256 = SPEEDS, "ab" * 32
    monkeypatch.setattr(type(site.jobs), "memory_bytes", 3 * 10**9)
    assert here(owner, site.jobs) == Here(owner.features, 3 * 10**9, SPEEDS, "ab" * 32)
