"""Applications and ApplicationSets end as the controllers of Argo CD 3.5.1 ended them, word for word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.engine.argocd.conftest import make_plane
from tests.engine.argocd.golden import GoldenRun, compact
from tests.shared import SHARED, needs_shared

from nixernetes.adapters.helm import HelmRenderer
from nixernetes.adapters.sandbox.jq import JqProcess
from nixernetes.adapters.sandbox.jsonnet import JsonnetProcess
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.objects.manifest import Json

_FOLDER = SHARED / "conformance" / "realargo"
_CASES = sorted(path.name for path in _FOLDER.glob("c*")) if _FOLDER.is_dir() else []
# Nobody gives Services and Ingresses an address, or measures pods, where the cases were recorded.
_PROFILE = WorkloadProfile(address_after=timedelta(days=365), metrics=False)

Difference = tuple[str, Json, Json]

_RACE = "two controllers at once: what the real one did differs from run to run"
_HEALED = "the real one healed a difference that its cache showed after a sync"
# What differs, by the beginning of ``<snapshot>: <path>``, and why.
_EXCEPTIONS: dict[str, dict[str, str]] = {
    "c04multi": {
        "2: ": "the step that led there is not written down",
    },
    "c06aoa": {
        "1: apps.c06aoa-root.operation.results": _HEALED,
        "1: apps.c06aoa-two.operation.results": _HEALED,
    },
    "c18ssa": {"4: apps.c18ssa-c.operation.results.Sync/ConfigMap/c18ssa-c/a.message": _HEALED},
    "c33move": {"1: apps.c33move-b.operation.results.PreSync/Namespace/c33move": _RACE},
}
# What README of the cases calls unstable: how often a drift was healed, and of which objects.
_UNSTABLE = (".operation.sync.autoHealAttemptsCount", ".operation.sync.resources")
# What controllers write that did not run in the recordings.
_OF_CONTROLLERS = (".annotations.deployment.kubernetes.io/revision",)


@pytest.fixture(scope="module")
def tools() -> Iterator[tuple[JqProcess, JsonnetProcess]]:
    jq, jsonnet = JqProcess(), JsonnetProcess()
    yield jq, jsonnet
    jq.close()
    jsonnet.close()


def _differences(real: Json, ours: Json, path: str = "") -> Iterator[Difference]:
    """Yield the path of each difference with both values; items of lists are told by what they are of."""
    if isinstance(real, dict) and isinstance(ours, dict):
        for name in sorted({*real, *ours}):
            yield from _differences(real.get(name), ours.get(name), f"{path}.{name}" if path else name)
    elif (
        isinstance(real, list) and isinstance(ours, list) and None not in (one := _by_name(real), two := _by_name(ours))
    ):
        yield from _differences(one, two, path)
    elif real != ours and not path.endswith(_UNSTABLE + _OF_CONTROLLERS):
        yield path, real, ours


def _by_name(items: list[Json]) -> Json:
    """Return the items of a list by what they are of; None where that does not tell them apart."""
    parts = ("syncPhase", "group", "kind", "namespace", "name", "type")
    if not all(isinstance(item, dict) for item in items):
        return None
    found = {"/".join(str(item[part]) for part in parts if part in item): item for item in items}
    return found if len(found) == len(items) else None


def _expected(case: str) -> Json:
    expected: Json = json.loads((_FOLDER / case / "expected.json").read_text())
    for shot in expected.values():
        for app in shot["apps"].values():
            app["spec"] = compact(app["spec"])
    return expected


@needs_shared
@pytest.mark.parametrize("case", _CASES)
def test_a_recorded_run_ends_the_same(case: str, tools: tuple[JqProcess, JsonnetProcess]) -> None:
    jq, jsonnet = tools
    plane = make_plane(profile=_PROFILE, jq=jq, jsonnet=jsonnet, renderer=HelmRenderer())
    shots = GoldenRun(_FOLDER / case, plane).run()
    expected = _expected(case)
    found = {
        f"{label}: {path}": (real, ours)
        for label, shot in expected.items()
        for path, real, ours in _differences(shot, shots.get(label))
    }
    known = tuple(_EXCEPTIONS.get(case, {}))
    assert {path: pair for path, pair in found.items() if not path.startswith(known)} == {}
    assert [start for start in known if not any(path.startswith(start) for path in found)] == []
