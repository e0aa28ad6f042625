"""Health of live objects is Argo CD's, case by case."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.health.argocd import Assessor, HealthStatus, assess, worst
from nixernetes.health.argocd.bundled import bundled_kinds
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json

_PATH = SHARED / "conformance/argo_health.json"
# Argo CD's own cases ask its code alone, without the scripts that it bundles.
_CASES = [
    pytest.param(case, id=f"{case['kind']}-{Path(case['input']).stem}")
    for case in (json.loads(_PATH.read_text()) if _PATH.exists() else [])
    if case["suite"] == "builtin" and GroupKind(case["group"], case["kind"]) not in bundled_kinds()
]


@needs_shared
@pytest.mark.parametrize("case", _CASES)
def test_built_in_health_is_argo_cds(case: Json) -> None:
    health = assess(case["object"])
    assert (None if health is None else health.status) == case["status"]
    if case["message"] is not None and health is not None:
        assert health.message == case["message"]


def test_missing_is_worse_than_progressing_and_better_than_degraded() -> None:
    assert worst(HealthStatus.PROGRESSING, HealthStatus.MISSING) is HealthStatus.MISSING
    assert worst(HealthStatus.DEGRADED, HealthStatus.MISSING) is HealthStatus.DEGRADED


_APPLICATION = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "a"}}
_COPY = """
hs = {}
hs.status = "Progressing"
hs.message = ""
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
end
return hs
"""


def test_an_application_has_no_health_until_a_script_gives_it_one() -> None:
    live = {**_APPLICATION, "status": {"health": {"status": "Degraded"}}}
    assert assess(live) is None
    settings = {"resource.customizations.health.argoproj.io_Application": _COPY}
    health = Assessor.from_settings(settings).assess(live)
    assert health is not None
    assert health.status is HealthStatus.DEGRADED


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("while true do end", "instruction limit"),
        ("return os.execute('true')", "os"),
        ("return ('x'):rep(1000000000)", "rep"),
        ("return 1", "no table"),
        ("return {status='Fine'}", "invalid health status: Fine"),
        ("return {status={}}", "invalid health status"),
        ("return {'Healthy'}", "invalid health status: None"),
        ("this is not lua", "syntax error"),
        ("local t = {} for i = 1, 1e9 do t[i] = {i} end return t", "limit|memory"),
    ],
)
def test_a_script_that_misbehaves_is_unknown_with_the_reason(script: str, reason: str) -> None:
    health = Assessor({"argoproj.io_*": script}).assess(_APPLICATION)
    assert health is not None
    assert health.status is HealthStatus.UNKNOWN
    assert re.search(reason, health.message)
