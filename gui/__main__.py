"""The same engine without the page: ``python -m gui train|evaluate|export|…``, see --help.

Progress goes to standard error, results to standard output. A mistake is one sentence on standard
error and exit code 1. Here are the arguments and the environment; ``gui.commands`` does the work.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias, get_type_hints

from gui.commands import (
    card,
    evaluate,
    export,
    ladder,
    password,
    predict,
    progress,
    report,
    summary,
    train,
)
from gui.commands.open import open_project
from gui.core import npm
from gui.core.config import ModelSettings, TrainSettings
from gui.core.errors import FreezepointError
from gui.core.forms import FORMS
from gui.core.interpreter import ENVIRONMENT, for_utf_8, start_anew
from gui.core.ladder import USUAL
from gui.core.settings import Settings, about, default, rows

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        code: int = chosen.command(chosen)
    except FreezepointError as error:
        progress.say(f"{error.what} {error.hint}")
        return 1
    except OSError as error:
        progress.say(
            f"“{error.filename}” can't be used ({error.strerror}). Check the path and its rights."
        )
        return 1
    except KeyboardInterrupt:
        progress.say("Stopped at once.")
        return train.STOPPED_AT_ONCE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gui", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_before(commands)
    _add_training(commands)
    _add_after(commands)
    return parser


def _add_before(commands: Commands) -> None:
    command = commands.add_parser("summary", help="print the model as Keras does")
    command.set_defaults(command=summary.summary)
    command.add_argument("--classes", type=int, default=2, help="number of classes (2)")
    _add_settings(command, ModelSettings)

    command = commands.add_parser("password", help="make a line for the list of --auth")
    command.set_defaults(command=password.password)
    command.add_argument("name", nargs="?", default="", help="whose; none for everybody's")


def _add_training(commands: Commands) -> None:
    command = commands.add_parser("train", help="train on a folder or zip of pictures")
    command.set_defaults(command=train.train, machine=npm.cache_folder() / "machine.json")
    command.add_argument("pictures", type=Path, help="a folder with a sub-folder a class, or a zip")
    command.add_argument("--run", type=Path, required=True, help="folder to keep the training in")
    _add_conflicts(command)
    _add_settings(command, ModelSettings)
    _add_settings(command, TrainSettings)
    _add_weights(command)

    command = commands.add_parser("ladder", help="train several freeze points and compare them")
    command.set_defaults(command=ladder.climb, machine=npm.cache_folder() / "machine.json")
    command.add_argument("pictures", type=Path, help="a folder with a sub-folder a class, or a zip")
    command.add_argument(
        "--points",
        default=",".join(USUAL),
        help=f"freeze points, with commas between ({','.join(USUAL)})",
    )
    command.add_argument("--run", type=Path, required=True, help="folder to keep the trainings in")
    _add_conflicts(command)
    _add_settings(command, ModelSettings, without="freeze_point")
    _add_settings(command, TrainSettings)
    _add_weights(command)


def _add_after(commands: Commands) -> None:
    command = commands.add_parser("predict", help="name what pictures show")
    command.set_defaults(command=predict.predict)
    command.add_argument("run", type=Path, help="folder of a training")
    command.add_argument("files", type=Path, nargs="+", help="pictures, or folders of them")
    command.add_argument("--format", choices=("csv", "json"), default="csv")
    _add_weights(command)

    for name, told in (("card", card.card), ("report", report.report)):
        command = commands.add_parser(name, help=f"write the {name} of an evaluated training")
        command.set_defaults(command=told)
        command.add_argument("run", type=Path, help="folder of a training")
        command.add_argument("--to", type=Path, help="the file (in the run's folder exports)")

    command = commands.add_parser("export", help="write the model in other forms, checked")
    command.set_defaults(command=export.export)
    command.add_argument("run", type=Path, help="folder of a training")
    command.add_argument(
        "--format", required=True, help=f"one or more, with commas between: {', '.join(FORMS)}"
    )
    command.add_argument("--to", type=Path, help="the file (in the run's folder exports)")
    _add_weights(command)

    command = commands.add_parser("open", help="open a project file")
    command.set_defaults(command=open_project)
    command.add_argument("project", type=Path, help="a project file")
    command.add_argument("--run", type=Path, required=True, help="folder to make of it")
    _add_weights(command)

    command = commands.add_parser("evaluate", help="tell how good a training is")
    command.set_defaults(command=evaluate.evaluate)
    command.add_argument("run", type=Path, help="folder of a training")
    command.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help="pictures to test it with, in a sub-folder a class; its own when not given",
    )
    command.add_argument(
        "--side", choices=("validation", "test"), help="which of its own pictures (validation)"
    )
    command.add_argument("--format", choices=("text", "json", "csv"), default="text")
    _add_weights(command)


def _add_settings(
    parser: argparse.ArgumentParser, kind: type[Settings], *, without: str = ""
) -> None:
    """One flag a setting."""
    kinds = get_type_hints(kind)
    for row in rows(kind):
        if row.name == without:
            continue
        start, told = default(row), about(row)
        text = f"{told.label} (default {start}). {told.help}"
        flag, text = f"--{row.name.replace('_', '-')}", text.replace("%", "%%")
        if isinstance(start, bool):
            parser.add_argument(
                flag, action=argparse.BooleanOptionalAction, default=start, help=text
            )
        else:
            number = kinds[row.name] if kinds[row.name] in (int, float) else str
            parser.add_argument(flag, type=number, default=start, help=text)


def _add_conflicts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--leave-out-conflicts",
        action="store_true",
        help="go on without the pictures that stand in more than one class",
    )


def _add_weights(parser: argparse.ArgumentParser) -> None:
    named = os.environ.get("FREEZEPOINT_WEIGHTS")
    parser.add_argument(
        "--weights",
        type=Path,
        default=Path(named) if named else None,
        help="file with VGG16's weights (also FREEZEPOINT_WEIGHTS); looked for when not given",
    )


def _as_workers_are() -> None:
    """Start this program anew where what it is started with is read: at a process's start."""
    if sys.platform == "linux":
        unset = {name: ENVIRONMENT[name] for name in ENVIRONMENT.keys() - os.environ.keys()}
        start_anew({**unset, **for_utf_8()})


if __name__ == "__main__":
    _as_workers_are()
    sys.exit(main())
