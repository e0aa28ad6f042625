"""Write ``tests/slow.txt``, the tests that ``make test`` leaves out, from what a run of all of them took.

    python -m pytest -n 2 --durations=0 > durations.txt; python scripts/find_slow_tests.py durations.txt 250

The most expensive functions, with all of their cases, are left out until the rest takes no more than so many seconds.
"""

import re
import sys
from collections import Counter
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "tests" / "slow.txt"
HEAD = """\
# Tests that `make test` leaves out; `make check` runs them all. Made by scripts/find_slow_tests.py: the functions whose
# cases took longest together in a run of the whole suite.
"""


def main(durations: Path, budget_seconds: float) -> None:
    """Choose, and write the list."""
    took: Counter[str] = Counter()
    for line in durations.read_text().splitlines():
        found = re.match(r"([\d.]+)s (?:call|setup|teardown)\s+(\S+)", line)
        if found:
            took[found[2].partition("[")[0]] += float(found[1])  # type: ignore[assignment]  # the stubs count in whole numbers
    left = sum(took.values())
    slow = []
    for name, seconds in took.most_common():
        if left <= budget_seconds:
            break
        left -= seconds
        slow.append(name)
    TARGET.write_text(HEAD + "".join(f"{name}\n" for name in sorted(slow)))
    print(f"{len(slow)} functions are slow; the others took {left:.0f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
