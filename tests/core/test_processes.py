import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from gui.core import processes
from gui.core.answers import Answers
from gui.core.errors import FreezepointError, StoppedEarly, WorkerError
from gui.core.interpreter import ENVIRONMENT
from gui.core.processes import WorkerProcess
from gui.core.wish import Wish

# Speaks the protocol of gui.engine.worker, without TensorFlow.
FAKE = """
import json, os, signal, sys, time

def answer(**values):
    print(json.dumps(values), flush=True)

for line in sys.stdin:
    asked = json.loads(line)
    match asked["do"]:
        case "echo":
            for part in asked["parts"]:
                answer(part=part)
                time.sleep(asked.get("pause_s", 0))
        case "arguments":
            answer(part=sys.argv[1:])
        case "environment":
            answer(part=os.environ.get(asked["name"]))
        case "grumble":
            print(asked["text"], file=sys.stderr, flush=True)
        case "refuse":
            answer(part="half")
            answer(error={"what": "No “" + asked["what"] + "”.", "hint": "Ask again."})
            continue
        case "die":
            os.kill(os.getpid(), asked["signal"])
        case "tear":
            print('{"part": "ha', end="", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(asked["code"])
        case "babble":
            print("Hello from a library", flush=True)
        case "deafen":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        case "write":
            time.sleep(asked["after_s"])
            with open(asked["path"], "w") as file:
                file.write("written")
    answer(done=True)
"""
MEMORY = (
    "The system ended the process that computes, most likely because the memory ran out. "
    "Close other programs, or choose the compact head or smaller pictures, then press “Go on”."
)
GO_ON = "Press “Go on” to continue from the last whole epoch."


@pytest.fixture
def start(tmp_path, monkeypatch):
    """``start()`` starts a worker; all are ended after the test."""
    package = tmp_path / "root" / "gui" / "engine"
    package.mkdir(parents=True)
    for folder in (package.parent, package):
        (folder / "__init__.py").touch()
    (package / "worker.py").write_text(FAKE)
    monkeypatch.setattr(processes, "_ROOT", tmp_path / "root")
    started = []

    def begin(log=tmp_path / "logs" / "worker.log", weights=None):
        started.append(WorkerProcess(log, weights))
        return started[-1]

    yield begin
    for worker in started:
        worker.end()
        assert not worker.alive


@pytest.fixture
def worker(start):
    return start()


def obituary(call, *arguments, **values):
    with pytest.raises(WorkerError) as caught:
        call(*arguments, **values)
    return str(caught.value)


def wait_until(true, seconds=30):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def test_workers_ask_for_large_pages_unless_told_otherwise(start, monkeypatch):
    (name,) = ENVIRONMENT
    monkeypatch.delenv(name, raising=False)
    assert start().ask("environment", name=name) == [ENVIRONMENT[name]]
    monkeypatch.setenv(name, "glibc.malloc.hugetlb=0")
    assert start().ask("environment", name=name) == ["glibc.malloc.hugetlb=0"]


def test_what_a_worker_leaves_in_its_temporary_folder_goes_with_it(start):
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        worker = start()
        (named,) = worker.ask("environment", name="TMPDIR")
        Path(named, "left.py").write_text("by TensorFlow")
        os.kill(worker.pid, signal_number)
        worker.end()
        assert not Path(named).exists()


def test_a_worker_that_cannot_be_started_leaves_nothing(start, monkeypatch):
    made = []

    def refused(*_, env, **__):
        made.append(Path(env["TMPDIR"]))
        assert made[0].is_dir()
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(processes.subprocess, "Popen", refused)
    with pytest.raises(BlockingIOError):
        start()
    assert not made[0].exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be told")
def test_the_system_ends_a_worker_before_the_page_when_memory_runs_out(worker):
    score = Path(f"/proc/{worker.pid}/oom_score_adj").read_text()
    assert int(score) > int(Path("/proc/self/oom_score_adj").read_text())


