"""Block 5 learning: seconds of an epoch after caching, and accuracy after equal epochs.

Freezepoint against plain Keras ``fit``: first the head alone, then block 5 with it, on the same
pictures, split, seed, rates, batch size and epochs. Promised: 5x, and no less accurate.
"""

import itertools
import json
import statistics
from pathlib import Path

import measure
import picture_sets

from gui.core import config, runs


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--epochs", type=int, default=8, help="in all")
    parser.add_argument(
        "--head-epochs", type=int, default=4, help="of them, for the head first; leave 2 or more"
    )
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--seeds", type=int, default=1)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        print(f"{chosen.head_epochs} epochs of the head, {chosen.epochs} in all")
        weights = measure.weights_for_keras(folder)
        sides = [compare(chosen, pictures, weights, folder, seed) for seed in range(chosen.seeds)]
    measure.verdict("median ratio of an epoch", statistics.median(s[1] / s[0] for s in sides), 5)
    gap = 100 * statistics.mean(ours - plain for *_, ours, plain in sides)
    measure.verdict("Freezepoint more accurate by", gap, 0, unit=" points")


def compare(
    chosen, pictures: Path, weights: Path, folder: Path, seed: int
) -> tuple[float, float, float, float]:
    """Both sides once: seconds of an epoch, ours and plain Keras's, then the accuracies."""
    path = folder / f"run-{seed}"
    common = ("--image-size", chosen.image_size, "--seed", seed)
    ours = measure.train(
        pictures, path, "--freeze-point", "block5_conv1", "--epochs", chosen.epochs,
        "--head-epochs", chosen.head_epochs, "--patience", 0, *common,
    )  # fmt: skip
    our_accuracy, count = measure.accuracy(ours)
    run = runs.find(path)
    # From one epoch's end to the next one's, so with all that is written between them.
    ends = [each.at for each in run.history.epochs if each.phase == "fine"]
    epochs = [after - before for before, after in itertools.pairwise(ends)]
    each = statistics.median(epochs)
    print(
        f"seed {seed} Freezepoint {measure.spread(epochs)} s an epoch, whole process "
        f"{ours.seconds:.1f} s, val_accuracy {our_accuracy:.3f} on {count} pictures, "
        f"peak {ours.peak_mb:.0f} MB",
        flush=True,
    )
    rates = config.resolve(run.config).train
    plain = measure.python(
        Path(__file__).with_name("plain_keras.py"), path, "--weights", weights,
        *map(str, common),
        "--head-epochs", str(chosen.head_epochs),
        "--fine-epochs", str(chosen.epochs - chosen.head_epochs),
        "--head-rate", str(rates.head_rate), "--fine-rate", str(rates.fine_rate),
    )  # fmt: skip
    *told, result = map(json.loads, plain.printed.strip().split("\n"))
    plain_epochs = [one["seconds"] for one in told if one["epoch"] > chosen.head_epochs]
    plain_each = statistics.median(plain_epochs)
    print(
        f"seed {seed} plain Keras {measure.spread(plain_epochs)} s an epoch, whole process "
        f"{plain.seconds:.1f} s, val_accuracy {result['accuracy']:.3f} "
        f"on {result['pictures']} pictures, peak {plain.peak_mb:.0f} MB",
        flush=True,
    )
    print(f"seed {seed} ratio {plain_each / each:.1f}x", flush=True)
    return each, plain_each, our_accuracy, result["accuracy"]


if __name__ == "__main__":
    main()
