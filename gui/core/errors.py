"""Every mistake a person can meet, each with what happened, why, and what to do.

::

    FreezepointError
    ├── PicturesError      a folder, a zip or a single picture can't be used
    │   ├── ArchiveError   the zip itself: encrypted, a bomb, damaged
    │   └── UnreadablePicture   one picture; a set goes on without it
    ├── SettingError       a value outside its bounds
    ├── WeightsError       no VGG16 weights, or not the ones expected
    ├── RunError           a run that is missing, busy or not finished
    │   ├── StoppedEarly   stopped before there was anything to keep
    │   └── NotYours       an id that this person doesn't own
    ├── DownloadError      something from the internet that can't be had
    ├── HubError           the Hugging Face Hub refuses, or can't be reached
    ├── WorkerError        the process that computes died
    │   └── OutOfMemory    as it needed more memory than there is
    ├── QuotaError         more than a person, or all together, may keep or ask for here
    └── DiskFull           no room left
        └── DiskReadOnly   nothing can be written at all
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from gui.words import say


class FreezepointError(Exception):
    """A mistake with a remedy.

    Attributes:
        what: One sentence: what happened, with the value received.
        hint: One sentence that starts with a verb: what to do about it.
        kind: What kind of mistake it is, for who runs the program; also where only its two
            sentences came from a worker.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what} {hint}")
        self.what = what
        self.hint = hint
        self.kind = type(self).__name__


class PicturesError(FreezepointError):
    """A folder or zip that can't become a data set."""


class ArchiveError(PicturesError):
    """A zip that can't be opened or isn't safe to open."""


class UnreadablePicture(PicturesError):  # noqa: N818 - names the thing, as the page does
    """One picture that can't be read; the others can."""


class SettingError(FreezepointError):
    """A setting outside its bounds."""


class WeightsError(FreezepointError):
    """No VGG16 weights could be found, or the named file doesn't hold them."""


class RunError(FreezepointError):
    """A run that doesn't exist, is busy, or isn't far enough for what was asked."""


class StoppedEarly(RunError):  # noqa: N818 - nothing went wrong
    """A person stopped a training before there was anything to keep."""


class NotYours(RunError):  # noqa: N818 - says it as the page does
    """An id that isn't among this person's own."""


class DownloadError(FreezepointError):
    """Something that has to come from the internet once and can't be had, or isn't as expected."""


class HubError(FreezepointError):
    """The Hugging Face Hub refuses what was asked, or can't be reached."""


class WorkerError(FreezepointError):
    """The process that computes ended before its work was done."""


class OutOfMemory(WorkerError):  # noqa: N818 - says it as the page does
    """The process that computes was ended, as it needed more memory than there is."""


class QuotaError(FreezepointError):
    """More than one person, or all together, may keep or ask for on this server."""


class DiskFull(FreezepointError):  # noqa: N818 - says it as the page does
    """The disk has no room for what was to be written."""

    def __init__(self) -> None:
        super().__init__(
            say("The disk is full, so nothing more could be saved."),
            say("Free some space, for example by deleting old trainings, then go on."),
        )


class DiskReadOnly(DiskFull):
    """The disk takes nothing: it is mounted to read only, as Linux does with one that has errors.

    Whoever can do without what was to be written can do so here, too; hence it is a kind of that.
    """

    def __init__(self) -> None:
        FreezepointError.__init__(
            self,
            say("The disk can only be read now, so nothing can be saved."),
            say("Look at the disk, or ask whoever runs this computer, then try again."),
        )


@contextmanager
def disk_full() -> Iterator[None]:
    """Turn the operating system's "no space left" into :class:`DiskFull`.

    Raises:
        DiskFull: When the body met ENOSPC or EDQUOT.
        DiskReadOnly: When it met EROFS.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        if error.errno == errno.EROFS:
            raise DiskReadOnly from error
        raise
