"""“None of these”: of pictures of classes never trained, and of new pictures of trained ones.

For each seed half of the classes are drawn and trained on three quarters of their pictures; the
training sets its threshold on its own validation pictures. Then it is asked about the last quarter
(a picture of these that it calls none is a false alarm) and about every picture of the classes it
has never seen (one that it calls none is a catch). Nothing of either was seen before.
"""

import random
import shutil
from pathlib import Path

import measure
import picture_sets

from gui.core import runs
from gui.core.accuracy import Accuracy
from gui.engine import processors, weights
from gui.engine.prediction import Predictor

NEW = 0.25  # share of a trained class's pictures that the training doesn't get


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--freeze-point", default="head")
    chosen = parser.parse_args()
    measure.begin(__doc__)
    processors.limit_threads()
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        sums = [0, 0, 0, 0]
        for seed in range(chosen.seeds):
            some = once(chosen, pictures, folder / str(seed), seed)
            sums = [a + b for a, b in zip(sums, some, strict=True)]
            caught, alarms = Accuracy(some[0], some[1]), Accuracy(some[2], some[3])
            print(f"seed {seed}: catches {told(caught)}; false alarms {told(alarms)}", flush=True)
    caught, alarms = Accuracy(sums[0], sums[1]), Accuracy(sums[2], sums[3])
    print(f"catches: {told(caught)}")
    print(f"false alarms: {told(alarms)}")


def told(share: Accuracy) -> str:
    """A share with its range."""
    part = f"{100 * share.share:.1f} % ({share.low_text} to {share.high_text})"
    return f"{part}, {share.right} of {share.pictures}"


def once(chosen, pictures: Path, folder: Path, seed: int) -> tuple[int, int, int, int]:
    """Catches, strangers, false alarms, new pictures."""
    chance = random.Random(seed)
    classes = sorted(path for path in pictures.iterdir() if path.is_dir())
    trained = set(chance.sample(classes, (len(classes) + 1) // 2))
    new, strangers = [], []
    for label in classes:
        of_class = sorted(path for path in label.iterdir() if path.is_file())
        if label not in trained:
            strangers += of_class
            continue
        chance.shuffle(of_class)
        count = round(NEW * len(of_class))
        new += of_class[:count]
        (folder / "pictures" / label.name).mkdir(parents=True)
        for path in of_class[count:]:
            shutil.copy(path, folder / "pictures" / label.name)
    flags = ("--epochs", chosen.epochs, "--image-size", chosen.image_size, "--seed", seed,
             "--freeze-point", chosen.freeze_point)  # fmt: skip
    measure.train(folder / "pictures", folder / "run", *flags)
    run, predictor = runs.find(folder / "run"), Predictor(lambda: weights.find())
    unlike = [
        [
            bool(each.unlike)
            for each in predictor.predict(run, [(str(path), path) for path in asked])
        ]
        for asked in (strangers, new)
    ]
    return sum(unlike[0]), len(strangers), sum(unlike[1]), len(new)


if __name__ == "__main__":
    main()
