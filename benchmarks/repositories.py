"""Prints what `render --all` and `up --once` of a repository cost, with an empty cache and with a full one.

    .venv/bin/python benchmarks/repositories.py REPO... [--beside PROGRAM]

The seconds are of CPU, the best of five runs; the memory is the peak. With `--beside` another `nixernetes` (of another
commit, for instance) runs in turn with this one, so that both meet the same noise, and the ratio is printed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
ROUNDS = 5


def cost(program: str, arguments: list[str], cache: str) -> tuple[float, float]:
    """Return the CPU seconds and the peak memory in MiB of a run."""
    process = subprocess.Popen(
        [program, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "XDG_CACHE_HOME": cache},
    )
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def best(programs: list[str], arguments: list[str]) -> dict[str, list[tuple[float, float]]]:
    """Return the best cold and the best warm run of each program, in turn."""
    runs: dict[str, list[list[tuple[float, float]]]] = {program: [[], []] for program in programs}
    for _ in range(ROUNDS):
        for program in programs:
            with tempfile.TemporaryDirectory() as cache:
                for each in runs[program]:
                    each.append(cost(program, arguments, cache))
    return {program: [min(each) for each in both] for program, both in runs.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--beside", default="")
    found = parser.parse_args()
    programs = [NIXERNETES, *([found.beside] if found.beside else [])]
    for repo in found.repositories:
        for name, arguments in (("render --all", ["render", "--all", "--repo"]), ("up --once", ["up", "--once"])):
            figures = best(programs, [*arguments, str(repo)])
            for at, state in enumerate(("cold", "warm")):
                seconds, peak = figures[NIXERNETES][at]
                line = f"{repo.name:38} {name:13} {state}  {seconds:6.2f} s {peak:5.0f} MiB"
                if found.beside:
                    other, other_peak = figures[found.beside][at]
                    line += f"   beside {other:6.2f} s {other_peak:5.0f} MiB   {seconds / other:.2f} times"
                print(line, flush=True)


main()
