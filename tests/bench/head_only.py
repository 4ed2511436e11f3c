"""Head only, 30 epochs, whole process: Freezepoint against plain Keras ``fit``.

Same pictures, split, seed, head, rate, batch size and number of epochs; both keep their best epoch.
Plain Keras augments and passes every picture through VGG16 in every epoch; Freezepoint passes as
many views of each as is its default, and once more only the plain one. Promised: 40x, with the same
validation accuracy (2 points either way, over 3 seeds).
"""

import json
import statistics
from pathlib import Path

import measure
import picture_sets

from gui.core.config import TrainSettings


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--plain-epochs", type=int, help="fewer for plain Keras, then extrapolated")
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    chosen.plain_epochs = chosen.plain_epochs or chosen.epochs
    measure.begin(__doc__)
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        print(f"head only, {chosen.epochs} epochs, {chosen.image_size} px, whole processes")
        weights = measure.weights_for_keras(folder)
        sides = [compare(chosen, pictures, weights, folder, seed) for seed in range(chosen.seeds)]
    ratio = statistics.median(plain / ours for ours, plain, _, _ in sides)
    measure.verdict("median ratio", ratio, 40)
    if chosen.plain_epochs == chosen.epochs:
        gap = 100 * statistics.mean(ours - plain for *_, ours, plain in sides)
        print(f"Freezepoint's accuracy less plain Keras's: {gap:+.1f} points")
        measure.verdict("apart", abs(gap), 2, unit=" points", most=True)
    else:
        print("Accuracies are not compared: plain Keras had fewer epochs.")


def compare(
    chosen, pictures: Path, weights: Path, folder: Path, seed: int
) -> tuple[float, float, float, float]:
    """Both sides once: seconds of Freezepoint and of plain Keras, then their accuracies."""
    run = folder / f"run-{seed}"
    flags = ("--image-size", str(chosen.image_size), "--seed", str(seed))
    once = train(pictures, folder / f"once-{seed}", chosen.epochs, 1, *flags)
    ours = train(pictures, run, chosen.epochs, TrainSettings.views, *flags)
    our_accuracy, _ = measure.accuracy(ours)
    script = Path(__file__).with_name("plain_keras.py")
    plain = measure.python(
        script, run, "--weights", weights, "--head-epochs", str(chosen.plain_epochs), *flags
    )
    *epochs, result = map(json.loads, plain.printed.strip().split("\n"))
    # The first epoch also traces the graph.
    each = statistics.median(epoch["seconds"] for epoch in epochs[1:] or epochs)
    seconds, how = plain.seconds, ""
    if chosen.plain_epochs < chosen.epochs:
        seconds += (chosen.epochs - chosen.plain_epochs) * each
        how = f", EXTRAPOLATED from {plain.seconds:.1f} s for {chosen.plain_epochs} epochs"
    print(
        f"run-{seed}: plain Keras {seconds:.1f} s, val_accuracy {result['accuracy']:.3f} "
        f"on {result['pictures']} pictures, peak {plain.peak_mb:.0f} MB, "
        f"{each:.1f} s an epoch{how}",
        flush=True,
    )
    print(
        f"seed {seed} ratio {seconds / ours.seconds:.1f}x, with one view "
        f"{seconds / once.seconds:.1f}x",
        flush=True,
    )
    return ours.seconds, seconds, our_accuracy, result["accuracy"]


def train(pictures: Path, into: Path, epochs: int, views: int, *flags: str) -> measure.Measured:
    """Freezepoint, with so many views of each picture."""
    done = measure.train(
        pictures, into, "--epochs", epochs, "--patience", 0, "--views", views, *flags
    )
    accuracy, count = measure.accuracy(done)
    print(
        f"{into.name}: Freezepoint, views {views}, {done.seconds:.1f} s, val_accuracy "
        f"{accuracy:.3f} on {count} pictures, peak {done.peak_mb:.0f} MB",
        flush=True,
    )
    return done


if __name__ == "__main__":
    main()
