"""What a HelmRelease wants: values composed, chart rendered, objects labelled (Flux, sections 10.2 and 10.7)."""

from __future__ import annotations

from functools import partial

from nixernetes.engine.flux.controller import Context
from nixernetes.engine.flux.helm.actions import Desired, Parts
from nixernetes.engine.flux.helm.lookups import found_in
from nixernetes.engine.flux.subject import Subject
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.render.flux.helm_release import compose_values, release_name
from nixernetes.render.outside import Surroundings
from nixernetes.render.sources.charts import Chart
from nixernetes.render.sources.lookups import LookingCharts

__all__ = ["desired_release", "not_honoured"]

_ELSEWHERE = "spec.kubeConfig sends it to a cluster that is not run here: it is rendered, and not installed"
_ANEW = "spec.upgrade.preserveValues is not honoured: values are composed anew"


def not_honoured(spec: HelmRelease) -> list[str]:
    """Return what a HelmRelease asks for and this engine goes on without."""
    found = [_ELSEWHERE] if spec.kube_config else []
    return [*found, _ANEW] if spec.upgrade is not None and spec.upgrade.preserve_values else found


def desired_release(
    context: Context, subject: Subject[HelmRelease], chart: Chart, declared: Surroundings, oci_digest: str = ""
) -> Desired:
    """Return what a HelmRelease wants.

    Args:
        context: what controllers share.
        subject: the HelmRelease.
        chart: its chart.
        declared: the objects around: ConfigMaps and Secrets with values.
        oci_digest: the digest of the artifact that the chart came in, or ``""``.

    Raises:
        InputError: the values cannot be composed.

    """
    values = compose_values(subject.live, declared.lookup)
    namespace = subject.spec.target_namespace or subject.namespace
    is_private = context.builder.is_private(subject.live, declared)
    charts = LookingCharts(context.builder.charts(is_private=is_private), partial(found_in, context.api))

    def render(*, upgrade: bool, revision: int) -> Parts:
        found = context.builder.release(
            subject.live, chart, values, is_upgrade=upgrade, revision=revision, charts=charts
        )
        context.origins.record(subject.key, (*found.definitions, *found.objects, *found.hooks))
        return Parts(
            objects=tuple(one.manifest for one in found.objects),
            hooks=tuple(one.manifest for one in found.hooks),
            definitions=tuple(one.manifest for one in found.definitions),
        )

    return Desired(
        name=release_name(subject.live),
        namespace=namespace,
        chart=chart,
        values=values,
        render=render,
        oci_digest=oci_digest,
    )
