"""A system clock that is set while programs run, for them alone; their other clocks go on.

The programs load a small library, made here by the C compiler, that adds an offset to what the
system says the time is. It stands in a file that they all see, and may change at any moment.
(libfaketime 0.9.10 can't: told to leave the steady clock alone, it has every sleep fail.)

    with clocks.made() as clock:
        app = running.App(environment=clock.environment)
        clock.set(-3600)

``python tests/faults/clocks.py`` sets it before a running program, and says what that one saw.
"""

import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

COMPILER = shutil.which("cc")

_SOURCE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile long long *offset_s;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("CLOCK_OFFSET");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *seen = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
  if (seen != MAP_FAILED) offset_s = seen;
  close(file);
}

int clock_gettime(clockid_t which, struct timespec *told) {
  int failed = syscall(SYS_clock_gettime, which, told);
  int set = which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE;
  if (!failed && set && offset_s) told->tv_sec += *offset_s;
  return failed;
}

time_t time(time_t *told) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (told) *told = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(struct timeval *told, void *zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  told->tv_sec = now.tv_sec;
  told->tv_usec = now.tv_nsec / 1000;
  return 0;
}
"""


class Clock:
    """The clock of the programs that are started with ``environment``."""

    def __init__(self, folder: Path) -> None:
        """Make the library; the clock is right.

        Args:
            folder: Where it lies as long as the programs run.
        """
        source, library = folder / "clock.c", folder / "clock.so"
        self._library, self._offset = library, folder / "offset"
        source.write_text(_SOURCE)
        command = [str(COMPILER), "-shared", "-fPIC", "-O2", "-o", str(library), str(source)]
        subprocess.run(command, check=True)
        self._offset.write_bytes(struct.pack("q", 0))
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(library), "CLOCK_OFFSET": str(self._offset),
        }  # fmt: skip

    def set(self, offset_s: int) -> None:
        """Set it to so many seconds after the right time, at once."""
        with self._offset.open("r+b") as file:  # in its place: they all look at it
            file.write(struct.pack("q", offset_s))

    def is_that_of(self, pid: int) -> bool:
        """Whether a process goes by it."""
        return str(self._library) in Path(f"/proc/{pid}/maps").read_text()


@contextmanager
def made() -> Iterator[Clock]:
    """A clock; it can be set until the end."""
    with tempfile.TemporaryDirectory() as folder:
        yield Clock(Path(folder))


def main() -> int:
    """Set it a day back before a program that sleeps; 1 when that saw anything else."""
    program = (
        "import sys, time, threading\n"
        "def look(): return time.time(), time.monotonic()\n"
        "first = look(); print(flush=True); sys.stdin.readline()\n"
        "thread = threading.Thread(target=time.sleep, args=(0.1,)); thread.start(); thread.join()\n"
        "second = look(); print(second[0] - first[0], second[1] - first[1])\n"
    )
    with made() as clock:
        command = [sys.executable, "-c", program]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, env=clock.environment, text=True, **pipes) as process:
            process.stdout.readline()
            clock.set(-86_400)
            said, _ = process.communicate("\n")
    set_s, steady_s = map(float, said.split())
    print(f"its clock went on by {set_s:.1f} s, its steady one by {steady_s:.1f} s")
    return 0 if -86_401 < set_s < -86_300 and 0 < steady_s < 100 else 1


if __name__ == "__main__":
    sys.exit(main())
