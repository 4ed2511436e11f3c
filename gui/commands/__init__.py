"""What ``python -m gui`` does: one module a command, from typed arguments to an exit code.

Results go to standard output, progress (``commands.progress``) to standard error. The engine is
imported when a command needs it, so that help and mistakes are there at once.
"""
