"""Being asked to end: by Ctrl+C, by the system, or because the terminal is closed."""

import select
import signal
import socket


class Ending:
    """Ctrl+C, its terminal closed, or the system asking to end, from now on.

    A signal is written to a socket. An Event that a handler sets would miss one that comes in the
    moment before its wait begins, and would hang when one comes in the middle of ``set``.
    """

    def __init__(self) -> None:
        self._told, self._tells = socket.socketpair()
        self._tells.setblocking(False)
        signal.set_wakeup_fd(self._tells.fileno())
        asked = [signal.SIGINT, signal.SIGTERM]
        # "nohup" has the program ignore that its terminal is closed; that stays so.
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            asked.append(signal.SIGHUP)
        for number in asked:
            signal.signal(number, lambda *_: None)

    def wait(self, seconds: float) -> bool:
        """Whether it has come, after so many seconds at the most."""
        return bool(select.select([self._told], [], [], seconds)[0])
