"""Page parts of our own: each is one function that returns a ``gr.HTML``.

A widget knows nothing of pictures, training or files on disk. It draws a plain value (a dict that
is JSON all the way down) and says what a person did with it::

    table = class_table()                          # inside a gr.Blocks
    table.edited(rename, inputs=table)             # Python listens to the widget's own event

What a person did stands in ``value["action"]`` and, without sending the whole value back, in the
attributes of a ``gr.EventData`` argument. An action carries a ``nonce``, so that the same press
twice is two values. The widget draws nothing ahead of Python: it reports, and Python's next value
is the truth.

**To add one**, four files with one stem and no entry anywhere else:

1. ``gui/widgets/<name>.py``: the factory, the ``TypedDict`` of its value, and ``WORDS``, the texts
   it shows, in English: ``widget`` says them in the page's language. ``<key>_one`` is used when
   ``{n}`` is 1; what stands side by side has a text of its own for how ("{name}: {told}"). It calls
   ``assets.widget("<name>", ...)`` and nothing else of ours.
2. ``assets/widgets/<name>.html``: a static skeleton. Gradio runs it through two template engines,
   so no backtick, dollar-brace, double brace or backslash, and no user text: that is put in by
   the script, with ``textContent`` and ``setAttribute`` only.
3. ``assets/widgets/<name>.css``: rules below the widget's root class. Gradio nests them in the
   component's id, therefore no ``@keyframes`` (animate from the script with ``animate()``).
4. ``assets/widgets/<name>.js``: named functions, ``shared.js`` before them, ``draw()`` once at the
   end and in ``watch("value", draw)``. An event exists for Python when its name stands in quotes
   in this file: ``trigger("edited", action)``.

And ``tests/widgets/test_<name>.py``, which opens it in a real browser.
"""
