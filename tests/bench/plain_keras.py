"""The other side: VGG16 with a new head in plain Keras ``fit``, as its guides write it.

A program of its own that imports nothing of Freezepoint. ``head_only.py`` and ``block5.py`` start
it on the split of one of Freezepoint's runs. It prints a line of JSON an epoch and one at the end.
"""

import argparse
import json
import time
from pathlib import Path

import keras
import numpy as np
from keras import layers
from PIL import Image

BATCH = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path, help="a run of Freezepoint, for its split")
    parser.add_argument("--weights", type=Path, required=True, help="VGG16 without its top")
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--head-epochs", type=int, default=30, help="epochs with VGG16 frozen")
    parser.add_argument("--fine-epochs", type=int, default=0, help="then with block 5 learning")
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--fine-rate", type=float, default=2e-5)
    chosen = parser.parse_args()
    keras.utils.set_random_seed(chosen.seed)
    split = json.loads((chosen.run / "split.json").read_text())
    root = chosen.run / json.loads((chosen.run / "run.json").read_text())["pictures"]
    learning, checking = (
        read(split[part], root, chosen.image_size) for part in ("train", "validation")
    )
    base, model = build(chosen.image_size, len(split["labels"]), chosen.weights)
    best = str(chosen.run / "plain.weights.h5")
    callbacks = [
        keras.callbacks.ModelCheckpoint(best, save_best_only=True, save_weights_only=True),
        Tell(),
    ]

    def fit(rate: float, until: int, begun: int) -> None:
        loss = "sparse_categorical_crossentropy"
        model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
        model.fit(*learning, validation_data=checking, batch_size=BATCH, epochs=until,
                  initial_epoch=begun, callbacks=callbacks, verbose=0)  # fmt: skip

    base.trainable = False
    fit(chosen.head_rate, chosen.head_epochs, 0)
    if chosen.fine_epochs:
        base.trainable = True
        for layer in base.layers:
            layer.trainable = layer.name.startswith("block5")
        fit(chosen.fine_rate, chosen.head_epochs + chosen.fine_epochs, chosen.head_epochs)
    model.load_weights(best)
    loss, accuracy = model.evaluate(*checking, batch_size=BATCH, verbose=0)
    print(json.dumps({"loss": loss, "accuracy": accuracy, "pictures": len(checking[1])}))


def read(rows: list[dict], root: Path, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures, uint8 (n, size, size, 3), and labels."""
    pictures = []
    for row in rows:
        with Image.open(root / row["path"]) as opened:
            small = opened.convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
        pictures.append(np.asarray(small))
    return np.stack(pictures), np.array([row["label"] for row in rows])


def build(size: int, classes: int, weights: Path) -> tuple[keras.Model, keras.Model]:
    """VGG16 and, around it, augmentation, preprocessing and a compact head."""
    base = keras.applications.VGG16(include_top=False, weights=None, input_shape=(size, size, 3))
    base.load_weights(weights)
    inputs = keras.Input((size, size, 3))
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomRotation(0.1)(x)
    x = layers.RandomZoom(0.2)(x)
    x = keras.applications.vgg16.preprocess_input(x)
    x = base(x, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(layers.Dense(256, "relu")(x))
    return base, keras.Model(inputs, layers.Dense(classes, "softmax")(x))


class Tell(keras.callbacks.Callback):
    """Prints each epoch with its seconds."""

    def on_epoch_begin(self, *_) -> None:
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None) -> None:
        told = {name: float(value) for name, value in (logs or {}).items()}
        told["seconds"] = time.perf_counter() - self._began
        print(json.dumps({"epoch": epoch + 1, **told}), flush=True)


if __name__ == "__main__":
    main()
