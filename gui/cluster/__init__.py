"""Trainings on several computers, by Dask (https://distributed.dask.org).

::

    executor   on the page's computer: an executor like core.executor.Here, one task a training
    asker      on the page's computer: one place of it, which has computers asked
    host       on each computer, in its "dask worker": two processes with TensorFlow, and what
               they are asked
    worker     such a process: gui.engine.worker, whose frozen part is shared out
    shares     in it: shares of the frozen part, each a task on any computer
    storage    how a run's folder comes to a computer: one path for all, or a bucket
    bucket     what is in there of a run, and copies: how files get in and out

A run is a folder, so a training is a task with a folder, which goes on elsewhere when its computer
is lost. LAW: core + engine, distributed, fsspec. Only ``app.py`` imports it, when it is asked for a
cluster: both are optional.
"""
