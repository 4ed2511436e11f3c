"""The frozen part: pictures a second through VGG16's convolutions.

Freezepoint's own network against Keras's ``model.predict`` on the same pictures, each in a process
of its own. What each needs before its first picture (loading, converting, tracing) stands apart.
Promised: 1.4x, and a relative difference of at most 1e-4 in float32.
"""

import json
import time
from pathlib import Path

import measure
import numpy as np
import picture_sets

from gui.core import scaled as reader

BATCH = 16


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--most", type=int, help="use only so many pictures")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--side", choices=SIDES, help=measure.SIDE)
    parser.add_argument("--folder", type=Path, help=measure.SIDE)
    chosen = parser.parse_args()
    if chosen.side:
        print(json.dumps(SIDES[chosen.side](chosen.folder)))
        return
    measure.begin(__doc__)
    with measure.scratch() as folder:
        found = picture_sets.files(picture_sets.fetch(chosen, folder))[: chosen.most]
        pixels = [reader.read_pixels(path, chosen.image_size) for path in found]
        np.save(folder / "pictures.npy", np.stack(pixels))
        measure.weights_for_keras(folder)
        speeds = {"ours": [], "keras": []}
        for number in range(chosen.runs):
            for name, found_speeds in speeds.items():
                told, done = measure.side(__file__, name, "--folder", folder)
                found_speeds.append(len(pixels) / told["seconds"])
                print(
                    f"run {number + 1} {name:5} {found_speeds[-1]:6.2f} pictures a second "
                    f"({1000 / found_speeds[-1]:.1f} ms each), ready after {told['ready']:.2f} s, "
                    f"peak {done.peak_mb:.0f} MB",
                    flush=True,
                )
        measure.side(__file__, "exact", "--folder", folder)
        same, half, theirs = (np.load(folder / f"{name}.npy") for name in SIDES)
    for name, values in speeds.items():
        print(f"{name}: {measure.spread(values)} pictures a second")
    measure.verdict("median ratio", measure.median_ratio(*speeds.values()), 1.4)
    largest = np.abs(theirs).max()
    stored = np.abs(half.astype(np.float32) - theirs).max() / largest
    print(f"largest difference as stored (float16): {stored:.1e} of the largest value")
    difference = float(np.abs(same - theirs[: len(same)]).max() / largest)
    measure.verdict("relative difference in float32", difference, 1e-4, unit="", most=True)


def ours(folder: Path) -> dict[str, float]:
    """As a training runs it."""
    from gui.engine import network, processors, weights

    processors.limit_threads()
    pictures = np.load(folder / "pictures.npy")
    arrays = weights.find().arrays
    started = time.perf_counter()
    opened = network.open_network(arrays)
    opened.run(network.PICTURES, pictures[:1], ["head"])
    ready = time.perf_counter()
    reached = [
        opened.run(network.PICTURES, pictures[first : first + BATCH], ["head"])["head"]
        for first in range(0, len(pictures), BATCH)
    ]
    ended = time.perf_counter()
    np.save(folder / "ours.npy", np.concatenate(reached))
    return {"ready": ready - started, "seconds": ended - ready}


def ours_unrounded(folder: Path) -> dict[str, float]:
    """The same without rounding to half precision, for the comparison."""
    from gui.engine import network, processors, weights

    processors.limit_threads()
    pictures = np.load(folder / "pictures.npy")[: 2 * BATCH]
    opened = network.open_network(weights.find().arrays, rounded=False)
    np.save(folder / "exact.npy", opened.run(network.PICTURES, pictures, ["head"])["head"])
    return {}


def keras_predict(folder: Path) -> dict[str, float]:
    """As Keras's guides write it; nothing of Freezepoint is imported here."""
    import keras

    pictures = np.load(folder / "pictures.npy")
    started = time.perf_counter()
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=pictures.shape[1:])
    base.load_weights(folder / "vgg16.weights.h5")
    inputs = keras.Input(pictures.shape[1:])
    model = keras.Model(inputs, base(keras.applications.vgg16.preprocess_input(inputs)))
    for count in {min(BATCH, len(pictures)), len(pictures) % BATCH or BATCH}:
        model.predict(pictures[:count], batch_size=BATCH, verbose=0)  # traces the graph
    ready = time.perf_counter()
    reached = model.predict(pictures, batch_size=BATCH, verbose=0)
    ended = time.perf_counter()
    np.save(folder / "keras.npy", reached)
    return {"ready": ready - started, "seconds": ended - ready}


SIDES = {"exact": ours_unrounded, "ours": ours, "keras": keras_predict}

if __name__ == "__main__":
    main()
