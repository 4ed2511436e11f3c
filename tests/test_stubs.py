"""Gradio without its work for editors: quicker, and the same for everybody else."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = """
import sys
opened = []
sys.addaudithook(lambda name, told: opened.append(str(told[0])) if name == "open" else None)
from gui import stubs
stubs.leave_out()
import gradio as gr
with gr.Blocks() as page:
    button = gr.Button("Start")
    button.click(lambda: None, outputs=button)
print(sum(path.endswith(".pyi") for path in opened), len(page.fns))
"""


def out_of(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_no_stub_is_read_or_written_and_events_work() -> None:
    assert out_of(SCRIPT) == ["0", "1"]


def test_without_it_gradio_reads_its_stubs_so_it_is_still_needed() -> None:
    read, events = out_of(SCRIPT.replace("stubs.leave_out()", ""))
    assert int(read) > 50
    assert events == "1"


def test_no_event_looks_for_what_draws_other_charts() -> None:
    asked = "print('matplotlib' in sys.modules, sys.modules['matplotlib'])"
    assert out_of(f"{SCRIPT}{asked}")[2:] == ["True", "None"]
