"""What a HelmRelease wants: values composed, chart rendered, objects labelled (Flux, sections 10.2 and 10.7)."""

from __future__ import annotations

from nixernetes.engine.flux.controller import Context
from nixernetes.engine.flux.helm_actions import Desired, Parts
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.charts import Chart
from nixernetes.render.helm_release import compose_values, release_name

__all__ = ["desired_release", "refuse_unsupported"]

_UNSUPPORTED = {
    "kubeConfig": "this engine applies only to the cluster that holds the object",
}


def refuse_unsupported(spec: Json) -> None:
    """Refuse what this engine does not do.

    Raises:
        InputError: such a field is set.

    """
    for field, fact in _UNSUPPORTED.items():
        if spec.get(field):
            raise InputError(f"spec.{field}: {fact}; remove it here")
    if bool(spec.get("chart")) == bool(spec.get("chartRef")):
        raise InputError("either chart or chartRef must be set")
    if (spec.get("test") or {}).get("filters"):
        raise InputError("spec.test.filters: this engine runs all test hooks or none; remove it here")
    if (spec.get("upgrade") or {}).get("preserveValues"):
        raise InputError("spec.upgrade.preserveValues: this engine always composes the values anew; remove it here")


def desired_release(context: Context, subject: Subject, chart: Chart, oci_digest: str = "") -> Desired:
    """Return what a HelmRelease wants.

    Raises:
        InputError: the values cannot be composed.

    """
    values = compose_values(subject.live, context.declared.lookup)
    namespace = subject.spec.get("targetNamespace") or subject.namespace

    def render(*, upgrade: bool) -> Parts:
        found = context.builder.release(subject.live, chart, values, is_upgrade=upgrade)
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
