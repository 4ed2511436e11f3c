"""What tests of watch share with those of core: workers that only play, and their desk."""

import logging

import pytest

from gui.core import notices
from tests.core.conftest import desk, space  # noqa: F401 - fixtures


@pytest.fixture
def heard():
    """Every notice that is told, as long as the test runs."""
    kept: list[notices.Notice] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record.notice)

    logger, listener = logging.getLogger(notices.LOGGER), Listener()
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(listener)
    yield kept
    logger.removeHandler(listener)
    logger.setLevel(level)
