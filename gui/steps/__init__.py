"""One small class a step of the page. Wiring only: values in, core called, figures out.

A step makes its parts when it is created (inside the page's Blocks), tells in ``show`` what they
are to look like for a person, and connects its events in ``wire``. A new step is a class here and
a line in ``gui/page.py``.
"""
