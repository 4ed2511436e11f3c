"""Known weaknesses in what requirements.txt installs, and packages that nothing uses.

    python tests/faults/audit.py [--python .venv/bin/python]

Asks pip-audit about every package that is installed beside the given Python (pip-audit must be
installed where this script runs; nothing is sent but names and versions), and then whether each
line of requirements.txt is used by gui/ and bounded, and whether gui/ imports what no line asks
for. Prints what it finds; exits with 1 when something was found, and with 2 when pip-audit isn't
there or has no data on most of the packages.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import running  # noqa: F401 - finds the tests' own modules for a script

from tests.test_requirements import required, unasked, unbounded, unused


def frozen(python: str) -> list[str]:
    """What is installed beside a Python: "name==version"."""
    asked = (
        "import importlib.metadata as m\n"
        "print('\\n'.join(sorted({f'{d.name}=={d.version}' for d in m.distributions()})))"
    )
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)
    return done.stdout.split()


def needed(python: str) -> set[str]:
    """The names of what requirements.txt needs, directly or not, in lower case."""
    asked = (
        "import importlib.metadata as m, re, sys\n"
        "name = lambda t: re.sub(r'[-_.]+', '-', re.match(r'[\\w.-]+', t)[0]).lower()\n"
        "left, found = [name(each) for each in sys.argv[1:]], set()\n"
        "while left:\n"
        "    each = left.pop()\n"
        "    if each in found: continue\n"
        "    found.add(each)\n"
        "    try: more = m.requires(each) or []\n"
        "    except m.PackageNotFoundError: continue\n"
        "    left += [name(r) for r in more if 'extra ==' not in r]\n"
        "print(' '.join(found))"
    )
    told = [python, "-c", asked, *required()]
    done = subprocess.run(told, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--python", default=sys.executable)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "all.txt"
        listed.write_text("\n".join(frozen(chosen.python)))
        command = ["pip_audit", "--requirement", str(listed), "--no-deps", "--disable-pip"]
        done = subprocess.run(
            [sys.executable, "-m", *command, "--format", "json", "--progress-spinner", "off"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    try:
        told = json.loads(done.stdout)["dependencies"]
    except ValueError:
        print(done.stderr.strip()[-500:] or "pip-audit said nothing")
        return 2
    ours = needed(chosen.python)
    weak = [(each, one) for each in told for one in each.get("vulns", ())]
    for each, one in weak:
        where = "requirements.txt" if each["name"].lower() in ours else "for tests only"
        fixed = ", ".join(one["fix_versions"]) or "nowhere yet"
        print(f"{each['name']} {each['version']} ({where}): {one['id']}, mended in {fixed}")
    skipped = [each["name"] for each in told if "skip_reason" in each]
    wrong = 0
    for words, each in (
        ("required and not used", unused()), ("without a bound", unbounded()),
        ("imported and not required", sorted(unasked())),
    ):  # fmt: skip
        print(f"{words}: {', '.join(each) or 'none'}")
        wrong += len(each)
    found = [each for each, _ in weak if each["name"].lower() in ours]
    print(
        f"{len(told)} packages, {len(weak)} weaknesses, {len(found)} in what the app installs; "
        f"nothing is known of {len(skipped)}"
    )
    if found or wrong:
        return 1
    return 2 if 2 * len(skipped) > len(told) else 0


if __name__ == "__main__":
    sys.exit(main())
