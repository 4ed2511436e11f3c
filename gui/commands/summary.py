"""``summary``: the model as Keras prints it."""

import argparse

from gui.core.config import ModelSettings
from gui.core.errors import PicturesError


def summary(chosen: argparse.Namespace) -> int:
    """Print the table of layers."""
    settings = ModelSettings.read(vars(chosen))
    if chosen.classes < 2:
        raise PicturesError(f"A model can't have {chosen.classes} classes.", "Give 2 or more.")
    from gui.engine import model

    print(model.summary(settings, chosen.classes).rstrip())  # noqa: T201
    return 0
