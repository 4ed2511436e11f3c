"""Reads the curves of a training and says in plain words what happens, and what helps.

Pure: a history, the numbers of pictures and the settings in, advice out. It is silent as long as
there is little to go by, and says nothing that few pictures could do by chance.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gui.core import remedies, signs
from gui.core.accuracy import Accuracy, measured
from gui.core.advice import MEANINGS, SEEN, TITLES, TONES, Advice, Kind, Remedy
from gui.core.config import Config, resolve
from gui.core.events import Epoch
from gui.core.history import History
from gui.core.split import Split
from gui.words import say

MOST = 3

_SILENT_EPOCHS = 3
_GUESSING_EPOCHS = 5
_FEW_CHECKING = 12  # pictures; one of them is 8 points or more
_FEW_LEARNING = 10  # pictures of a class
_ENOUGH_FOR_BLOCK_5 = 20  # pictures of each class
_UNEVEN = 3.0  # times as many
_WELL = 0.9  # share of right answers
_SURELY = 0.75  # its lower end: 11 of 11 may be luck
_GAP = 0.1


@dataclass(frozen=True)
class Pictures:
    """How many pictures a training has.

    Attributes:
        learning: For each class those it learns from.
        checking: Those kept for checking.
    """

    learning: Mapping[str, int]
    checking: int


def counted(split: Split) -> Pictures:
    """The numbers of a split."""
    found = Counter(split.labels[each.label] for each in split.train)
    return Pictures({label: found[label] for label in split.labels}, len(split.validation))


def advise(history: History, pictures: Pictures, config: Config) -> tuple[Advice, ...]:
    """What there is to say, the most important first, three things at the most.

    Args:
        history: Of a training under way or over.
        pictures: What it learns from and is checked with.
        config: Its settings, as they were chosen.
    """
    seen = _Seen(history, pictures, config)
    if lost := seen.diverged():
        return (lost,)
    if len(seen.epochs) < _SILENT_EPOCHS or not pictures.learning or not pictures.checking:
        return ()
    readers: tuple[Callable[[], Iterator[Advice]], ...] = (
        seen.rate,
        seen.nothing,
        seen.memorising,
        seen.few,
        seen.uneven,
        seen.outcome,
    )
    found = [advice for reader in readers for advice in reader()]
    alarmed = {each.kind for each in found} & {"rate", "nothing"}
    if alarmed:  # what else the curves show follows from that
        found = [each for each in found if each.kind in {*alarmed, "few", "uneven"}]
    return tuple(_offered_once(found[:MOST]))


def _offered_once(found: Sequence[Advice]) -> Iterator[Advice]:
    """Each advice without the remedies that one before it has offered."""
    offered = set[str]()
    for each in found:
        yield replace(each, remedies=tuple(way for way in each.remedies if way.id not in offered))
        offered |= {way.id for way in each.remedies}


class _Seen:
    """One training, looked at from each side; a side yields what it has to say."""

    def __init__(self, history: History, pictures: Pictures, config: Config) -> None:
        self.history, self.pictures, self.config = history, pictures, config
        self.epochs = [each for each in history.epochs if signs.finite(each)]

    def diverged(self) -> Advice | None:
        """When there is no way on."""
        history = self.history
        lost = history.finished is not None and history.finished.reason == "diverged"
        lost = lost or (history.failed is not None and history.failed.diverged)
        if lost or not all(map(signs.finite, history.epochs)):
            return self._rate(say(SEEN["diverged"], rate=self._rate_now()))
        return None

    def rate(self) -> Iterator[Advice]:
        jumped = signs.jumping(self.epochs, math.log(max(2, len(self.pictures.learning))))
        if jumped:
            low, high = jumped
            told = {"low": _loss(low), "high": _loss(high), "rate": self._rate_now()}
            yield self._rate(say(SEEN["jumps"], **told))

    def nothing(self) -> Iterator[Advice]:
        """No better than always naming the biggest class, with its own pictures and with others."""
        total, last = sum(self.pictures.learning.values()), self.epochs[-3:]
        guess = max(self.pictures.learning.values()) / max(1, total)
        train = measured(sum(each.accuracy for each in last) / len(last), total)
        check = measured(max(each.val_accuracy for each in last), self.pictures.checking)
        if len(self.epochs) < _GUESSING_EPOCHS or not train or not check:
            return
        no_better = train.low <= guess and check.low <= guess and train.share < guess + _GAP
        if no_better and signs.falling(self.epochs) is None:
            told = {"epochs": len(self.epochs), "share": train.share_text, "guess": _percent(guess)}
            ways = [*remedies.chosen_rate(self.config), *remedies.learn_more(self.config)]
            look = remedies.go("look", "pictures")
            yield _advice("nothing", say(SEEN["nothing"], **told), *ways[:1], look)

    def memorising(self) -> Iterator[Advice]:
        ways = [
            *remedies.vary(self.config),
            *remedies.learn_less(self.config),
            remedies.go("add", "pictures"),
        ]
        found = signs.memorising(self.epochs, self.pictures.checking)
        if found and not self._is_done_well():
            told = {
                "epoch": found.epoch,
                "train_then": _loss(found.train_then),
                "train_now": _loss(found.train_now),
                "check_then": _loss(found.check_then),
                "check_now": _loss(found.check_now),
            }
            yield _advice("memorising", say(SEEN["memorising"], **told), *ways)
        elif (gap := self._gap()) is not None:
            train, check = gap
            told = {"train": _percent(train), "check": check.share_text, "n": check.pictures}
            yield _advice("gap", say(SEEN["gap"], **told), *ways)

    def few(self) -> Iterator[Advice]:
        label, least = min(self.pictures.learning.items(), key=lambda each: each[1])
        checking, add = self.pictures.checking, remedies.go("add", "pictures")
        if checking < _FEW_CHECKING:
            told = {"n": checking, "points": round(100 / checking)}
            yield _advice("few", say(SEEN["few_checking"], **told), add)
        elif least < _FEW_LEARNING:
            yield _advice("few", say(SEEN["few_learning"], label=label, n=least), add)

    def uneven(self) -> Iterator[Advice]:
        counts = self.pictures.learning
        most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
        more, fewer = counts[most], counts[least]
        if more >= _UNEVEN * fewer and more - fewer >= _FEW_LEARNING:
            told = {"most": most, "more": more, "least": least, "fewer": fewer}
            add = remedies.go("add", "pictures")
            yield _advice("uneven", say(SEEN["uneven"], **told), add)

    def outcome(self) -> Iterator[Advice]:
        """Where it stands: on its way, or at its end."""
        falling, whole = signs.falling(self.epochs), self._is_whole()
        if falling:
            told = {
                "before": _loss(falling.before),
                "now": _loss(falling.now),
                "epochs": falling.epochs,
            }
            ways = [remedies.more_epochs()] if whole else []
            yield _advice("improving", say(SEEN["improving"], **told), *ways)
            return
        kept = self._kept()
        over = whole or signs.flat_for(self.epochs) >= _GUESSING_EPOCHS
        if kept is None or not over:
            return
        epoch, score = kept
        told = {
            "right": score.right,
            "n": score.pictures,
            "share": score.share_text,
            "epoch": epoch.epoch,
        }
        seen = say(SEEN["score"], **told)
        test = [remedies.go("test", "test")] if whole else []
        if score.share >= _WELL and score.low >= _SURELY:
            yield _advice("learned", seen, *test)
        elif score.share >= _WELL:
            yield _advice("hopeful", seen, *test)
        elif signs.memorising(self.epochs, self.pictures.checking) is None:
            enough = min(self.pictures.learning.values()) >= _ENOUGH_FOR_BLOCK_5
            thaw = [*remedies.learn_more(self.config)] if enough else []
            add = remedies.go("add", "pictures")
            yield _advice("settled", seen, *thaw, *remedies.vary(self.config), add)

    def _rate(self, seen: str) -> Advice:
        phases = self.history.phases
        return _advice(
            "rate", seen, remedies.lower_rate(self.config, phases[-1].phase if phases else "head")
        )

    def _rate_now(self) -> str:
        phases = self.history.phases
        return remedies.plain(
            phases[-1].learning_rate if phases else resolve(self.config).train.head_rate
        )

    def _gap(self) -> tuple[float, Accuracy] | None:
        """Accuracy on its own pictures and on others, when the difference is no chance."""
        # The best of five epochs: looked at after every epoch, one that is low by chance comes.
        last = self.epochs[-_GUESSING_EPOCHS:]
        train = sum(each.accuracy for each in last) / len(last)
        check = measured(max(each.val_accuracy for each in last), self.pictures.checking)
        if len(self.epochs) < _GUESSING_EPOCHS or check is None or self._is_done_well():
            return None
        return (train, check) if train - _GAP > check.share and train > check.high else None

    def _is_done_well(self) -> bool:
        kept = self._kept()
        return self._is_whole() and kept is not None and kept[1].share >= _WELL

    def _kept(self) -> tuple[Epoch, Accuracy] | None:
        epoch = self.history.kept
        score = measured(epoch.val_accuracy, self.pictures.checking) if epoch else None
        return (epoch, score) if epoch and score else None

    def _is_whole(self) -> bool:
        return self.history.finished is not None and not self.history.busy


def _advice(kind: Kind, seen: str, *ways: Remedy) -> Advice:
    return Advice(kind, TONES[kind], say(TITLES[kind]), seen, say(MEANINGS[kind]), ways)


def _loss(value: float) -> str:
    return f"{value:.2f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