def test_the_answer_comes_whole_and_in_order(worker):
    parts = [1, "“猫”\u2028\n", {"a": [None, True]}, []]
    assert worker.ask("echo", parts=parts) == parts
    assert worker.ask("echo", parts=[]) == []
    assert worker.ask("echo", parts=["x" * 300_000]) == ["x" * 300_000]
    assert worker.alive


def test_what_the_worker_says_went_wrong_is_told_and_it_goes_on(worker):
    for what in ("naïve", "again"):
        with pytest.raises(FreezepointError) as caught:
            worker.ask("refuse", what=what)
        assert (caught.value.what, caught.value.hint) == (f"No “{what}”.", "Ask again.")
        assert not isinstance(caught.value, WorkerError)
    assert worker.ask("echo", parts=[7]) == [7]


def test_a_killed_worker_most_likely_ran_out_of_memory(worker):
    assert obituary(worker.ask, "die", signal=signal.SIGKILL) == MEMORY
    assert not worker.alive
    for _ in range(2):  # whoever asks later hears the same
        assert obituary(worker.ask, "echo", parts=[1]) == MEMORY


def test_a_worker_killed_in_the_middle_of_a_line(worker):
    assert obituary(worker.ask, "tear") == MEMORY


def test_a_worker_killed_while_it_had_nothing_to_do(worker):
    worker.ask("echo", parts=[])
    os.kill(worker.pid, signal.SIGKILL)
    assert obituary(worker.ask, "echo", parts=[1]) == MEMORY


def test_a_worker_killed_from_outside_while_it_computes(worker):
    killer = threading.Timer(0.3, os.kill, (worker.pid, signal.SIGKILL))
    killer.start()
    assert obituary(worker.ask, "echo", parts=[1, 2], pause_s=30) == MEMORY
    killer.join()


@pytest.mark.parametrize(
    "last_words",
    [
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "Failed to allocate memory for node",
        "MemoryError",
    ],
)
def test_a_worker_whose_last_words_are_of_memory_ran_out_of_it(worker, start, last_words):
    worker.ask("grumble", text=last_words)
    assert obituary(worker.ask, "die", signal=signal.SIGABRT) == MEMORY
    # The log is one for all workers of a place: the words of an earlier one mean nothing.
    sentence = f"The process that computes was ended (SIGABRT). {GO_ON}"
    assert obituary(start().ask, "die", signal=signal.SIGABRT) == sentence


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"do": "die", "signal": signal.SIGTERM},
         f"The process that computes was ended (SIGTERM). {GO_ON}"),
        ({"do": "die", "signal": signal.SIGSEGV},
         f"The process that computes was ended (SIGSEGV). {GO_ON}"),
        ({"do": "exit", "code": 3},
         f"The process that computes ended by itself (exit code 3). {GO_ON}"),
        ({"do": "exit", "code": 0},
         f"The process that computes ended by itself (exit code 0). {GO_ON}"),
    ],
)  # fmt: skip
def test_other_ends_are_named(worker, request_, sentence):
    assert obituary(worker.ask, **request_) == sentence


