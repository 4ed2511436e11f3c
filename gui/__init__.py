"""Freezepoint: fine-tune VGG16 on a folder of pictures, in the browser, without programming.

Map (the same stem in every layer is one feature)::

    core/      plain values and files       standard library, numpy, Pillow, its kin, filelock
    engine/    everything with Keras        core + tensorflow, scikit-learn …; in workers
    cluster/   trainings elsewhere          core + engine + distributed, fsspec; for --cluster only
    charts/    plain value -> plotly Figure core + plotly
    sharing/   card, report, the Hub        core + charts + plotly, huggingface_hub
    widgets/   page parts of our own        gradio only; knows nothing of pictures or training
    steps/     one class a step of the page core + charts + widgets + sharing + gradio; wiring
    page.py    the table of contents        steps; pages.py: one a language, theme.py: its look
    words.py   texts in the reader's words  standard library; all of the above say theirs with it
    doors/     who is let through to what   core + starlette; stands before all of Gradio
    server.py  files, room, languages       core + doors + fastapi; the web server beside Gradio
    receiving.py  files that are sent       core + starlette, python_multipart; whole or not at all
    patience.py  what stops half way       starlette; an upload is given up after half a minute
    printed.py   the page as it is sent     starlette; written by Gradio once, and compressed
    quick_blocks.py  less work an event     gradio only
    sessions.py  what is kept of a tab      gradio only
    watch/     figures and log lines        core + prometheus_client; for who runs it, by app.py
    starting.py  a start that is waited for  gradio only
    ending.py  being asked to end           standard library
    stubs.py   quicker import of Gradio     standard library; before the first import of the page
    commands/  one module a command         core + engine + sharing; prints, never draws
    __main__   the engine without the page  core + commands: python -m gui summary|train|…

Imports go one way: ``app -> page -> steps -> {sharing, charts, widgets} -> core``. Steps reach the
engine through ``core.jobs`` only, which starts it as a process. The law stands in each folder's
``.ruff.toml`` and, as a table, in ``tests/test_layers.py``.

A new chart goes into ``charts/``, a new setting is one field in ``core/config.py``, a new page part
is a function in ``widgets/`` with its html, css and js in ``assets/widgets/``, a new language one
file in ``assets/locales/``.
"""

__version__ = "0.1.0"
