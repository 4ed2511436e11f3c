"""``report``: everything about a training as one page."""

import argparse

from gui.commands.about import write


def report(chosen: argparse.Namespace) -> int:
    """Write the report and print where it is."""
    return write("report", chosen.run, chosen.to)
