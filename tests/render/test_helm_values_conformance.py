"""The values that Flux hands to helm, as Flux itself composed them."""

from __future__ import annotations

import json

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json, copy
from nixernetes.render.flux.helm_release import compose_values

_FILE = SHARED / "conformance" / "helm_values.json"
_CASES: list[Json] = json.loads(_FILE.read_text())["cases"] if _FILE.is_file() else []


def _composed(case: Json) -> Json:
    spec = {"values": case.get("values") or {}, "valuesFrom": case["valuesFrom"]}
    before = copy(spec)
    release = {"metadata": {"name": "r", "namespace": "apps"}, "spec": spec}
    try:
        return compose_values(release, lambda kind, _, name: case["objects"].get(f"{kind}/{name}"))
    except InputError:
        return "refused"
    finally:
        assert spec == before


@needs_shared
@pytest.mark.parametrize("kind", sorted({case["kind"] for case in _CASES}))
def test_flux_composes_the_same(kind: str) -> None:
    of_kind = [case for case in _CASES if case["kind"] == kind]
    wrong = [
        (case["id"], found)
        for case in of_kind
        if json.dumps(found := _composed(case), sort_keys=True)
        != json.dumps("refused" if "error" in case else case["expected"], sort_keys=True)
    ]
    assert wrong == []
