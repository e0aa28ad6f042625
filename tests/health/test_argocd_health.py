"""Health of live objects is Argo CD's, case by case."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.errors import InputError
from nixernetes.health.argocd import Assessor, HealthStatus, assess, worst
from nixernetes.health.argocd.bundled import bundled_kinds
from nixernetes.health.argocd.scripts import HealthScript, health_scripts
from nixernetes.objects.clocks import VirtualClock
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
        ("return 1", "expect table output from Lua script, not number"),
        ("return {status='Fine'}", "^Lua returned an invalid health status$"),
        ("return {message='so'}", "^Lua returned an invalid health status$"),
        ("return {status='Healthy', message=os.date()}", "index global 'os'"),
        ("this is not lua", "near 'is'"),
        ("local t = {} for i = 1, 1e9 do t[i] = {i} end return t", "limit|memory"),
    ],
)
def test_a_script_that_misbehaves_is_unknown_with_the_reason(script: str, reason: str) -> None:
    health = Assessor({"argoproj.io_*": HealthScript(script)}).assess(_APPLICATION)
    assert health is not None
    assert health.status is HealthStatus.UNKNOWN
    assert re.search(reason, health.message)


@pytest.mark.parametrize("script", ["return", "return {}", "return {'Healthy'}", "return {status={}}", "hs = {}"])
def test_a_script_that_says_nothing_gives_no_health(script: str) -> None:
    assert Assessor({"argoproj.io_*": HealthScript(script)}).assess(_APPLICATION) is None


def test_a_script_knows_the_time_of_the_clock_that_it_is_given() -> None:
    script = "local os = require('os') return {status='Healthy', message=os.date('%F')..' '..os.time()}"
    settings = {"resource.customizations.health.argoproj.io_Application": script}
    health = Assessor.from_settings(settings, VirtualClock()).assess(_APPLICATION)
    assert health is not None
    assert health.message == "2026-01-01 1767225600"


def test_a_script_has_all_libraries_where_argocd_cm_opens_them() -> None:
    script = "return {status='Healthy', message=obj.kind:lower():gsub('%a', string.upper, 1)..os.date('%Y')}"
    settings = {
        "resource.customizations.health.argoproj.io_Application": script,
        "resource.customizations.useOpenLibs.argoproj.io_Application": "true",
    }
    health = Assessor.from_settings(settings, VirtualClock()).assess(_APPLICATION)
    assert health is not None
    assert (health.status, health.message) == (HealthStatus.HEALTHY, "Application2026")


_MAP = """
argoproj.io/Application:
  health.lua: return {status='Healthy', message='map'}
  health.lua.useOpenLibs: true
"*.example.com/*":
  health.lua: return {status='Healthy'}
Secret: {}
"""


def test_both_forms_of_customizations_are_read_and_a_key_of_its_own_counts_more() -> None:
    key = "resource.customizations"
    scripts = health_scripts({key: _MAP, f"{key}.health.Secret": "one", f"{key}.health.all": "two"})
    assert scripts == {
        "*.example.com_*": HealthScript("return {status='Healthy'}"),
        "*_*": HealthScript("two"),
        "Secret": HealthScript("one"),
        "argoproj.io_Application": HealthScript("return {status='Healthy', message='map'}", open_libraries=True),
    }
    own = health_scripts({key: _MAP, f"{key}.health.argoproj.io_Application": "three"})
    assert own["argoproj.io_Application"] == HealthScript("three", open_libraries=True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"resource.customizations": "{"}, "resource.customizations: "),
        ({"resource.customizations.useOpenLibs.Secret": "yes"}, "useOpenLibs.Secret: 'yes' is neither true nor false"),
    ],
)
def test_customizations_that_cannot_be_read_are_told(data: dict[str, str], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        Assessor.from_settings(data)


@pytest.mark.parametrize(
    ("kind", "conditions", "said"),
    [
        ("HorizontalPodAutoscaler", [("ScalingLimited", "True", "TooFewReplicas")], "Healthy: ScalingLimited"),
        ("HorizontalPodAutoscaler", [("ScalingActive", "False", "InvalidMetricSourceType")], "Progressing: "),
        ("HorizontalPodAutoscaler", [("ScalingActive", "False", "InvalidSelector")], "Degraded: ScalingActive"),
        ("Job", [("Suspended", "True", "JobSuspended")], "Suspended: "),
        ("Job", [("Suspended", "False", "JobResumed"), ("Complete", "True", "")], "Healthy: Complete"),
        ("Job", [("Failed", "True", "BackoffLimitExceeded"), ("Complete", "False", "")], "Degraded: Failed"),
        ("Job", [("FailureTarget", "True", "")], "Progressing: "),
    ],
)
def test_conditions_of_autoscalers_and_jobs_are_read_as_argo_cd_reads_them(
    kind: str, conditions: list[tuple[str, str, str]], said: str
) -> None:
    names = ("type", "status", "reason")
    found = [{**dict(zip(names, each, strict=True)), "message": each[0]} for each in conditions]
    api = "batch/v1" if kind == "Job" else "autoscaling/v2"
    health = assess({"apiVersion": api, "kind": kind, "metadata": {"name": "a"}, "status": {"conditions": found}})
    assert health is not None
    assert f"{health.status}: {health.message}".startswith(said)
