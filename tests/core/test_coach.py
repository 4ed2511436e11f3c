"""The coach on made-up trainings of each kind, and on noisy ones that are well."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from gui.core import advice
from gui.core.advice import Advice, Change, Go, More
from gui.core.coach import Pictures, advise, counted
from gui.core.config import Config, ModelSettings, TrainSettings
from gui.core.events import Epoch, Evaluated, Failed, Finished, PhaseChanged, Started
from gui.core.history import History, fold
from gui.core.split import Labelled, Split

SEA = Pictures({"crab": 32, "fish": 32, "turtle": 32, "octopus": 32, "jellyfish": 32}, 40)
ALARMS = {"rate", "nothing", "memorising", "gap"}


def told(
    train: Sequence[float],
    check: Sequence[float],
    right: Sequence[float] | float = 0.8,
    learned: Sequence[float] | float = 0.8,
    *,
    over: str = "",
    phase: str = "head",
    rate: float = 1e-3,
    pictures: int = 40,
) -> History:
    """A history with these losses and accuracies; ``over`` says why it ended, if it did."""
    count = len(train)
    right, learned = (np.broadcast_to(each, count).tolist() for each in (right, learned))
    events = [
        Started(0.0, count, "here", "ab", True, 160, pictures, 2),
        PhaseChanged(0.0, phase, 1, rate, count),
        *(
            Epoch(float(n), n, phase, *values, 1.0)
            for n, values in enumerate(zip(train, learned, check, right, strict=True), 1)
        ),
    ]
    if over:
        kept = fold(events).best
        events += [
            Evaluated(99.0, kept.epoch, kept.val_loss, kept.val_accuracy, pictures),
            Finished(99.0, over),
        ]
    return fold(events)


def kinds(found: Sequence[Advice]) -> list[str]:
    return [each.kind for each in found]


def only(found: Sequence[Advice], kind: str) -> Advice:
    assert kinds(found) == [kind]
    return found[0]


def ways(found: Advice) -> list[str]:
    return [each.id for each in found.remedies]


def learning(epochs: int, floor: float = 0.3, start: float = 1.5) -> list[float]:
    """A loss that falls quickly, then slowly, to a floor."""
    return [floor + (start - floor) * math.exp(-n / 4) for n in range(epochs)]


def test_it_is_silent_for_the_first_epochs() -> None:
    uneven = Pictures({"crab": 90, "fish": 4}, 6)
    for count in range(3):
        assert advise(told(learning(count), learning(count)), uneven, Config()) == ()
    assert advise(told(learning(3), learning(3)), uneven, Config()) != ()


def test_still_improving_while_it_runs_and_at_its_end() -> None:
    losses = learning(8)
    found = only(advise(told(losses, losses), SEA, Config()), "improving")
    assert found.tone == "good"
    assert found.seen == (
        "On the pictures kept for checking the loss went down from 0.88 to 0.57 within the last "
        "6 epochs."
    )
    assert found.remedies == ()  # it goes on by itself
    ended = only(advise(told(losses, losses, over="epochs"), SEA, Config()), "improving")
    (more,) = ended.remedies
    assert isinstance(more.action, More)
    assert more.text == "Train 5 more epochs"


def test_memorising_is_told_with_its_figures() -> None:
    train = [1.2 * 0.75**n for n in range(14)]
    check = [*learning(6, 0.5), *(0.85 + 0.06 * n for n in range(8))]
    check[5] = 0.7
    found = only(advise(told(train, check, learned=0.85), SEA, Config()), "memorising")
    assert found.tone == "warn"
    assert found.seen == (
        "Since epoch 6 the loss on the pictures it learns from went down from 0.29 to 0.04, but on "
        "the pictures kept for checking it went up from 0.81 to 1.21."
    )
    assert "The best epoch is kept" in found.meaning
    assert ways(found) == ["augment", "add"]
    deep = Config(ModelSettings(freeze_point="block4_conv1"), TrainSettings(views=8))
    assert ways(only(advise(told(train, check), SEA, deep), "memorising")) == ["head_only", "add"]
    broad = Config(ModelSettings(head="classic"), TrainSettings(views=8))
    assert ways(only(advise(told(train, check), SEA, broad), "memorising")) == ["compact", "add"]


def test_what_is_right_all_the_same_is_not_called_memorising_at_the_end() -> None:
    train = [1.2 * 0.75**n for n in range(14)]
    check = [*learning(6, 0.1, 0.9), *(0.3 + 0.06 * n for n in range(8))]
    found = advise(told(train, check, right=0.975, over="early_stopping"), SEA, Config())
    assert ways(only(found, "learned")) == ["test"]
    assert found[0].seen.startswith("It is right about 39 of the 40 pictures")


def test_a_gap_that_is_no_chance_is_told() -> None:
    flat = [0.8] * 12
    history = told(learning(12, 0.02), flat, right=0.625, learned=0.99)
    found = advise(history, SEA, Config())[0]
    assert found.kind == "gap"
    assert found.seen == (
        "It is right about 99 % of the pictures it learns from, but at best 62.5 % of the 40 "
        "pictures kept for checking."
    )
    history = told(learning(12, 0.02), flat, right=0.625, learned=0.99, over="early_stopping")
    gap, settled = advise(history, SEA, Config())
    assert (ways(gap), ways(settled)) == (["augment", "add"], ["thaw"])  # no button stands twice
    few = replace(SEA, checking=6)  # 4 of 6 may be 90 %
    assert "gap" not in kinds(advise(told(learning(12, 0.02), flat, 4 / 6, 0.9), few, Config()))


@pytest.mark.parametrize("by", ["end", "failure", "epoch"])
def test_a_loss_that_is_no_number_asks_for_a_lower_rate(by) -> None:
    history = told([2.0, 9.0], [2.0, 9.0], rate=0.05, over="diverged" if by == "end" else "")
    if by == "failure":
        failed = Failed(9.0, "In epoch 3 the loss was not a number any more.", "Lower it.")
        assert advise(replace(history, failed=failed), SEA, Config()) == ()
        history = replace(history, failed=replace(failed, diverged=True))
    if by == "epoch":
        history = told([2.0, math.nan], [2.0, 9.0], rate=0.05)
    config = Config(train=TrainSettings(head_rate=0.05))
    found = only(advise(history, SEA, config), "rate")
    assert found.seen == "The loss was not a number any more; the learning rate was 0.05."
    (lower,) = found.remedies
    assert lower.text == "Lower the learning rate to 0.001"
    assert lower.action == Change((("head_rate", 0.001),))


def test_jumps_ask_for_a_lower_rate_of_the_phase_they_are_in() -> None:
    jumpy = [1.4, 0.6, 1.9, 0.5, 2.4, 0.7, 2.2]
    found = advise(told(jumpy, jumpy, phase="fine", rate=0.001), SEA, Config())
    assert "jumped from 0.50 up to 2.40; the learning rate was 0.001" in only(found, "rate").seen
    assert found[0].remedies[0].action == Change((("fine_rate", 2e-6),))
    assert "rate" not in kinds(advise(told([1.4, 0.6, 1.9, 0.5, 0.4], learning(5)), SEA, Config()))
    stuck = [6.0, 8.1, 5.2, 7.7, 6.9, 8.3]
    assert kinds(advise(told(stuck, stuck, right=0.2, learned=0.2), SEA, Config()))[0] == "rate"
    early = [6.0, 5.1, 4.3, 3.9, 3.4, 2.9]  # a head that begins far off and is on its way
    assert "rate" not in kinds(advise(told(early, early), SEA, Config()))


def test_nothing_learned_is_told_when_guessing_would_do_as_well() -> None:
    chance = [1.62, 1.6, 1.63, 1.61, 1.6, 1.62, 1.61]
    slow = Config(train=TrainSettings(head_rate=1e-6))
    history = told(chance, chance, right=0.2, learned=0.22)
    found = only(advise(history, SEA, slow), "nothing")
    assert found.seen == (
        "After 7 epochs it is right about 21.8 % of the pictures it learns from; always naming the "
        "biggest class would be right about 20 %."
    )
    assert ways(found) == ["chosen_rate", "look"]
    assert found.remedies[0].action == Change((("head_rate", 0.0),))
    assert ways(only(advise(history, SEA, Config()), "nothing")) == ["thaw", "look"]
    learned = told(chance, chance, right=0.2, learned=0.5)
    assert "nothing" not in kinds(advise(learned, SEA, Config()))
    falling = told(chance, learning(7), right=0.2, learned=0.22)
    assert "nothing" not in kinds(advise(falling, SEA, Config()))


def test_few_pictures_are_told_as_what_one_of_them_moves() -> None:
    few = Pictures({"crab": 8, "fish": 8, "turtle": 8}, 6)
    found = advise(told(learning(4), learning(4)), few, Config())
    assert kinds(found) == ["few", "improving"]
    assert found[0].seen == (
        "It is checked with 6 pictures: one more or one fewer right moves the accuracy by 17 "
        "points."
    )
    assert found[0].remedies[0].action == Go("pictures")
    small = Pictures({"crab": 40, "fish": 8, "turtle": 40}, 20)
    assert "It learns “fish” from 8 pictures only." in [
        each.seen for each in advise(told(learning(4), learning(4)), small, Config())
    ]


def test_uneven_classes_are_told_by_name() -> None:
    uneven = Pictures({"crab": 120, "fish": 30, "turtle": 90}, 60)
    found = advise(told(learning(4), learning(4)), uneven, Config())
    assert found[0].seen == "It learns “crab” from 120 pictures and “fish” from 30."
    for even in ({"crab": 40, "fish": 30}, {"crab": 9, "fish": 3}):
        told_of = kinds(advise(told(learning(4), learning(4)), Pictures(even, 40), Config()))
        assert "uneven" not in told_of


@pytest.mark.parametrize(
    ("right", "checking", "kind", "offered"),
    [
        (0.95, 40, "learned", ["test"]),
        (1.0, 6, "hopeful", ["test"]),
        (0.7, 40, "settled", ["thaw", "augment", "add"]),
    ],
)
def test_the_end_says_how_it_stands(right, checking, kind, offered) -> None:
    pictures = replace(SEA, checking=checking)
    losses = [*learning(8, 0.4), *[0.62, 0.6, 0.63, 0.61, 0.62]]
    history = told(losses, losses, right, over="early_stopping", pictures=checking)
    last = advise(history, pictures, Config())[-1]
    assert (last.kind, ways(last)) == (kind, offered)


def test_a_plateau_while_it_runs_is_told_late() -> None:
    losses = [*learning(8, 0.3), *[0.52] * 6]
    for count in range(8, 15):
        found = kinds(advise(told(losses[:count], losses[:count], 0.7), SEA, Config()))
        assert ("settled" in found) == (count >= 13), count


def noisy(seed: int, pictures: int) -> tuple[list[float], list[float], list[float], list[float]]:
    """A healthy training as it really looks: its losses wobble, more so with few pictures."""
    chance = np.random.default_rng(seed)
    count = 25
    train = np.array(learning(count, 0.25, 1.6)) * chance.lognormal(0, 0.08, count)
    check = np.array(learning(count, 0.4, 1.5)) * chance.lognormal(0, 0.5 / pictures**0.5, count)
    chances = 0.86 - 0.5 * np.exp(-np.arange(count) / 3)
    right = chance.binomial(pictures, chances) / pictures
    return train.tolist(), check.tolist(), right.tolist(), (chances + 0.04).tolist()


@pytest.mark.parametrize("checking", [6, 15, 40, 200])
def test_noise_alarms_nobody(checking) -> None:
    pictures = replace(SEA, checking=checking)
    alarmed = []
    for seed in range(20):
        series = noisy(seed, checking)
        for count in range(1, 26):
            history = told(*(each[:count] for each in series), pictures=checking)
            found = set(kinds(advise(history, pictures, Config())))
            alarmed += [(seed, count, each) for each in found & ALARMS]
    assert not alarmed


@pytest.mark.parametrize("checking", [40, 200])
def test_memorising_is_found_through_noise(checking) -> None:
    pictures, missed = replace(SEA, checking=checking), []
    for seed in range(20):
        chance = np.random.default_rng(seed)
        train = 1.4 * 0.8 ** np.arange(25) * chance.lognormal(0, 0.08, 25)
        rise = np.concatenate([learning(8, 0.5), 0.67 + 0.05 * np.arange(17)])
        check = rise * chance.lognormal(0, 0.5 / checking**0.5, 25)
        history = told(train.tolist(), check.tolist(), 0.75, pictures=checking)
        if "memorising" not in kinds(advise(history, pictures, Config())):
            missed.append(seed)
    assert not missed


def test_every_word_is_used_and_every_remedy_is_a_setting() -> None:
    names = set(Config().to_json()["model"]) | set(Config().to_json()["train"])
    assert set(advice.TITLES) == set(advice.TONES) == set(advice.MEANINGS)
    deep = Config(
        ModelSettings(freeze_point="block1_conv1", rotation=False), TrainSettings(head_rate=1e-6)
    )
    for config in (Config(), deep, Config(ModelSettings(head="classic"))):
        history = told([1.62] * 9, [1.62] * 9, 0.2, 0.2, over="epochs")
        for found in advise(history, SEA, config):
            for each in found.remedies:
                if isinstance(each.action, Change):
                    values = dict(each.action.settings)
                    assert set(values) <= names
                    assert each.done
                    ModelSettings.read(values)
                    TrainSettings.read(values)


def test_numbers_come_from_the_split() -> None:
    def pictures(*labels: int) -> tuple[Labelled, ...]:
        return tuple(Labelled(f"{n}", f"{n:064x}", f"{n}", each) for n, each in enumerate(labels))

    split = Split(("crab", "fish"), pictures(0, 0, 1), pictures(1))
    assert counted(split) == Pictures({"crab": 2, "fish": 1}, 1)
