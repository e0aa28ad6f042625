"""Prints how many seconds one reconcile of a converged Kustomization with 500 objects takes (the median of 20)."""

from __future__ import annotations

import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path

import platforms

from nixernetes.app import targets
from nixernetes.app.console import control
from nixernetes.app.console.selecting import Selection
from nixernetes.app.worlds import make_world
from nixernetes.objects.clocks import VirtualClock

ROUNDS = 20


def main() -> None:
    """Converge, then time rounds in which nothing changes."""
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    file = platforms.write(folder, apps=1, objects=500, clusters=("one",), engine="flux")
    with targets.prepare(file, targets.RunOptions()) as prepared:
        world = make_world(prepared.blueprint, VirtualClock(), prepared.outside)
        world.run_until_settled(timedelta(hours=1))
        if not world.report().ready:
            raise SystemExit("did not converge")
        key = next(item.key for item in world.report().deliveries if item.key.name == "app0")
        took = []
        for _ in range(ROUNDS):
            world.run_for(timedelta(seconds=30))
            control.reconcile(world, Selection.of({"targets": [f"kustomization/{key.name}"]}))
            began = time.perf_counter()
            world.runtime.run_due()
            took.append(time.perf_counter() - began)
    print(f"{statistics.median(took):.4f}")


main()
