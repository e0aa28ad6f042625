"""Flux's objects end as the controllers of Flux 2.9 ended them on a real API server, word for word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.flux.golden import GoldenRun
from tests.shared import SHARED, needs_shared

from nixernetes.objects.manifest import Json

_FOLDER = SHARED / "conformance" / "realflux" / "cases"
_CASES = sorted(path.name for path in _FOLDER.iterdir()) if _FOLDER.is_dir() else []

_RACE = "what the real one did here depends on the moment"
# Case: why it differs, and where it may (parts of ``<point>: <path>``).
_EXCEPTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "d-badobject": ("no message of ours shows what is in a Secret", (".stringData.a", "Kustomization/d-badobject/o")),
    "e-jobchange": ("no message of ours shows the template of a Job", ("Kustomization/e-jobchange/a",)),
    **dict.fromkeys(("c-nested", "d-interval", "d-move0", "g-bool", "g-remediate", "h-ksowned"), (_RACE, ("",))),
    "g-names": ("a HelmChart that is refused is said on the HelmRelease, too", (".conditions",)),
}


# How often something is looked at, and what the storage of the real thing does, is no difference.
_NOISE = (
    *("DependencyNotReady", "GarbageCollectionFailed", "GarbageCollectionSucceeded", "ArtifactVerificationFailed"),
    *("GitOperationSucceeded", "ArtifactUpToDate"),
)


def _differences(real: Json, ours: Json, path: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Yield the path of each difference with both values; conditions are told by their types."""
    if isinstance(real, dict) and isinstance(ours, dict):
        # Of a body only what the candidate has is compared: an API server fills in more.
        for name in sorted(ours if ".body" in path else {*real, *ours}):
            yield from _differences(real.get(name), ours.get(name), f"{path}.{name}" if path else name)
    elif ".body" in path and isinstance(real, list) and isinstance(ours, list) and len(real) == len(ours):
        for position, (one, other) in enumerate(zip(real, ours, strict=True)):
            yield from _differences(one, other, f"{path}[{position}]")
    elif path.endswith(".conditions") and isinstance(real, list) and isinstance(ours, list):
        yield from _differences({row["type"]: row for row in real}, {row["type"]: row for row in ours}, path)
    elif real != ours and not path.endswith("controller-uid"):
        yield path, real, ours


def _events(point: Json) -> set[str]:
    """Return the events as a set: what depends on timing is left out."""
    return {
        " ".join(event)
        for event in point["events"]
        if event[2] not in _NOISE and not event[3].startswith("(combined from")
    }


def _compared(case: Path, work: Path) -> dict[str, tuple[Json, Json]]:
    expected = json.loads((case / "expected.json").read_text())["points"]
    for point in expected.values():
        for item in point["objects"].values():
            for entry in item.get("status", {}).get("history", []):
                entry.pop("digest", None)
                entry.pop("deleted", None)
                for hook in entry.get("testHooks", {}).values():
                    hook.pop("lastStarted")
                    hook.pop("lastCompleted")
            item["managers"] = [each for each in item["managers"] if not each.startswith("kube-")]
    points = GoldenRun(case, work).run()
    found: dict[str, tuple[Json, Json]] = {}
    for name, real in expected.items():
        ours = points[name]
        for path, one, other in _differences(real["objects"], ours["objects"], "objects"):
            found[f"{name}: {path}"] = (one, other)
        for event in sorted(_events(real) ^ _events(ours)):
            found[f"{name}: an event {event}"] = (event in _events(real), event in _events(ours))
    return found


@needs_shared
@pytest.mark.parametrize("case", _CASES)
def test_a_recorded_run_ends_the_same(case: str, tmp_path: Path) -> None:
    found = _compared(_FOLDER / case, tmp_path)
    why, parts = _EXCEPTIONS.get(case, ("", ()))
    assert {path: pair for path, pair in found.items() if not any(part in path for part in parts)} == {}
    assert bool(found) == bool(why), "an exception that is none any more"
