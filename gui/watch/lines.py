"""Notices as lines on standard error: one JSON object each, or one line for the eye.

What libraries log comes as a line, too, without its text: nobody can say what stands in that, and
the place where it was logged tells as much.
"""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from gui.core import notices

Form = Literal["json", "plain"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
_SERVERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")


def write(form: Form) -> None:
    """Write what is told from now on, and what libraries warn of."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Plain())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(notices.LOGGER).setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda told: _log_uncaught(
        told.exc_type, told.exc_value, told.exc_traceback
    )


def take_over() -> None:
    """Have the web server's lines written like all others: it has set up its own as it started."""
    for name in _SERVERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_told(record), ensure_ascii=False)


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time, level, event, *more = _told(record).items()
        shown = (f"{name}={value}" for name, value in more)
        return " ".join((str(time[1]), str(level[1]), str(event[1]), *shown))


def _told(record: logging.LogRecord) -> dict[str, notices.Told]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    told: dict[str, notices.Told] = {
        "time": at.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
    }
    notice = getattr(record, "notice", None)
    if notice is not None:
        return {**told, "event": notices.name(notice), **notices.values(notice)}
    kind = record.exc_info[0] if record.exc_info else None
    return {
        **told,
        "event": "logged",
        "logger": record.name,
        "place": f"{record.module}:{record.lineno}",
        **({"error": kind.__name__} if kind else {}),
    }


def _log_uncaught(*told: Any) -> None:  # noqa: ANN401 - as Python has it: a type, a value, a trace
    kind, error, trace = told
    if issubclass(kind, Exception):
        logging.getLogger("python").error("uncaught", exc_info=(kind, error, trace))
