"""``open``: a project file, made a run folder of that can be tested, evaluated and trained on."""

import argparse

from gui.commands import progress
from gui.core import opening
from gui.core.runs import Run


def open_project(chosen: argparse.Namespace) -> int:
    """Open the project file and print the run's folder."""

    def rebuild(run: Run) -> None:
        from gui.engine import processors, project, weights

        progress.say("Building the model of the settings and the weights.")
        processors.limit_threads()
        project.rebuild(run, weights.find(chosen.weights))

    def told(done: int, total: int) -> None:
        if done == total:
            progress.say(f"{total} files checked.")

    run = opening.into_folder(chosen.project, chosen.run, rebuild, told)
    evaluated = run.history.evaluated
    if evaluated:
        progress.say(
            f"It was trained for {len(run.history.epochs)} epochs; {evaluated.epoch} kept."
        )
    print(chosen.run)  # noqa: T201
    return 0
