"""Grad-CAM of 300 pictures: from files to overlays, with a warm model.

At the last convolution of a training of the head only, and at block4_conv1, as for a training that
begins there: the gradients go through more layers then. Nothing is promised but to be bearable.
"""

import itertools
import time

import measure
import picture_sets

from gui.core import runs
from gui.engine import explanation, processors, weights
from gui.engine.explanation import GradCam
from gui.engine.loaded import Models


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser, default="samples")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--image-size", type=int, default=160)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    processors.limit_threads()
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        flags = ("--epochs", 1, "--image-size", chosen.image_size)
        measure.train(pictures, folder / "run", *flags)
        run = runs.find(folder / "run")
        loaded = Models(lambda: weights.find()).load(run)
        asked = [
            (path.name, path)
            for path in itertools.islice(
                itertools.cycle(picture_sets.files(pictures)), chosen.count
            )
        ]
        for layer in ("block5_conv3", "block4_conv1"):
            cam = GradCam(loaded, layer)
            list(explanation.explained(loaded, cam, asked[:16]))  # warm
            began = time.perf_counter()
            told = list(explanation.explained(loaded, cam, asked))
            seconds = time.perf_counter() - began
            shown = sum(bool(each.heat) for each in told)
            print(
                f"{layer}: {seconds:.1f} s for {len(told)} pictures at {chosen.image_size} px, "
                f"{1000 * seconds / len(told):.0f} ms each; {shown} have heat",
                flush=True,
            )


if __name__ == "__main__":
    main()
