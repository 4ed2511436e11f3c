"""``card``: what a model is, how good it is and where it fails, as the Hugging Face Hub has it."""

import argparse

from gui.commands.about import write


def card(chosen: argparse.Namespace) -> int:
    """Write the model card and print where it is."""
    return write("card", chosen.run, chosen.to)
