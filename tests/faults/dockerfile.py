"""A Dockerfile as a list of steps, and what a step means; only what ours has in it.

for step in dockerfile.read(path):
    print(step.kind, step.value)
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK",
    "ENTRYPOINT", "CMD",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One instruction.

    Attributes:
        kind: "RUN" and so on.
        value: What stands after it, on one line.
    """

    kind: str
    value: str

    @property
    def words(self) -> list[str]:
        """Its words, as COPY, ENV and the like have them; none of ours is quoted."""
        return self.value.split()

    @property
    def command(self) -> list[str]:
        """The command of ENTRYPOINT, CMD or HEALTHCHECK, in the form of a JSON list."""
        listed: list[str] = json.loads(self.value[self.value.index("[") :])
        return listed


def read(path: Path) -> list[Step]:
    """The steps of a Dockerfile, in order.

    Raises:
        ValueError: When there is one that nobody here knows how to do.
    """
    lines = [each for each in path.read_text(encoding="utf-8").splitlines() if each[:1] != "#"]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    steps = []
    for line in filter(None, map(str.strip, whole.split("\n"))):
        kind, _, value = line.partition(" ")
        if kind not in KINDS or "--chown" in value or "--from" in value:
            raise ValueError(f"a step that isn't known here: {line}")
        steps.append(Step(kind, value.strip()))
    return steps


def last(steps: list[Step], kind: str) -> Step:
    """The last step of a kind: the one that holds."""
    return [each for each in steps if each.kind == kind][-1]
