import errno
import re

import pytest

from gui.core import errors
from gui.core.errors import DiskFull, FreezepointError, disk_full


def kinds(kind=FreezepointError):
    """All errors as in the docstring: (depth, name), each under its parent."""
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child


def tree(kind=FreezepointError, depth=0):
    found = {(depth, kind.__name__, kind.__bases__[0].__name__)}
    for child in kinds(kind):
        found |= tree(child, depth + 1)
    return found


def drawn():
    """The tree that the module's docstring draws."""
    parents, found = ["Exception"], set()
    for line in errors.__doc__.splitlines():
        match = re.match(r"    ((?:│   |    )*)(?:├── |└── )?(\w+)", line)
        if match:
            branch = "├── " in line or "└── " in line
            depth = len(match[1]) // 4 + branch
            parents[depth + 1 :] = [match[2]]
            found.add((depth, match[2], parents[depth]))
    return found


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes():
    assert len(drawn()) > 8
    assert drawn() == tree()


def test_an_error_says_what_and_what_to_do():
    error = FreezepointError("The box is empty.", "Fill it.")
    assert (error.what, error.hint, str(error)) == (
        "The box is empty.", "Fill it.", "The box is empty. Fill it."
    )  # fmt: skip


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_to_a_person(number):
    cause = OSError(number, "No space left on device")
    with pytest.raises(DiskFull) as caught, disk_full():
        raise cause
    assert str(caught.value) == (
        "The disk is full, so nothing more could be saved. "
        "Free some space, for example by deleting old trainings, then go on."
    )
    assert caught.value.__cause__ is cause


def test_a_disk_that_can_only_be_read_is_told_and_is_a_kind_of_full():
    with pytest.raises(DiskFull) as caught, disk_full():
        raise OSError(errno.EROFS, "Read-only file system")
    assert str(caught.value) == (
        "The disk can only be read now, so nothing can be saved. "
        "Look at the disk, or ask whoever runs this computer, then try again."
    )


@pytest.mark.parametrize("cause", [OSError(errno.EACCES, "denied"), ValueError("x")])
def test_other_mistakes_pass_as_they_are(cause):
    with pytest.raises(type(cause)) as caught, disk_full():
        raise cause
    assert caught.value is cause
