"""From pressing Start to the first picture cached, with a standby worker that is warm.

The app's own workspace, queue and workers without its page: the sample pictures of a new person
each time, ``Site.start``, and a look at the run's events every 5 ms. Promised: 1.5 s.
"""

import time
from pathlib import Path

import measure

from gui.core import events, workspace
from gui.core.config import Config
from gui.core.events import CacheProgress
from gui.core.jobs import Jobs
from gui.core.site import Site
from gui.core.workspace import Workspace

LOOK_S = 0.005
LONGEST_S = 120.0


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with measure.scratch() as folder:
        place = Workspace(folder)
        jobs = Jobs(place.logs, None, 1, time.time)
        site = Site(place, jobs, measure.ROOT / "assets" / "samples", time.time)
        began = time.perf_counter()
        jobs.open()
        try:
            measured = []
            for number in range(chosen.runs):
                wait(lambda: jobs.weights is not None)  # told by a worker that is ready
                if not number:
                    print(f"worker ready after {time.perf_counter() - began:.1f} s")
                time.sleep(2)  # the other worker's start is over, too
                begun, cached, done = once(site)
                measured.append(cached)
                print(
                    f"run {number + 1}: training begun after {begun:.2f} s, first picture cached "
                    f"after {cached:.2f} s (told with {done} of them)",
                    flush=True,
                )
        finally:
            jobs.close()
    print(f"from Start to the first picture: {measure.spread(measured)} s")
    measure.verdict("median", measure.median(measured), 1.5, unit=" s", most=True)


def once(site: Site) -> tuple[float, float, int]:
    """One training, stopped as soon as the figure is known; seconds to its two events."""
    owner = site.workspace.owner(workspace.new_token())
    site.take_samples(owner, lambda *_: None)
    started_at = time.time()
    site.start(owner, Config())
    site.jobs.weights = None  # the next worker that is ready tells them again
    run = owner.open_run
    first = wait(lambda: first_cached(run.path / "events.jsonl"))
    seen_at = time.time()
    begun = run.history.started.at - started_at
    site.stop(owner)
    wait(lambda: not run.history.busy)
    return begun, seen_at - started_at, first.done


def first_cached(path: Path) -> CacheProgress | None:
    for event in events.read(path):
        if isinstance(event, CacheProgress) and event.what == "caching" and event.done:
            return event
    return None


def wait(ready):
    """What ``ready`` gives as soon as it gives anything."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        if found := ready():
            return found
        time.sleep(LOOK_S)
    raise TimeoutError


if __name__ == "__main__":
    main()
