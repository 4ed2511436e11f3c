"""Freezepoint against plain Keras ``fit`` on the same photographs, split, head, rate and epochs.

Both sides are whole processes. Prints accuracy and seconds of both and the ratio.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import photographs

ROOT = Path(__file__).resolve().parents[2]

PLAIN = """
import json, sys
import gui.engine
import keras, numpy as np
from keras import layers
from pathlib import Path
from PIL import Image
from gui.engine import weights

run, epochs, size, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
keras.utils.set_random_seed(seed)
split = json.loads((run / "split.json").read_text())
root = run / json.loads((run / "run.json").read_text())["pictures"]
def read(part):
    rows = split[part]
    images = [Image.open(root / r["path"]).convert("RGB").resize((size, size), 2) for r in rows]
    return np.stack(images), np.array([r["label"] for r in rows])
base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(size, size, 3))
for name, arrays in weights.find().arrays.items():
    base.get_layer(name).set_weights(arrays)
base.trainable = False
inputs = keras.Input((size, size, 3))
x = layers.RandomFlip("horizontal")(inputs)
x = layers.RandomZoom(0.2)(layers.RandomRotation(0.1)(x))
x = keras.applications.vgg16.preprocess_input(x)
x = layers.GlobalAveragePooling2D()(base(x, training=False))
x = layers.Dropout(0.3)(layers.Dense(256, "relu")(x))
model = keras.Model(inputs, layers.Dense(len(split["labels"]), "softmax")(x))
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
kept = keras.callbacks.ModelCheckpoint(
    str(run / "plain.weights.h5"), save_best_only=True, save_weights_only=True)
checking = read("validation")
model.fit(*read("train"), validation_data=checking, batch_size=16, epochs=epochs,
          callbacks=[kept], verbose=0)
model.load_weights(run / "plain.weights.h5")
print(f"val_accuracy: {model.evaluate(*checking, verbose=0)[1]:.3f}")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pictures", type=Path, help="a folder; photographs are fetched if not")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--seeds", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pictures = chosen.pictures or photographs.fetch(Path(scratch))
        count = sum(1 for path in pictures.rglob("*") if path.is_file())
        cores = len(os.sched_getaffinity(0))
        print(f"{count} pictures, {chosen.epochs} epochs, {chosen.image_size} px, head only")
        print(f"{platform.machine()}, {cores} cores, Python {platform.python_version()}")
        ratios = [
            compare(pictures, Path(scratch), chosen.epochs, chosen.image_size, seed)
            for seed in range(chosen.seeds)
        ]
    print(f"median ratio {statistics.median(ratios):.1f}x")


def compare(pictures: Path, scratch: Path, epochs: int, size: int, seed: int) -> float:
    """Run both sides once; returns how many times faster Freezepoint was."""
    run = scratch / f"run-{seed}"
    ours = [sys.executable, "-m", "gui", "train", str(pictures), "--run", str(run)]
    ours += ["--epochs", str(epochs), "--patience", "0"]
    ours += ["--image-size", str(size), "--seed", str(seed)]
    plain = [sys.executable, "-c", PLAIN, str(run), str(epochs), str(size), str(seed)]
    scores, seconds = [], []
    for name, command in (("freezepoint", ours), ("plain Keras", plain)):
        started = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - started)
        if done.returncode:
            sys.exit(f"{name} failed:\n{done.stderr[-2000:]}")
        scores.append(float(re.search(r"val_accuracy: ([\d.]+)", done.stdout)[1]))
        checked = len(json.loads((run / "split.json").read_text())["validation"])
        print(
            f"seed {seed} {name:12} {seconds[-1]:7.1f} s, "
            f"val_accuracy {scores[-1]:.3f} on {checked} pictures",
            flush=True,
        )
    print(f"seed {seed} ratio {seconds[1] / seconds[0]:.1f}x", flush=True)
    return seconds[1] / seconds[0]


if __name__ == "__main__":
    main()
