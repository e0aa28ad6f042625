"""Whatever type a value of a rendered object has, every rule of ``check`` ends, and says only findings."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
from tests.verify.case_files import CASES, platform_of, read_case
from tests.wrong_types import changes

from nixernetes.render.rendered_platform import RenderedCluster, RenderedPlatform
from nixernetes.verify.checks import check
from nixernetes.verify.findings import Severity
from nixernetes.verify.formats.json_format import to_json
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.report import CheckReport, unverified
from nixernetes.verify.rule import Rule

_CASES = (
    *("rules/admission-policy-failing", "rules/autoscaler-failing", "rules/health-check-failing"),
    *("rules/image-automation-failing", "rules/missing-reference-clean", "rules/monitor-target-failing"),
    *("rules/project-permission-failing", "rules/service-account-failing", "rules/service-target-failing"),
    *("rules/sync-window-failing", "rules/unread-value-failing", "rules/unmatched-patch-failing"),
    *("rules/ignored-differences-failing", "rules/crd-order-failing", "rules/cross-namespace-failing"),
    *("rules/empty-application-set-clean", "adversary/receiver-resource-missing", "adversary/crd-instance-faults"),
    *("rules/route-listener-failing", "rules/empty-application-failing", "rules/sync-order-failing"),
    *("adversary/flux-helm-things", "adversary/health-checks-of-nothing", "adversary/imageupdate-source"),
    *("adversary/ignored-differences-of-nothing", "adversary/helm-things", "adversary/crd-definitions"),
    *("adversary/removed-apis", "adversary/appset-faults-a", "adversary/project-faults"),
    *("adversary/claims-that-wait-for-a-pod", "adversary/health-checks-of-old-versions"),
)


@cache
def _platform(name: str) -> RenderedPlatform:
    folder = Path(tempfile.mkdtemp())
    try:
        return platform_of(read_case(CASES / f"{name}.txt"), folder)
    finally:
        shutil.rmtree(folder)


def _documents(platform: RenderedPlatform) -> list[Any]:
    found: list[Any] = []
    for cluster in platform.clusters:
        found += [item.manifest for item in cluster.start.bootstrap]
        for delivery in cluster.deliveries:
            found += [delivery.manifest, *(item.manifest for item in delivery.manifests)]
    return found


def _with(platform: RenderedPlatform, documents: list[Any]) -> RenderedPlatform:
    rest = iter(documents)
    clusters: list[RenderedCluster] = []
    for cluster in platform.clusters:
        bootstrap = tuple(replace(item, manifest=next(rest)) for item in cluster.start.bootstrap)
        deliveries = tuple(
            replace(
                delivery,
                manifest=next(rest),
                manifests=tuple(replace(item, manifest=next(rest)) for item in delivery.manifests),
            )
            for delivery in cluster.deliveries
        )
        clusters.append(replace(cluster, start=replace(cluster.start, bootstrap=bootstrap), deliveries=deliveries))
    return replace(platform, clusters=tuple(clusters))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(_CASES))
def test_no_rule_fails_over_odd_data(data: st.DataObject, name: str) -> None:
    platform = _platform(name)
    documents = data.draw(changes(_documents(platform)))
    if not all(isinstance(each, dict) for each in documents):
        return  # what is no mapping is refused when it is read
    view = PlatformView(platform=_with(platform, documents))
    found = check(view)
    assert found.broken == ()
    report = CheckReport(findings=found.findings, unverified=tuple(unverified(view)))
    assert to_json(report)


def test_a_broken_rule_hides_no_other() -> None:
    def fails(_: PlatformView) -> list[Any]:
        raise LookupError("a fault of ours")

    view = PlatformView(platform=_platform("rules/service-target-failing"))
    broken = Rule(name="broken", topic="", severity=Severity.ERROR, sentence="It fails.", check=fails)
    from nixernetes.verify.checks import all_rules  # noqa: PLC0415

    alone = check(view)
    beside = check(view, [broken, *all_rules()])
    assert beside.findings == alone.findings
    assert beside.findings
    assert beside.broken == (("broken", "LookupError: a fault of ours"),)
