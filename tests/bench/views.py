"""How many views of each picture: accuracy and seconds with 1, 2, 4 and 8, over several seeds.

Head only, with the settings' own defaults but for the views; every run starts with an empty store.
No figure is promised: this is what the default is chosen by.
"""

import statistics

import measure
import picture_sets


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--views", type=int, nargs="+", default=[1, 2, 4, 8])
    sets = ["icons", "samples"]
    parser.add_argument("--sets", nargs="+", choices=picture_sets.SETS, default=sets)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, help="instead of the default")
    parser.add_argument("--image-size", type=int, help="instead of the default")
    parser.add_argument("--freeze-point", default="head")
    chosen = parser.parse_args()
    flags = ["--freeze-point", chosen.freeze_point]
    flags += ["--epochs", chosen.epochs] if chosen.epochs else []
    flags += ["--image-size", chosen.image_size] if chosen.image_size else []
    measure.begin(__doc__)
    with measure.scratch() as folder:
        for name in chosen.sets:
            pictures = picture_sets.SETS[name](folder)
            print(f"{name}: {len(picture_sets.files(pictures))} pictures, {chosen.seeds} seeds")
            print("views  accuracy                          seconds")
            for views in chosen.views:
                scores, seconds = [], []
                for seed in range(chosen.seeds):
                    run = folder / f"{name}-{views}-{seed}"
                    done = measure.train(pictures, run, "--views", views, "--seed", seed, *flags)
                    scores.append(measure.accuracy(done)[0])
                    seconds.append(done.seconds)
                told = f"{statistics.mean(scores):.3f} ({min(scores):.3f} to {max(scores):.3f})"
                print(f"{views:5}  {told:32}  {measure.spread(seconds)}", flush=True)


if __name__ == "__main__":
    main()
