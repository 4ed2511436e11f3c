"""Bytes that the page is sent for the two curves, epoch by epoch: whole figures against growth."""

import json
from types import SimpleNamespace

import gradio as gr
import measure

from gui.core.events import Epoch, PhaseChanged, Queued
from gui.core.history import History, fold, step
from gui.steps.curves import Curves, Drawn


def main() -> None:
    parser = measure.arguments(__doc__)
    parser.add_argument("--epochs", type=int, default=500)
    parser.add_argument("--every", type=int, default=10, help="measure one epoch of so many")
    chosen = parser.parse_args()
    measure.begin(__doc__)
    with gr.Blocks():
        curves = Curves()
    history = fold([Queued(0.0, chosen.epochs), PhaseChanged(0.0, "head", 1, 1e-3, 5)])
    whole, grown, drawn = [], [], Drawn()
    for number in range(1, chosen.epochs + 1):
        history = told(history, number)
        looked = number % chosen.every == 0
        if looked:
            whole.append(sent(curves, curves.show(RUN, history)))
            grown.append(sent(curves, curves.show(RUN, history, drawn)))
        drawn = Drawn(RUN.id, history.state, number, history.epochs[-1].at)
    for name, measured in (("whole figures", whole), ("growth", grown)):
        all_of_them = sum(measured) * chosen.every
        print(
            f"{name:13}: last epoch {measured[-1]:7,} bytes, "
            f"{chosen.epochs} epochs about {all_of_them:11,} bytes"
        )
    print(f"{sum(whole) / sum(grown):.1f} times less, {whole[-1] / grown[-1]:.1f} at the end")


RUN = SimpleNamespace(id="20260101-120000-abcd")


def told(history: History, number: int) -> History:
    """One epoch more, with numbers as long as real ones; VGG16 learns from epoch 6 on."""
    loss = 1 / 3 + 1 / number
    if number == 6:
        history = step(history, PhaseChanged(0.0, "fine", 6, 1e-5, 500))
    at = 1_790_000_000.123456 + number
    return step(history, Epoch(at, number, "head", loss, 1 - loss / 7, loss / 3, 1 - loss / 9, 1.0))


def sent(curves: Curves, shown: dict) -> int:
    """Bytes of both values as JSON."""
    return sum(len(json.dumps(shown[plot]).encode()) for plot in (curves.loss, curves.accuracy))


if __name__ == "__main__":
    main()
