"""Prints what it takes to compare two revisions ten commits apart: kubectl kustomize of both beside ours, in one run.

    .venv/bin/python benchmarks/diff.py [REPOSITORY]

The repository is copied into one with a first commit, then ten commits that each change another file. The peer is what
people do without a tool: both revisions checked out, every overlay built by ``kubectl kustomize``, and ``diff`` of the
outputs, which says nothing of owners, pruning or charts. Times are CPU seconds of whole processes, children among them,
the best of several runs; ours is told cold (no cache), warm, and after one more commit.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEFAULT = HERE.parents[1] / "shared" / "corpora" / "onedr0p+home-ops"
NIXERNETES = str(Path(sys.executable).with_name("nixernetes"))
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
COMMITS = 10
INTERVAL = re.compile(r"^  interval: .*", re.MULTILINE)


def git(repository: Path, *words: str) -> None:
    names = ["-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.com"]
    subprocess.run(["git", *names, *words], cwd=repository, check=True, capture_output=True)


def prepared(source: Path, to: Path) -> Path:
    """Return a repository with a commit of the files, and ten more."""
    shutil.copytree(source, to, ignore=shutil.ignore_patterns(".git"))
    subprocess.run(["chmod", "-R", "u+w", str(to)], check=True)
    git(to, "init", "-qb", "main", ".")
    git(to, "add", "-A")
    git(to, "commit", "-qm", "first")
    for number, file in enumerate(changeable(to)[:COMMITS]):
        change(file, number)
        git(to, "commit", "-qam", f"change {number}")
    return to


def changeable(repository: Path) -> list[Path]:
    """Return the files that a change is made in: those of HelmReleases and Kustomizations with an interval."""
    found = [
        path
        for path in sorted(repository.rglob("*.yaml"))
        if re.search(r"^  interval: ", path.read_text(), re.MULTILINE)
    ]
    return found[:: max(len(found) // (COMMITS + 1), 1)]


def change(file: Path, number: int) -> None:
    file.write_text(
        re.sub(r"^  interval: .*", f"  interval: {number + 101}m", file.read_text(), count=1, flags=re.MULTILINE)
    )


def measured(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the fewest CPU seconds of the processes that a piece of work starts."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        work()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(once() for _ in range(rounds))


def ours(repository: Path, cache: Path, base: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": str(cache.parent / "bytecode")}
    command = [NIXERNETES, "diff", base, "HEAD", "-o", "json"]
    done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, check=False)
    if done.returncode or b'"action": "change"' not in done.stdout:
        raise SystemExit(f"nixernetes diff exited with {done.returncode}: {done.stderr.decode()[-500:]}")


def by_hand(repository: Path, folder: Path) -> None:
    """Build every overlay of both revisions, and compare the outputs."""
    for name, revision in (("base", f"HEAD~{COMMITS}"), ("head", "HEAD")):
        tree = folder / name
        git(repository, "worktree", "add", "--detach", str(tree), revision)
        out = folder / f"{name}-built"
        out.mkdir()
        overlays = sorted({path.parent for each in NAMES for path in tree.rglob(each)})
        for number, overlay in enumerate(overlays):
            with (out / f"{number}.yaml").open("wb") as file:
                words = ["kubectl", "kustomize", "--load-restrictor", "LoadRestrictionsNone", str(overlay)]
                subprocess.run(words, stdout=file, stderr=subprocess.DEVNULL, check=False)
    words = ["diff", "-ru", str(folder / "base-built"), str(folder / "head-built")]
    subprocess.run(words, capture_output=True, check=False)
    for name in ("base", "head"):
        git(repository, "worktree", "remove", "--force", str(folder / name))
        shutil.rmtree(folder / f"{name}-built")


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not source.is_dir():
        raise SystemExit(f"no such repository: {source}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        repository, cache = prepared(source, folder / "repository"), folder / "cache"
        base = f"HEAD~{COMMITS}"
        peer = measured(lambda: by_hand(repository, folder), rounds=2)
        ours(repository, cache, base)  # byte code

        def cold() -> None:
            shutil.rmtree(cache, ignore_errors=True)
            ours(repository, cache, base)

        rows = [("kubectl kustomize of both, and diff", peer), ("nixernetes diff, cold", measured(cold))]
        rows.append(("nixernetes diff, warm", measured(lambda: ours(repository, cache, base))))

        def edited() -> None:
            change(changeable(repository)[-1], os.getpid() % 1000 + 100)
            git(repository, "commit", "--allow-empty", "-qam", "one more")
            ours(repository, cache, "HEAD~1")

        rows.append(("nixernetes diff, after one more commit", measured(edited, rounds=1)))
        for name, seconds in rows:
            print(f"{name:<40} {seconds:6.2f} s CPU   {peer / seconds:5.1f} x")


if __name__ == "__main__":
    main()
