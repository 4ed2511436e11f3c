"""The classic head at 256 px: seconds of a step of Adam, and the memory of the process.

Flatten, Dense 4096, Dense 4096, softmax over what reaches the head: 151 million weights. Stock
Keras Adam against Freezepoint's, each in a process of its own, with the same first weights and the
same batches of real pictures. Freezepoint's workers ask the system for large pages; what Keras
would gain by that alone is shown, too. Promised: 3.3x of stock Keras, at most 3.2 GB in a whole
training, and the same losses over 20 steps to 1e-4 (of the loss, where it is above 1).
"""

import json
import statistics
import time
from pathlib import Path

import measure
import numpy as np
import picture_sets

from gui.core import scaled as reader
from gui.core.interpreter import ENVIRONMENT

RATE, BATCH, SIZE_PX = 1e-4, 16, 256
SIDES = {
    "ours": ("ours", ENVIRONMENT),  # as the page and the command line start it
    "keras": ("keras", {}),
    "keras, large pages": ("keras", ENVIRONMENT),
}


def main() -> None:
    parser = measure.arguments(__doc__)
    picture_sets.add_arguments(parser)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--units", type=int, default=4096, help="fewer only to try the script")
    parser.add_argument("--skip-whole-run", action="store_true", help="don't train for the peak")
    parser.add_argument("--side", choices=("features", "ours", "keras"), help=measure.SIDE)
    parser.add_argument("--folder", type=Path, help=measure.SIDE)
    chosen = parser.parse_args()
    if chosen.side == "features":
        features(chosen.pictures, chosen.folder, chosen.steps * BATCH)
        print("{}")
        return
    if chosen.side:
        print(json.dumps(steps(chosen.side, chosen.folder, chosen.units)))
        return
    measure.begin(__doc__)
    told, done = {}, {}
    with measure.scratch() as folder:
        pictures = picture_sets.fetch(chosen, folder)
        flags = ("--folder", str(folder), "--steps", str(chosen.steps))
        measure.side(__file__, "features", "--pictures", pictures, *flags)
        for name, (kind, environment) in SIDES.items():
            told[name], done[name] = measure.side(
                __file__, kind, "--units", str(chosen.units), *flags, environment=environment
            )
            print(
                f"{name:18} {measure.spread(told[name]['seconds'][1:])} s a step, "
                f"first step {told[name]['seconds'][0]:.2f} s, peak {done[name].peak_mb:.0f} MB",
                flush=True,
            )
    print("step  ours       keras      difference")
    pairs = list(zip(told["ours"]["losses"], told["keras"]["losses"], strict=True))
    for number, (own, stock) in enumerate(pairs, 1):
        print(f"{number:4}  {own:.6f}   {stock:.6f}   {abs(own - stock):.1e}")
    ours, stock, paged = (statistics.median(told[each]["seconds"][1:]) for each in SIDES)
    print(f"ratio of a step, Keras with large pages, too: {paged / ours:.2f}x")
    measure.verdict("ratio of a step", stock / ours, 3.3)
    largest = max(abs(own - stock) / max(1, stock) for own, stock in pairs)
    measure.verdict("largest difference of a loss", largest, 1e-4, unit="", most=True)
    if not chosen.skip_whole_run:
        whole_run()


def features(pictures: Path, folder: Path, count: int) -> None:
    """Write what reaches the head for so many pictures, and their labels, in a random order."""
    from gui.engine import network, processors, weights

    processors.limit_threads()
    found = picture_sets.files(pictures)
    classes = sorted({path.parent for path in found})
    order = np.random.default_rng(0).permutation(max(count, len(found)))[:count] % len(found)
    opened = network.open_network(weights.find().arrays)
    pixels = [reader.read_pixels(found[place], SIZE_PX) for place in order]
    reached = opened.run(network.PICTURES, np.stack(pixels), ["head"])["head"]
    np.save(folder / "features.npy", reached)
    np.save(folder / "labels.npy", [classes.index(found[place].parent) for place in order])


def steps(name: str, folder: Path, units: int) -> dict[str, list[float]]:
    """Take a step with every batch, with one of the two; seconds and loss of each."""
    values, labels = np.load(folder / "features.npy"), np.load(folder / "labels.npy")
    if name == "ours":
        from gui.engine import optimizer, processors

        processors.limit_threads()
        made = optimizer.Adam(RATE)
    import keras
    from keras import layers

    if name == "keras":
        made = keras.optimizers.Adam(RATE)
    start = keras.initializers.GlorotUniform
    model = keras.Sequential(
        [
            keras.Input(values.shape[1:]),
            layers.Flatten(),
            layers.Dense(units, "relu", kernel_initializer=start(seed=1)),
            layers.Dense(units, "relu", kernel_initializer=start(seed=2)),
            layers.Dense(int(labels.max()) + 1, "softmax", kernel_initializer=start(seed=3)),
        ]
    )
    loss = "sparse_categorical_crossentropy"
    model.compile(made, loss, metrics=["accuracy"], jit_compile=False)
    seconds, losses = [], []
    for first in range(0, len(values), BATCH):
        batch = values[first : first + BATCH].astype(np.float32)
        began = time.perf_counter()
        told = model.train_on_batch(batch, labels[first : first + BATCH], return_dict=True)
        seconds.append(time.perf_counter() - began)
        losses.append(float(told["loss"]))
        model.reset_metrics()
    return {"seconds": seconds, "losses": losses}


def whole_run() -> None:
    """The peak of a whole training with the classic head at 256 px, its saving included."""
    with measure.scratch() as folder:
        samples = measure.ROOT / "assets" / "samples"
        done = measure.train(
            samples, folder / "run", "--head", "classic", "--image-size", 256, "--epochs", 1,
            "--views", 1,
        )  # fmt: skip
    print(f"a whole training, 1 epoch: {done.seconds:.1f} s")
    measure.verdict("its peak", done.peak_mb / 1000, 3.2, unit=" GB", most=True)


if __name__ == "__main__":
    main()
