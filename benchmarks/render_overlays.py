"""Prints how long it takes to render every overlay of a repository: kubectl kustomize beside ours, in one run.

    .venv/bin/python benchmarks/render_overlays.py [REPOSITORY]

The repository is copied, so that one file can be changed. Overlays that kubectl refuses are left out of both sides.
Ours renders all of them in one process, started as a user would start it, and the caches are where this run puts them.
Each of our times is the best of twelve, as a busy moment doubles one; kubectl's one by one is the best of two. Our
byte code is compiled before, as it is where a package is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEFAULT = HERE.parents[1] / "shared" / "corpora" / "onedr0p+home-ops"
NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
FLAGS = ("--load-restrictor", "LoadRestrictionsNone")
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c{n}\n  namespace: ns{m}\ndata:\n  key: value-{n}\n"


def kubectl(overlay: Path) -> bytes | None:
    """Return what kubectl prints for an overlay, or None where it refuses."""
    done = subprocess.run(["kubectl", "kustomize", *FLAGS, str(overlay)], capture_output=True, check=False)
    return None if done.returncode else done.stdout


def ours(cache: Path, overlays: Sequence[Path]) -> tuple[float, float, bytes]:
    """Return the seconds, the peak memory in MiB and the output of our command."""
    command = [NIXERNETES, "render", "--show-secrets", *FLAGS, *map(str, overlays)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": str(cache.parent / "bytecode")}
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=output, env=environment) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - began
        if process.returncode:
            raise SystemExit(f"nixernetes render exited with {process.returncode}")
        output.seek(0)
        return took, usage.ru_maxrss / 1024, output.read()


def best(measure: Callable[[], tuple[float, float, bytes]], rounds: int = 12) -> tuple[float, float, bytes]:
    """Return the fastest of several measurements."""
    return min((measure() for _ in range(rounds)), key=lambda one: one[0])


def one_by_one(overlays: Sequence[Path], workers: int) -> float:
    """Return the seconds that kubectl takes for all overlays, so many at a time."""
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(kubectl, overlays))
    return time.perf_counter() - began


def repository(source: Path, scratch: Path) -> None:
    """Measure a repository's overlays."""
    copy, cache = scratch / "repository", scratch / "cache"
    shutil.copytree(source, copy, symlinks=True)
    (copy / ".git").mkdir(exist_ok=True)  # marks the root of the work tree; git itself is not asked
    found = sorted({path.parent for name in NAMES for path in copy.rglob(name)})
    printed = {overlay: text for overlay in found if (text := kubectl(overlay)) is not None}
    overlays = list(printed)
    serial = min(one_by_one(overlays, 1) for _ in range(2))
    double = one_by_one(overlays, 2)

    def cold() -> tuple[float, float, bytes]:
        shutil.rmtree(cache, ignore_errors=True)
        return ours(cache, overlays)

    def changed() -> tuple[float, float, bytes]:
        file = next(path for path in sorted(overlays[len(overlays) // 2].glob("*.yaml")) if path.name not in NAMES)
        file.write_text(file.read_text() + f"# {time.time_ns()}\n")
        return ours(cache, overlays)

    cold_time, cold_peak, text = best(cold)
    warm_time, warm_peak, again = best(lambda: ours(cache, overlays))
    changed_time, changed_peak, after = best(changed)
    equal = "---\n".join(text.decode() for text in printed.values() if text).encode() == text == again == after
    print(f"{len(overlays)} overlays of {source.name} (kubectl refuses {len(found) - len(overlays)} more)")
    print(f"  output equal to kubectl's, byte for byte   {equal}")
    print(f"  kubectl kustomize, one by one              {serial:8.3f} s")
    print(f"  kubectl kustomize, two at a time           {double:8.3f} s")
    print(f"  ours, cold: new process, empty cache       {cold_time:8.3f} s  {cold_peak:6.0f} MiB")
    print(f"  ours, warm: new process, full cache        {warm_time:8.3f} s  {warm_peak:6.0f} MiB")
    print(f"  ours, after one file changed               {changed_time:8.3f} s  {changed_peak:6.0f} MiB")
    print(f"  cold against one by one                    {serial / cold_time:8.1f} times (target 8)")
    print(f"  warm against cold                          {cold_time / warm_time:8.1f} times (target 5)")
    print(f"  one changed file                           {changed_time:8.3f} s (target 0.3)")


def growth(scratch: Path) -> None:
    """Measure one overlay with more and more documents."""
    print("documents   cold         per document   memory")
    for count in (100, 1_000, 10_000):
        folder = scratch / f"growth{count}"
        (folder / ".git").mkdir(parents=True)
        for number in range(0, count, 100):
            documents = (OBJECT.format(n=each, m=each % 20) for each in range(number, number + 100))
            (folder / f"all{number}.yaml").write_text("---\n".join(documents))
        names = "".join(f"- all{number}.yaml\n" for number in range(0, count, 100))
        (folder / "kustomization.yaml").write_text(f"namePrefix: p-\ncommonLabels: {{a: b}}\nresources:\n{names}")
        took, peak, _ = best(lambda folder=folder: ours(scratch / f"none{time.time_ns()}", [folder]), 3)
        print(f"{count:9,}   {took:6.3f} s   {took / count * 1000:9.3f} ms   {peak:6.0f} MiB")


def main() -> None:
    """Print all figures."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    with tempfile.TemporaryDirectory(prefix="nixernetes-bench-") as name:
        if source.is_dir() and shutil.which("kubectl"):
            repository(source, Path(name))
        else:
            print(f"skipped: {source} or kubectl is not there")
        growth(Path(name))


main()
