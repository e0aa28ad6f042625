"""What a HelmRelease wants: values composed, chart rendered, objects labelled (Flux, sections 10.2 and 10.7)."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux.helm_actions import Desired
from nixernetes.engine.flux.helm_cluster import HOOK
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.render.charts import Chart, ChartRenderer
from nixernetes.render.helm_release import compose_values, release_name, render_release

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


def desired_release(renderer: ChartRenderer, api: Reader, subject: Subject, chart: Chart) -> Desired:
    """Return what a HelmRelease wants.

    Raises:
        InputError: the values cannot be composed.

    """
    values = compose_values(subject.live, lookup=api.get)
    spec = subject.spec

    def render(upgrade: bool) -> tuple[tuple[Manifest, ...], tuple[Manifest, ...]]:
        found = [one.manifest for one in render_release(renderer, chart, subject.live, values, is_upgrade=upgrade)]
        hooks = tuple(one for one in found if HOOK in annotations_of(one))
        return tuple(one for one in found if HOOK not in annotations_of(one)), hooks

    return Desired(
        name=release_name(subject.live),
        namespace=spec.get("targetNamespace") or subject.namespace,
        chart=chart,
        values=values,
        render=render,
        crds=lambda: list(_definitions(chart)),
    )


def _definitions(chart: Chart) -> Iterator[Manifest]:
    for path in chart.tree.walk("crds"):
        if path.endswith((".yaml", ".yml", ".json")):
            for document in yamls.parse_all(chart.tree.read(path), file=path):
                if document.data:
                    yield document.data
