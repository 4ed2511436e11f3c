"""How much people may keep here, and for how long: a row for each limit.

On a person's own computer nothing is limited but by the disk. Where strangers come, a Hugging Face
Space or a page started with ``--public``, the limits fit two cores, 16 GB of memory and 50 GB of
disk. ``core.quota`` keeps to them, ``core.expiry`` to the last two.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from gui.core.settings import About, Settings, about, row, rows

_PUBLIC_HELP: Final = "hold to the limits below: for a page that strangers can open"
_PREFIX: Final = "FREEZEPOINT_"


@dataclass(frozen=True)
class Limits(Settings):
    """Each limit; 0 means that there is none."""

    person_mb: int = row(
        0,
        About(
            "Room for one person, in MB",
            "Pictures, trainings, and what was made of them. 1,000 photographs take about 100.",
            0,
            10**8,
        ),
    )
    person_pictures: int = row(
        0, About("Pictures of one person", "A few hundred for each class are plenty.", 0, 10**7)
    )
    person_runs: int = row(
        0,
        About("Trainings of one person", "A comparison is one for each point.", 0, 10**5),
    )
    person_queued: int = row(
        0,
        About(
            "Trainings that one person may have waiting or under way",
            "Each freeze point of a comparison counts.",
            0,
            1000,
        ),
    )
    all_mb: int = row(
        0, About("Room for everybody together, in MB", "With what is being uploaded.", 0, 10**8)
    )
    all_queued: int = row(
        0, About("Trainings of everybody that may wait", "One takes some minutes.", 0, 10**5)
    )
    people_per_hour: int = row(
        0, About("New people within an hour", "A class is thirty.", 0, 10**6)
    )
    pictures_hours: int = row(
        0,
        About(
            "Hours after a person's last visit until their pictures are deleted",
            "Counted as long as the server runs.",
            0,
            10**6,
        ),
    )
    trainings_days: int = row(
        0,
        About(
            "Days after a person's last visit until their trainings are deleted",
            "Counted as long as the server runs.",
            0,
            10**5,
        ),
    )

    @property
    def expires(self) -> bool:
        """Whether anything is deleted because nobody comes back for it."""
        return bool(self.pictures_hours or self.trainings_days)


OWN_COMPUTER: Final = Limits()
# A classroom of thirty with some hundred pictures each takes about 5 GB. The classic head at 256 px
# takes 3 GB by itself. Of the 50 GB of disk, the program and the reserve take the rest.
PUBLIC: Final = Limits(
    person_mb=4_000,
    person_pictures=5_000,
    person_runs=20,
    person_queued=6,
    all_mb=35_000,
    all_queued=60,
    people_per_hour=300,
    pictures_hours=24,
    trainings_days=7,
)


def add_flags(parser: argparse.ArgumentParser, environ: Mapping[str, str], *, space: bool) -> None:
    """Let the command line, or the environment, say which limits hold.

    Args:
        parser: Gains ``--public`` and a flag for each limit.
        environ: ``FREEZEPOINT_PUBLIC=1`` and ``FREEZEPOINT_<LIMIT>`` say the same.
        space: Whether it runs on a Hugging Face Space, which is public.
    """
    group = parser.add_argument_group(
        "limits",
        "0 means none. The first number holds on a person's own computer, the second with "
        f"--public. The environment can name each: {_PREFIX}PERSON_MB and so on.",
    )
    named = environ.get(f"{_PREFIX}PUBLIC", "")
    public = space if named == "" else named not in ("0", "no", "false")
    group.add_argument(
        "--public",
        action=argparse.BooleanOptionalAction,
        default=public,
        help=f"{_PUBLIC_HELP} (also {_PREFIX}PUBLIC=1; on a Space it is on)",
    )
    for each in rows(Limits):
        told, name = about(each), each.name
        usual = f"({getattr(OWN_COMPUTER, name)}; {getattr(PUBLIC, name)})"
        group.add_argument(
            f"--{name.replace('_', '-')}",
            type=int,
            metavar="N",
            default=environ.get(f"{_PREFIX}{name.upper()}"),
            help=f"{told.label}. {told.help} {usual}",
        )


def read(arguments: argparse.Namespace) -> Limits:
    """The limits that flags and environment name.

    Raises:
        SettingError: When one is out of bounds.
    """
    limits = PUBLIC if arguments.public else OWN_COMPUTER
    named = {each.name: getattr(arguments, each.name) for each in rows(Limits)}
    return replace(limits, **{name: value for name, value in named.items() if value is not None})