def test_what_is_no_answer_from_a_living_worker_is_our_mistake_not_its_end(worker, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE_S", 0.1)
    with pytest.raises(ValueError, match="Expecting value"):
        worker.ask("babble")
    assert worker.alive


def test_ending_an_idle_worker(worker):
    worker.end()
    assert not worker.alive
    assert obituary(worker.ask, "echo", parts=[]) == f"It was stopped at once. {GO_ON}"
    worker.end()  # twice is no mistake


def test_a_worker_that_does_not_listen_is_ended_by_force(worker, monkeypatch):
    monkeypatch.setattr(processes, "PATIENCE_S", 0.2)
    worker.ask("deafen")
    worker.end()
    assert not worker.alive
    assert worker._process.returncode == -signal.SIGKILL


def test_whoever_waits_for_an_ended_worker_is_told(worker):
    worker.ask("echo", parts=[])
    heard = []
    thread = threading.Thread(
        target=lambda: heard.append(obituary(worker.ask, "echo", parts=[1, 2], pause_s=60))
    )
    thread.start()
    wait_until(lambda: worker._turn.locked())
    time.sleep(0.2)
    worker.end()
    thread.join(20)
    assert heard == [f"It was stopped at once. {GO_ON}"]


def test_a_worker_that_is_left_finishes_what_it_is_at_and_ends_by_itself(worker, tmp_path):
    path = tmp_path / "result.txt"
    worker.ask("echo", parts=[])
    heard = []
    thread = threading.Thread(
        target=lambda: heard.append(worker.ask("write", path=str(path), after_s=0.5))
    )
    thread.start()
    wait_until(lambda: worker._turn.locked())
    time.sleep(0.2)
    worker.leave()
    assert worker.alive
    thread.join(20)
    assert heard == [[]]  # it still says that it is done
    wait_until(lambda: not worker.alive)
    assert path.read_text() == "written"
    assert worker._process.returncode == 0


def test_an_idle_worker_that_is_left_ends_by_itself(worker):
    worker.leave()
    wait_until(lambda: not worker.alive)
    assert worker._process.returncode == 0


def test_one_question_at_a_time(worker):
    heard = {}

    def ask(number):
        heard[number] = worker.ask("echo", parts=[number] * 20, pause_s=0.005)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {number: [number] * 20 for number in range(5)}


def test_what_libraries_print_is_added_to_the_log(start, tmp_path):
    log = tmp_path / "deep" / "logs" / "w.log"
    for text in ("first", "second"):
        one = start(log)
        one.ask("grumble", text=text)
        one.end()
    assert log.read_text() == "first\nsecond\n"


def test_a_worker_starts_where_no_log_can_be_written(start, tmp_path):
    (tmp_path / "a file").touch()
    worker = start(tmp_path / "a file" / "worker.log")
    assert worker.ask("echo", parts=[1]) == [1]
    worker.ask("grumble", text="MemoryError")
    assert obituary(worker.ask, "exit", code=3).startswith("The process that computes ended by it")


def test_the_weights_file_is_handed_over_wherever_it_is_named_from(start, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.h5").touch()
    assert start(weights=processes.Path("mine.h5")).ask("arguments") == [
        [str(tmp_path / "mine.h5")]
    ]
    assert start().ask("arguments") == [[]]


def test_ctrl_c_in_the_terminal_does_not_reach_it(worker):
    worker.ask("echo", parts=[])
    assert os.getpgid(worker.pid) == worker.pid != os.getpgid(0)
    assert os.getsid(worker.pid) == os.getsid(0)  # so that the page comes before it


def test_no_process_is_a_zombie_after_its_end(worker):
    worker.end()
    with pytest.raises(ProcessLookupError):
        os.kill(worker.pid, 0)


def test_what_is_no_longer_wanted_ends_with_its_process_and_others_are_answered(start):
    workers, wish, late, told = [], Wish(), Wish(), {}

    def begin():
        workers.append(start())
        return workers[-1]

    answers = Answers(begin)

    def ask(name, wish, **values):
        try:
            told[name] = answers.ask("echo", None, wish, **values)
        except StoppedEarly:
            told[name] = "stopped"

    asked = [("long", wish, {"parts": [1, 2], "pause_s": 60}), ("other", None, {"parts": [7]}),
             ("waits", late, {"parts": [8]})]  # fmt: skip
    threads = [threading.Thread(target=ask, args=(n, w), kwargs=more) for n, w, more in asked]
    threads[0].start()
    wait_until(lambda: workers and workers[0]._request)
    for thread in threads[1:]:
        thread.start()
    late.express()
    threads[2].join(10)
    assert told == {"waits": "stopped"}
    assert workers[0].alive, "it is at another request"
    began = time.monotonic()
    wish.express()
    for thread in threads:
        thread.join(20)
    assert time.monotonic() - began < 5
    assert told == {"waits": "stopped", "long": "stopped", "other": [7]}
    assert (len(workers), workers[0].alive) == (2, False)
    with pytest.raises(StoppedEarly):
        answers.ask("echo", None, wish, parts=[9])
    assert workers[1].alive
