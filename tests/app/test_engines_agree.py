"""One declaration, two engines: both bring the same objects to the same clusters."""

from __future__ import annotations

from pathlib import Path

import pytest

from nixernetes.app import targets, up
from nixernetes.app.starting.init import init
from nixernetes.objects.identity import ObjectKey

Delivered = set[tuple[str, str, ObjectKey]]


def delivered(file: Path, engine: str) -> Delivered:
    with targets.prepare(file, targets.RunOptions(engine=engine)) as prepared:
        outcome = up.once(prepared.blueprint, prepared.outside)
    assert outcome.ok, outcome
    found: Delivered = set()
    for item in outcome.report.deliveries:
        name = item.key.name
        if item.key.kind == "Kustomization" and name != "flux-system":
            found |= {(item.cluster, name, entry.key) for entry in item.objects}
        elif item.key.kind == "Application" and not name.endswith("-root"):
            app, _, cluster = name.partition("-")
            found |= {(cluster, app, entry.key) for entry in item.objects}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("structure", ["flat", "hierarchy"])
def test_both_engines_bring_the_same_objects_to_the_same_clusters(structure: str, tmp_path: Path) -> None:
    file = init(tmp_path, structure=structure, engine="both")
    flux, argocd = delivered(file, "flux"), delivered(file, "argocd")
    assert flux == argocd
    assert len(flux) == 3 * len({cluster for cluster, _, _ in flux})
