"""How many views of each picture: accuracy and seconds with 1, 2, 4 and 8.

Head only, with the settings' own defaults but for the views. The seconds are those of a whole
process with an empty store; the accuracies are of many seeds, each with another division of the
pictures, which share a store. No figure is promised: this is what the default is chosen by.
"""

import json
import statistics
import time
from pathlib import Path

import measure
import picture_sets

from gui.core import ingest, new_run, split
from gui.core.config import Config, ModelSettings, TrainSettings


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--views", type=int, nargs="+", default=[1, 2, 4, 8])
    sets = ["icons", "samples"]
    parser.add_argument("--sets", nargs="+", choices=picture_sets.SETS, default=sets)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=TrainSettings.epochs)
    parser.add_argument("--image-size", type=int, default=ModelSettings.image_size)
    parser.add_argument("--freeze-point", default="head")
    parser.add_argument("--side", choices=("accuracy",), help=measure.SIDE)
    parser.add_argument("--folder", type=Path, help=measure.SIDE)
    parser.add_argument("--pictures", type=Path, help=measure.SIDE)
    chosen = parser.parse_args()
    common = ["--freeze-point", chosen.freeze_point, "--epochs", str(chosen.epochs)]
    common += ["--image-size", str(chosen.image_size)]
    if chosen.side:
        print(json.dumps(accuracies(chosen)))
        return
    measure.begin(__doc__)
    with measure.scratch() as folder:
        for name in chosen.sets:
            pictures = picture_sets.SETS[name](folder)
            print(f"{name}: {len(picture_sets.files(pictures))} pictures, {chosen.seeds} seeds")
            told, _ = measure.side(
                __file__, "accuracy", "--pictures", pictures, "--folder", folder / name,
                "--seeds", str(chosen.seeds), "--views", *map(str, chosen.views), *common,
            )  # fmt: skip
            print("views, accuracy (mean ± standard error), loss (mean), seconds")
            for views in chosen.views:
                done = measure.train(
                    pictures, folder / f"{name}-{views}", "--views", views, *common
                )
                scores = told["scores"][str(views)]
                error = statistics.stdev(scores) / len(scores) ** 0.5 if len(scores) > 1 else 0.0
                spread = f"{min(scores):.3f} to {max(scores):.3f}"
                told_in = f"{statistics.mean(scores):.3f} ± {error:.3f} ({spread})"
                print(
                    f"{views:5}  {told_in:30} on {told['pictures']} pictures each  "
                    f"{statistics.mean(told['losses'][str(views)]):.3f}  {done.seconds:.1f}",
                    flush=True,
                )


def accuracies(chosen) -> dict:
    """The kept model's accuracy with each number of views and each seed."""
    import keras

    from gui.engine import attempt, processors, weights

    processors.limit_threads()
    found, scores, losses, count = weights.find(), {}, {}, 0
    data = ingest.read(ingest.walk(chosen.pictures), chosen.pictures)
    for views in sorted(chosen.views):
        scores[views], losses[views] = [], []
        for seed in range(chosen.seeds):
            settings = Config(
                ModelSettings(freeze_point=chosen.freeze_point, image_size=chosen.image_size),
                TrainSettings(epochs=chosen.epochs, views=views, seed=seed),
            )
            run = new_run.create(
                chosen.folder / f"{views}-{seed}", settings, split.divide(data, seed=seed),
                data.root, "views", time.time(), chosen.folder / "features",
            )  # fmt: skip
            evaluated = attempt.train(run, lambda: found)
            keras.utils.clear_session()
            scores[views].append(evaluated.accuracy)
            losses[views].append(evaluated.loss)
            count = evaluated.pictures
    return {"scores": scores, "losses": losses, "pictures": count}


if __name__ == "__main__":
    main()
