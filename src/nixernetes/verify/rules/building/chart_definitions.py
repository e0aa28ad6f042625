"""``chart-definitions``: the definitions in a chart's ``crds/`` are upgraded with it, and its dependencies fit.

Helm installs ``crds/`` once and never again; helm-controller does so too unless ``spec.upgrade.crds`` says otherwise
(``Skip`` is its default). A dependency in a folder has to be of a version that the chart accepts, or
``helm dependency build`` fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.languages.semver import parse_constraint, parse_version
from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import HELM_RELEASE
from nixernetes.verify.findings import Severity
from nixernetes.verify.local_charts import LocalChart, installed_charts
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery, chart, _ in installed_charts(view):
        is_skipped = text_at(delivery.manifest, "spec", "upgrade", "crds") in ("", "Skip")
        if delivery.key.group_kind == HELM_RELEASE and chart.has_definitions and is_skipped:
            message = "its chart has definitions in crds/, and no upgrade.crds: they stay as they were first installed"
            yield Found(cluster=cluster, subject=delivery, message=message, path=("spec",))
        for index, dependency in enumerate(chart.dependencies):
            there = chart.beside(dependency)
            wanted = text_at(dependency, "version")
            if there is not None and not _fits(wanted, there):
                version = text_at(there.description, "version")
                message = f"its chart wants {text_at(dependency, 'name')} {wanted}, and {there.folder} is {version}"
                yield Found(
                    cluster=cluster,
                    subject=delivery,
                    message=message,
                    place=view.places.in_file(f"{chart.folder}/Chart.yaml", ("dependencies", index, "version")),
                    severity=Severity.ERROR,
                    topic="helm-chart",
                )


def _fits(wanted: str, chart: LocalChart) -> bool:
    version = parse_version(text_at(chart.description, "version"))
    try:
        return not wanted or version is None or parse_constraint(wanted).admits(version)
    except ValueError:
        return True


RULE: Final = Rule(
    name="chart-definitions",
    topic="helm-crds",
    severity=Severity.INFO,
    sentence="The definitions of a chart are upgraded with it, and its dependencies fit.",
    check=_check,
)
