"""Runs every benchmark in a process of its own and prints what each took, beside its target.

    .venv/bin/python benchmarks/run.py [NAME ...]

The time is of the whole process as a user would start it, the memory its peak; figures of these kinds depend on the
machine, so quote them together with a peer's from the same run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platforms

REGIONS = ("us-east-1", "eu-west-1", "ap-south-1")
NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
HERE = Path(__file__).parent
SCRATCH = HERE.parent / "build"  # on the disk of the checkout; /tmp may be another file system


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table."""

    name: str
    seconds: float
    target_seconds: float
    peak_mib: float


def timed(*command: str) -> tuple[float, float]:
    """Return the seconds and the peak memory in MiB of a command."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def build(folder: Path) -> list[Figure]:
    """Build 1,000 apps on 3 clusters into a fresh folder, and again when nothing changed."""
    file = platforms.write(folder, apps=1000, objects=2, clusters=REGIONS, engine="flux")
    command = (NIXERNETES, "build", str(file), "--output-dir", str(folder / "repository"))
    first, peak = timed(*command)
    again, peak_again = timed(*command)
    return [
        Figure(name="build: 1,000 apps on 3 clusters", seconds=first, target_seconds=3, peak_mib=peak),
        Figure(name="build: the same, nothing changed", seconds=again, target_seconds=3, peak_mib=peak_again),
    ]


def up_flux(folder: Path) -> list[Figure]:
    """Converge 300 Kustomizations with 3,000 objects."""
    return [_up(folder, "flux", "up --once: 300 Kustomizations, 3,000 objects")]


def up_argocd(folder: Path) -> list[Figure]:
    """Converge 300 Applications with 3,000 objects."""
    return [_up(folder, "argocd", "up --once: 300 Applications, 3,000 objects")]


def reconcile(folder: Path) -> list[Figure]:
    """Reconcile one Kustomization of 500 objects when nothing changed."""
    script = str(HERE / "noop_reconcile.py")
    _, peak = timed(sys.executable, script, str(folder / "first"))
    text = subprocess.run([sys.executable, script, str(folder)], check=True, capture_output=True, text=True).stdout
    return [
        Figure(name="no-op reconcile: 500 objects", seconds=float(text), target_seconds=0.05, peak_mib=peak),
    ]


def help_page(folder: Path) -> list[Figure]:
    """Print the help page."""
    del folder
    seconds, peak = min(timed(NIXERNETES, "--help") for _ in range(3))
    return [Figure(name="nixernetes --help", seconds=seconds, target_seconds=0.25, peak_mib=peak)]


def demo(folder: Path) -> list[Figure]:
    """Run the demo."""
    del folder
    seconds, peak = timed(NIXERNETES, "demo")
    return [Figure(name="nixernetes demo", seconds=seconds, target_seconds=20, peak_mib=peak)]


def _up(folder: Path, engine: str, name: str) -> Figure:
    file = platforms.write(folder, apps=100, objects=10, clusters=REGIONS, engine=engine)
    seconds, peak = timed(NIXERNETES, "up", str(file), "--once", "-o", "json")
    return Figure(name=name, seconds=seconds, target_seconds=10, peak_mib=peak)


BENCHMARKS: dict[str, Callable[[Path], list[Figure]]] = {
    "help": help_page,
    "build": build,
    "up-flux": up_flux,
    "up-argocd": up_argocd,
    "reconcile": reconcile,
    "demo": demo,
}


def main() -> None:
    """Run those named, or all."""
    print(f"{'':<48}{'took':>10}{'target':>10}{'memory':>12}")
    for name in sys.argv[1:] or BENCHMARKS:
        SCRATCH.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=SCRATCH) as folder:
            for figure in BENCHMARKS[name](Path(folder)):
                row = f"{figure.seconds:.3f} s", f"{figure.target_seconds:g} s", f"{figure.peak_mib:.0f} MiB"
                print(f"{figure.name:<48}{row[0]:>10}{row[1]:>10}{row[2]:>12}")


if __name__ == "__main__":
    main()
