"""Custom kinds are judged as the scripts that Argo CD bundles judge them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.health.argocd import HealthStatus, assess, bundled
from nixernetes.health.argocd.bundled import assess_bundled, bundled_kinds
from nixernetes.health.argocd.rule_language import parse
from nixernetes.health.argocd.special import SPECIAL
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.manifest import Json, Manifest


def _agreed(cases: list[Json]) -> list[str]:
    """Return the cases that come out otherwise."""
    wrong = []
    for case in cases:
        health = assess_bundled(group_kind(case["object"]), case["object"])
        found = (None, None) if health is None else (str(health.status), health.message)
        if found != (case["status"], found[1] if case["message"] is None else case["message"]):
            wrong.append(f"{case['dir']}: {found}, not {case['status']}: {case['message']}")
    return wrong


@needs_shared
@pytest.mark.parametrize("name", ["argo_health_lua.json", "argo_health.json"])
def test_every_bundled_script_has_a_rule_with_its_answers(name: str) -> None:
    """At least 99 in 100 recorded answers are ours, and no kind is left out."""
    read = json.loads((SHARED / "conformance" / name).read_text())
    cases = [case for case in (read if isinstance(read, list) else read["cases"]) if case["dir"]]
    wrong = _agreed(cases)
    assert len(cases) > 600
    assert len(wrong) <= len(cases) / 100, "\n".join(wrong)
    assert {case["dir"].split("/")[0].replace("_", "*", 1) for case in cases} <= {
        kind.group for kind in bundled_kinds()
    }


def _judged(kind: str, api: str = "example.com/v1", **parts: Json) -> str:
    health = assess({"apiVersion": api, "kind": kind, "metadata": {"name": "a", "generation": 2}, **parts})
    return "none" if health is None else f"{health.status}: {health.message}"


def _condition(kind: str, status: str = "True", **more: Json) -> Manifest:
    return {"type": kind, "status": status, "reason": "Because", "message": "it is so"} | more


def test_a_certificate_that_is_renewed_progresses_although_it_is_ready() -> None:
    conditions = [_condition("Ready"), _condition("Issuing", message="Renewing")]
    judged = _judged("Certificate", "cert-manager.io/v1", status={"conditions": conditions})
    assert judged == "Progressing: Renewing"


def test_a_cron_job_that_runs_is_healthy() -> None:
    status = {"lastScheduleTime": "2026-01-02T00:00:00Z", "lastSuccessfulTime": "2026-01-01T00:00:00Z", "active": [{}]}
    judged = _judged("CronJob", "batch/v1", spec={}, status=status)
    assert judged == "Healthy: The job is running. Its last execution may not have been successful"


def test_a_definition_that_is_installed_is_not_yet_broken() -> None:
    names = {"conditions": [_condition("NamesAccepted"), _condition("Established", "False", reason="Installing")]}
    judged = _judged("CustomResourceDefinition", "apiextensions.k8s.io/v1", status=names)
    assert judged == "Progressing: CRD is being installed"


def test_a_route_waits_for_the_parents_that_have_seen_it() -> None:
    old = {"parentRef": {"name": "gate"}, "conditions": [_condition("Accepted", "False", observedGeneration=1)]}
    new = {"parentRef": {"name": "gate"}, "conditions": [_condition("Accepted", "False", observedGeneration=2)]}
    api = "gateway.networking.k8s.io/v1"
    assert _judged("HTTPRoute", api, status={"parents": [old]}) == "Progressing: Waiting for HTTPRoute status"
    assert _judged("HTTPRoute", api, status={"parents": [old, new]}) == "Degraded: Parent gate: it is so"


def test_a_kind_of_a_provider_is_judged_by_the_pattern_of_its_group() -> None:
    status = {"conditions": [_condition("Ready")]}
    judged = _judged("Queue", "sqs.aws.crossplane.io/v1", status=status)
    assert judged == "Healthy: Resource is up-to-date."
    # The group has rules of its own for some kinds; they come first.
    assert _judged("Bucket", "s3.aws.crossplane.io/v1") == "Progressing: Waiting for Bucket to be created"
    assert _judged("Object", "s3.aws.crossplane.io/v1") == "Healthy: Resource is up-to-date."


def test_a_kind_without_a_script_has_no_health() -> None:
    assert _judged("Thing", status={"conditions": [_condition("Ready", "False")]}) == "none"
    assert assess({"apiVersion": "shapes/v1", "kind": "ready", "metadata": {"name": "a"}}) is None


def test_a_rule_that_lacks_a_field_is_unknown_with_the_reason() -> None:
    assert _judged("Kustomization", "kustomize.toolkit.fluxcd.io/v1") == (
        "Unknown: the health of this Kustomization cannot be told: spec is not there"
    )


def test_a_phase_of_a_rollout_that_is_no_health_is_unknown() -> None:
    judged = _judged("Rollout", "argoproj.io/v1alpha1", spec={}, status={"phase": "Thinking", "message": "hm"})
    assert judged == "Unknown: Lua returned an invalid health status"


def test_a_message_of_another_type_is_no_health() -> None:
    conditions = [_condition("Synced", "False", message={"text": "no"})]
    assert _judged("SealedSecret", "bitnami.com/v1alpha1", status={"conditions": conditions}) == "none"


def test_every_rule_can_be_read() -> None:
    for kind in bundled_kinds():
        name = kind.kind.replace("*", "Any")
        assert isinstance(assess_bundled(GroupKind(kind.group.replace("*", "any"), name), {"kind": name}), object)


def test_the_page_of_health_lists_every_kind() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/argocd-health.md").read_text("utf-8")
    listed = set()
    for row in re.findall(r"^\| `(.*)` \| (.*) \|$", page, re.MULTILINE):
        listed |= {GroupKind(row[0], "*" if kind == "all kinds" else kind) for kind in row[1].split(", ")}
    assert listed == set(bundled_kinds())


def test_every_special_rule_is_used() -> None:
    texts = "".join(bundled._groups().values())
    assert {name for name in SPECIAL if f"by {name}\n" in texts} == SPECIAL.keys()


def _said(obj: Json, *lines: str, **shapes: list[str]) -> tuple[Json, Json] | None:
    rule = parse([f"  {line}" for line in lines], shapes=shapes, special=SPECIAL.__getitem__)
    return rule(obj)


_LISTED = {"items": [{"type": "A", "n": 1}, {"type": "B", "n": 2}, {"type": "A"}], "held": {"x": {"n": 5}, "y": {}}}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["=> Healthy"], ("Healthy", "")),
        ([".items => Healthy there", "=> Degraded"], ("Healthy", "there")),
        (["!.items => Healthy", "=> Degraded gone"], ("Degraded", "gone")),
        (["#.items=3 => Healthy", "=> Degraded"], ("Healthy", "")),
        (["#.items>3 / .held => Healthy or", "=> Degraded"], ("Healthy", "or")),
        (["~> Healthy one", "~> = {=}, two"], ("Healthy", "one, two")),
        (["each .items", "  A => Healthy {n}", "=> Degraded"], ("Healthy", 1)),
        (["each .items", "  A => next", "  => Healthy no. {n}"], ("Healthy", "no. 2")),
        (["each .held", "  => Healthy", "=> Degraded a list is asked for"], ("Degraded", "a list is asked for")),
        (["every .held", "  n=5 => Healthy n is {n}"], ("Healthy", "n is 5")),
        (["each one in .items", "  each .held", "    => Degraded", "  => Healthy {one.type}"], ("Healthy", "A")),
        (["with .held.x", "  => Healthy {n}!"], ("Healthy", "5!")),
        (["with .held.z", "  => Healthy", "=> Degraded"], ("Degraded", "")),
        (["let a = last in .items A", "=> Healthy {a.n|'none'}"], ("Healthy", "none")),
        (["let a = count in .items type=A|B", "a=3 => Healthy {a} of them"], ("Healthy", "3 of them")),
        (["let a = join ', ' in .items n : {#}{n??=*}", "=> Healthy {a}"], ("Healthy", "1=1, 2=2")),
        (["let a = join ', ' in .none : {n}", "=> Healthy {a??got *}"], ("Healthy", "")),
        (["like both here ; there"], ("Healthy", "here and there; here ; there")),
        ([".held.x.n>4 .held.x.n<6 => Healthy", "=> Degraded"], ("Healthy", "")),
        ([".held.y={} => stop", "=> Degraded"], None),
        (["=> Healthy two\\nlines"], ("Healthy", "two\nlines")),
    ],
)
def test_a_rule_says_what_its_lines_say(lines: list[str], said: tuple[str, Json] | None) -> None:
    assert _said(_LISTED, *lines, both=["  => Healthy $1 and $2; $"]) == said


def test_the_rules_of_a_kind_are_those_of_the_newest_flux_objects() -> None:
    conditions = [_condition("Ready", "Unknown"), _condition("Reconciling")]
    judged = _judged("HelmRelease", "helm.toolkit.fluxcd.io/v2", spec={}, status={"conditions": conditions})
    assert judged == f"{HealthStatus.PROGRESSING}: Because"
