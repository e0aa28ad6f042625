"""What a HelmRelease wants: values composed, chart rendered, objects labelled (Flux, sections 10.2 and 10.7)."""

from __future__ import annotations

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux.helm_actions import Desired, Parts
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json
from nixernetes.render.charts import Chart, ChartRenderer
from nixernetes.render.helm_release import compose_values, is_crd, is_hook, release_name, render_release
from nixernetes.render.references import reader

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


def desired_release(
    renderer: ChartRenderer, api: Reader, subject: Subject, chart: Chart, oci_digest: str = ""
) -> Desired:
    """Return what a HelmRelease wants.

    Raises:
        InputError: the values cannot be composed.

    """
    values = compose_values(subject.live, reader(api.get))

    def render(*, upgrade: bool) -> Parts:
        found = render_release(chart, subject.live, values, renderer, is_upgrade=upgrade)
        definitions = tuple(one.manifest for one in found if is_crd(one))
        rest = [one.manifest for one in found if not is_crd(one)]
        return Parts(
            objects=tuple(one for one in rest if not is_hook(one)),
            hooks=tuple(one for one in rest if is_hook(one)),
            definitions=definitions,
        )

    return Desired(
        name=release_name(subject.live),
        namespace=subject.spec.get("targetNamespace") or subject.namespace,
        chart=chart,
        values=values,
        render=render,
        oci_digest=oci_digest,
    )
