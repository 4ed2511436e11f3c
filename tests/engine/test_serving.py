"""How a worker is spoken to, with one that only plays."""

import errno
import io
import json
from collections.abc import Iterator

from gui.engine import serving


def test_a_worker_without_memory_says_so_and_lives_on(prepare) -> None:
    run = prepare(head="classic")

    class Lacking:
        def evaluate(self, _: object) -> Iterator[object]:
            self.answer({"done": 1, "total": 9})
            raise MemoryError
            yield

        def predict(self, _: object) -> Iterator[object]:
            raise OSError(errno.ENOSPC, "No space left on device")

        def hello(self, _: object) -> Iterator[object]:
            yield "hello"

        def rest(self) -> None:
            answered.append(answers.getvalue().splitlines()[-1])

    answered: list[str] = []
    asked = [{"do": do, "run": str(run.path)} for do in ("evaluate", "predict", "hello")]
    answers = io.StringIO()
    serving.serve(Lacking(), io.StringIO("\n".join(map(json.dumps, asked))), answers)
    told = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert told[0] == {"part": {"done": 1, "total": 9}}
    assert told[1]["error"] == {
        "what": "There is not enough memory for this.",
        "hint": "Close other programs, then try again. "
        "A new training with the compact head makes a far smaller model.",
        "kind": "OutOfMemory",
    }
    assert told[2]["error"]["what"] == "The disk is full, so nothing more could be saved."
    assert told[3:] == [{"part": "hello"}, {"done": True}]
    assert [json.loads(line) for line in answered] == [{"done": True}]  # nobody waits for the rest
