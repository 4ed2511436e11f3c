"""Two models on the same pictures: who wins, and when nobody may say so."""

import pytest

from gui.core import comparing, evaluation
from gui.core.comparing import agree, compare, sign_test
from gui.core.errors import RunError
from gui.core.evaluation import Answered, Evaluation
from gui.core.metrics import Bin, ClassScore, Metrics
from tests.core.run_folders import SPLIT, made

LABELS = ("cat", "dog")


def answered(
    number: int, right: bool, truth: int = 0, labels: tuple[str, ...] = LABELS
) -> Answered:
    answer = truth if right else 1 - truth
    shares = tuple(0.9 if place == answer else 0.1 for place in range(2))
    return Answered(f"{labels[truth]}/{number}.jpg", f"{number:064x}", f"{number}", truth, shares)


def evaluated(*answers: Answered, labels: tuple[str, ...] = LABELS) -> Evaluation:
    right = sum(each.right for each in answers)
    scores = tuple(ClassScore(label, 1, 0, 0, 0, None, None, None) for label in labels)
    metrics = Metrics(right, len(answers), 0.5, scores, ((0, 0), (0, 0)), (Bin(0.9, 0, 1),))
    return Evaluation("validation", 1, labels, answers, metrics)


def sides(only_a: int, only_b: int, both: int = 0) -> tuple[Evaluation, Evaluation]:
    rights = [(True, False)] * only_a + [(False, True)] * only_b + [(True, True)] * both
    return tuple(
        evaluated(*(answered(number, each[side]) for number, each in enumerate(rights)))
        for side in (0, 1)
    )


@pytest.mark.parametrize(
    ("more", "fewer", "chance"),
    # Source: the tails of the binomial distribution with 1/2, from any table of it.
    [(0, 0, 1), (1, 0, 1), (5, 0, 0.0625), (6, 0, 0.03125), (8, 1, 0.0390625), (3, 3, 1)],
)
def test_chance_by_the_table(more, fewer, chance) -> None:
    assert sign_test(more, fewer) == sign_test(fewer, more) == chance


def test_chance_of_thousands_is_still_a_number() -> None:
    assert 0 <= sign_test(3000, 2000) < 1e-40


def test_every_picture_is_counted_once() -> None:
    told = agree(*sides(2, 1, both=4))
    assert (told.pictures, told.both, told.neither) == (7, 4, 0)
    assert (told.a.right, told.b.right) == (6, 5)
    assert told.only_a_right == ("cat/0.jpg", "cat/1.jpg")
    assert told.only_b_right == ("cat/2.jpg",)


def test_a_winner_is_named_only_when_chance_would_hardly_do_it() -> None:
    clear, unclear = agree(*sides(0, 6)), agree(*sides(5, 0))
    assert (clear.winner, unclear.winner) == ("b", "")
    assert clear.sentence("old", "new") == (
        "“new” had 6 more of 6 pictures right than “old”: 6 that only “new” had right, and 0 that "
        "only “old” had. That is more than chance would bring: “new” is better on them."
    )
    assert unclear.sentence("old", "new").endswith("That may be chance: more pictures would tell.")
    same, others = agree(*sides(0, 0, both=1)), agree(*sides(3, 3))
    assert (
        same.sentence("a", "b") == "“a” and “b” had the same right and the same wrong of 1 picture."
    )
    assert others.sentence("a", "b").endswith("as many of 6 pictures right, but not the same ones.")


def test_pictures_are_found_by_their_bytes_and_the_names_of_their_classes() -> None:
    turned = ("dog", "cat")
    first = evaluated(answered(1, True), answered(2, True), answered(3, True, truth=1))
    second = evaluated(
        answered(1, False, truth=1, labels=turned),  # a cat, too
        answered(2, True, truth=0, labels=turned),  # called a dog by now
        answered(9, True, truth=1, labels=turned),
        labels=turned,
    )
    told = agree(first, second)
    assert (told.pictures, told.only_a_right) == (1, ("cat/1.jpg",))
    with pytest.raises(RunError, match="not asked about the same pictures"):
        agree(evaluated(answered(1, True)), evaluated(answered(2, True)))


def test_what_one_has_learned_from_is_refused(tmp_path, pictures) -> None:
    a, b = (made(tmp_path / "runs" / each, pictures, each) for each in ("a", "b"))
    learned = SPLIT.train[0]
    fair = evaluated(answered(1, True))
    unfair = evaluated(Answered(learned.name, learned.sha256, "1", 0, (1.0, 0.0)))
    evaluation.save(fair, a.evaluation("validation"))
    evaluation.save(fair, b.evaluation("validation"))
    assert compare(a, b).both == 1
    with pytest.raises(RunError, match=r"“b” has learned from 1 picture .*“cat/1.jpg” is one"):
        compare(a, b, (unfair, fair))
    with pytest.raises(RunError, match="“a” has learned from"):
        compare(a, b, (fair, unfair))
    b.evaluation("validation").unlink()
    with pytest.raises(RunError):
        compare(a, b)
    assert comparing.RISK == 0.05
