"""A dropped 12-megapixel photo against one bare forward pass of the same model.

Ours is ``Questions.predict`` with a warm worker: asking another process, decoding, naming, and the
thumbnail that the page shows. Bare is Keras's ``predict_on_batch`` of the run's ``model.keras`` on
the picture decoded before, also warm and in a process of its own. Both in turn. Promised: 1.2x.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import measure
import numpy as np
import picture_sets

from gui.core import runs
from gui.core.jobs import Jobs

WARM = 5


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--image-size", type=int, default=160)
    parser.add_argument("--epochs", type=int, default=1, help="of the training to ask")
    parser.add_argument("--side", choices=("bare",), help=measure.SIDE)
    parser.add_argument("--run", type=Path, help=measure.SIDE)
    parser.add_argument("--picture", type=Path, help=measure.SIDE)
    chosen = parser.parse_args()
    if chosen.side:
        bare(chosen.run / "model.keras", chosen.picture, chosen.image_size)
        return
    measure.begin(__doc__)
    with measure.scratch() as folder:
        picture = picture_sets.camera(folder / "camera", 1)[0]
        print(f"12 megapixels, {picture.stat().st_size / 1e6:.1f} MB, at {chosen.image_size} px")
        samples, path = measure.ROOT / "assets" / "samples", folder / "run"
        flags = ("--epochs", chosen.epochs, "--image-size", chosen.image_size)
        measure.train(samples, path, *flags)
        jobs = Jobs(folder / "logs", None, 1, time.time)
        jobs.open()
        other = [sys.executable, __file__, "--side", "bare", "--run", path, "--picture", picture,
                 "--image-size", str(chosen.image_size)]  # fmt: skip
        passes = subprocess.Popen(other, stdin=-1, stdout=-1, stderr=-3, text=True)
        try:
            seconds = {"dropped": [], "bare": []}
            for number in range(WARM + chosen.runs):
                began = time.perf_counter()
                answer = jobs.questions.predict(runs.find(path), [(picture.name, picture)])[0]
                dropped = time.perf_counter() - began
                told = one(passes)
                if number >= WARM:
                    seconds["dropped"].append(dropped)
                    seconds["bare"].append(told["seconds"])
        finally:
            passes.stdin.close()
            passes.wait()
            jobs.close()
    for name, values in seconds.items():
        print(f"{name:7} {measure.spread([1000 * each for each in values])} ms")
    apart = max(abs(value - told[label]) for label, value in answer.probabilities)
    print(f"the two answers lie at most {apart:.1e} apart")
    ratio = measure.median_ratio(seconds["dropped"], seconds["bare"])
    measure.verdict("median ratio", ratio, 1.2, most=True)


def one(passes: subprocess.Popen) -> dict[str, float]:
    """Ask the other process for one pass."""
    passes.stdin.write("once\n")
    passes.stdin.flush()
    return json.loads(passes.stdout.readline())


def bare(model: Path, picture: Path, size: int) -> None:
    """Answer each line with the seconds of one pass, and the probabilities by label."""
    import keras
    from PIL import Image

    loaded = keras.models.load_model(model)
    labels = model.with_name("labels.txt").read_text(encoding="utf-8").splitlines()
    with Image.open(picture) as opened:
        small = opened.convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
    batch = np.asarray(small, np.float32)[None]
    for _ in sys.stdin:
        began = time.perf_counter()
        reached = loaded.predict_on_batch(batch)[0]
        seconds = time.perf_counter() - began
        told = dict(zip(labels, map(float, reached), strict=True))
        print(json.dumps({"seconds": seconds, **told}), flush=True)


if __name__ == "__main__":
    main()
