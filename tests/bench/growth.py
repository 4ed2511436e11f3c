"""Growth: the time of four times as many pictures, and the memory of ten times as many.

``python -m gui train``, head only; the time is that of the training, without the start of the
program. Promised: time(2,000) / time(500) at most 4.2, and the peak of 10,000 pictures at most 10 %
above that of 1,000.
"""

import measure
import picture_sets

from gui.core import runs


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--time", type=int, nargs=2, default=[500, 2000], metavar="N")
    parser.add_argument("--memory", type=int, nargs=2, default=[1000, 10_000], metavar="N")
    parser.add_argument("--time-size", type=int, default=160, help="px, where time is measured")
    parser.add_argument("--memory-size", type=int, default=64, help="px, where memory is")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--skip", choices=("time", "memory"), help="leave one of them out")
    chosen = parser.parse_args()
    measure.begin(__doc__)
    if chosen.skip != "time":
        few, many = (once(count, chosen.time_size, chosen.epochs) for count in chosen.time)
        print(f"whole processes: {many[0].seconds / few[0].seconds:.2f}x")
        measure.verdict("the training alone", many[1] / few[1], 4.2, most=True)
    if chosen.skip != "memory":
        few, many = (once(count, chosen.memory_size, chosen.epochs) for count in chosen.memory)
        more = 100 * (many[0].peak_mb / few[0].peak_mb - 1)
        measure.verdict("memory: more by", more, 10, unit=" %", most=True)


def once(count: int, size: int, epochs: int) -> tuple[measure.Measured, float]:
    """Train on so many pictures; the process, and the seconds between its first and last event."""
    with measure.scratch() as folder:
        pictures = picture_sets.draw(folder / "pictures", count, size + size // 2)
        flags = ("--image-size", size, "--epochs", epochs, "--patience", 0)
        done = measure.train(pictures, folder / "run", *flags)
        history = runs.find(folder / "run").history
        inside = history.finished.at - history.started.at
    print(
        f"{count:6} pictures at {size} px: {done.seconds:.1f} s ({inside:.1f} s of it the "
        f"training), peak {done.peak_mb:.0f} MB",
        flush=True,
    )
    return done, inside


if __name__ == "__main__":
    main()
