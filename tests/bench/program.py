"""A run's program against the run: validation accuracy, both styles, with only TensorFlow's own.

The same pictures, division, seed and settings, once with the head alone and once with block 5
learning, too. Promised: within 2 points of the run. On few pictures a single one is more than that,
so the number of pictures is printed beside each figure.
"""

import re
import sys
from pathlib import Path

import measure
import picture_sets

STYLES = ("functional", "sequential")
# In a folder of its own: the program leaves its model where it is started.
INSIDE = """
import os, runpy, sys
os.chdir(sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser, default="samples")
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--head-epochs", type=int, default=10, help="of the run with the head only")
    parser.add_argument(
        "--fine-epochs", type=int, default=4, help="of the other, half for the head"
    )
    parser.add_argument("--validation-share", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--points", nargs="+", default=["head", "block5_conv1"])
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        weights = measure.weights_for_keras(folder)
        for point in chosen.points:
            compare(chosen, pictures, weights, folder, point)


def compare(chosen, pictures: Path, weights: Path, folder: Path, point: str) -> None:
    """One run, and what its programs come to."""
    epochs = chosen.head_epochs if point == "head" else chosen.fine_epochs
    run = folder / f"run-{point}"
    ours = measure.train(
        pictures, run, "--freeze-point", point, "--image-size", chosen.image_size,
        "--epochs", epochs, "--head-epochs", max(1, epochs // 2), "--seed", chosen.seed,
        "--validation-share", chosen.validation_share,
    )  # fmt: skip
    accuracy, count = measure.accuracy(ours)
    print(
        f"{point}: run {accuracy:.3f} on {count} pictures, {ours.seconds:.0f} s, "
        f"{epochs} epochs at {chosen.image_size} px",
        flush=True,
    )
    for style in STYLES:
        script = folder / f"train_{style}.py"
        measure.python("-m", "gui", "export", run, "--format", f"program-{style}", "--to", script)
        theirs = measure.python("-c", INSIDE, folder, script, pictures, "--weights", weights)
        found, seen = measure.accuracy(theirs)
        numbers = re.search(r"parameters: (.+)", theirs.printed)
        if seen != count or not numbers:
            sys.exit(f"{style}: {seen} pictures, not {count}:\n{theirs.printed}")
        print(f"{point}: {style} {found:.3f}, {theirs.seconds:.0f} s; {numbers[1]}", flush=True)
        measure.verdict(f"{point}, {style}: apart", 100 * abs(found - accuracy), 2,
                        unit=" points", most=True)  # fmt: skip


if __name__ == "__main__":
    main()
