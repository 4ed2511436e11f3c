"""A ladder of four freeze points against its slowest rung alone.

Whole processes: ``python -m gui ladder`` and ``python -m gui train`` with the earliest of its
points, on the same pictures and with the same settings. Promised: at most 1.5x.
"""

import measure
import picture_sets

from gui.core import ladder as ladders
from gui.core import vgg16

POINTS = ",".join(ladders.USUAL)


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--points", default=POINTS, help=f"separated by commas ({POINTS})")
    parser.add_argument("--epochs", type=int, help="instead of the default")
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    slowest = min(chosen.points.split(","), key=vgg16.position)
    flags = ["--patience", 0, "--image-size", chosen.image_size]
    flags += ["--epochs", chosen.epochs] if chosen.epochs else []
    measure.begin(__doc__)
    climbs, rungs = [], []
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        for number in range(chosen.runs):
            into = folder / f"ladder-{number}"
            climb = measure.python(
                "-m", "gui", "ladder", pictures, "--points", chosen.points, "--run", into,
                *map(str, flags),
            )  # fmt: skip
            climbs.append(climb.seconds)
            print(f"{chosen.points}: {climb.seconds:.1f} s, peak {climb.peak_mb:.0f} MB")
            print(climb.printed.rstrip(), flush=True)
            alone = measure.train(
                pictures, folder / f"alone-{number}", "--freeze-point", slowest, *flags
            )
            rungs.append(alone.seconds)
            print(
                f"{slowest} alone: {alone.seconds:.1f} s, val_accuracy "
                f"{measure.accuracy(alone)[0]:.3f}, peak {alone.peak_mb:.0f} MB",
                flush=True,
            )
    print(f"ladder {measure.spread(climbs)} s, slowest rung alone {measure.spread(rungs)} s")
    ratio = measure.median_ratio(climbs, rungs)
    measure.verdict("median ratio", ratio, 1.5, most=True)


if __name__ == "__main__":
    main()
