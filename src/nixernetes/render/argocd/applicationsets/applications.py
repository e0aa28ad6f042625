"""An ApplicationSet gives Applications: parameters from its generators, filled into its template (section 14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.api_groups import ARGOPROJ_V1ALPHA1
from nixernetes.objects.fields import at, items_at, mapping_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_RESOURCES_FINALIZER
from nixernetes.render.argocd.applicationsets.clusters import TargetCluster
from nixernetes.render.argocd.applicationsets.generators import GeneratorInputs, Parameters, generate
from nixernetes.render.argocd.applicationsets.templates import Templating
from nixernetes.render.tree import Tree

__all__ = ["VALIDATION", "GenerationError", "duplicates", "expand"]

_PARAMETERS = "ApplicationGenerationFromParamsError"
_TEMPLATE = "RenderTemplateParamsError"
VALIDATION = "ApplicationValidationError"


class GenerationError(InputError):
    """An ApplicationSet that generates nothing.

    Args:
        message: why.
        reason: the reason of the condition ErrorOccurred.

    """

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


def expand(
    application_set: Manifest, *, clusters: Callable[[], Sequence[TargetCluster]], tree: Callable[[str, str], Tree]
) -> list[Manifest]:
    """Return the Applications of an ApplicationSet, in the order of its generators, without owner references.

    Args:
        application_set: the object.
        clusters: gives the clusters that Argo CD knows; asked only by an ApplicationSet that reads them.
        tree: gives the files of a repository (arguments: URL, revision).

    Raises:
        GenerationError: a generator or a template fails, or an Application has no name.

    """
    try:
        return _expanded(application_set, clusters, tree)
    except (AttributeError, KeyError, TypeError) as broken:
        raise GenerationError(f"the spec cannot be read: {broken}", reason=_PARAMETERS) from broken


def _expanded(
    application_set: Manifest, clusters: Callable[[], Sequence[TargetCluster]], tree: Callable[[str, str], Tree]
) -> list[Manifest]:
    spec = mapping_at(application_set, "spec")
    try:
        templating = Templating.decode(spec)
        around = GeneratorInputs(clusters=clusters, tree=tree, templating=templating)
        parameters = generate(items_at(spec, "generators"), around)
    except (NixernetesError, ValueError) as error:
        raise GenerationError(_message(error), reason=_PARAMETERS) from error
    try:
        applications = [_application(application_set, spec, item, templating) for item in parameters]
    except (NixernetesError, ValueError) as error:
        raise GenerationError(_message(error), reason=_TEMPLATE) from error
    if not all(application["metadata"]["name"] for application in applications):
        raise GenerationError("an Application has no name", reason=VALIDATION)
    return applications


def duplicates(application_set: Manifest, applications: Sequence[Manifest]) -> dict[str, str]:
    """Return the names that several Applications of an ApplicationSet have, with what Argo CD says of each."""
    counts = Counter(str(application["metadata"]["name"]) for application in applications)
    own = at(application_set, "metadata", "name")
    text = f"ApplicationSet {own} contains applications with duplicate name"
    return {name: f"{text}: {name}" for name, count in counts.items() if count > 1}


def _message(error: Exception) -> str:
    return error.message if isinstance(error, NixernetesError) else str(error)


def _application(application_set: Manifest, spec: Json, item: Parameters, templating: Templating) -> Manifest:
    template = _overlaid(mapping_at(spec, "template"), item.template or {})
    filled = templating.fill({key: template.get(key) or {} for key in ("metadata", "spec")}, item.values)
    keep = at(spec, "syncPolicy", "preserveResourcesOnDeletion")
    if not keep and not filled["metadata"].get("finalizers"):
        filled["metadata"] = {
            **filled["metadata"],
            "finalizers": [ARGOCD_RESOURCES_FINALIZER],
        }  # a patch sees it already
    if spec.get("templatePatch"):
        filled = templating.patch(filled, spec["templatePatch"], item.values)
    meta = {key: value for key, value in filled["metadata"].items() if value and key != "namespace"}
    namespace = at(application_set, "metadata", "namespace")
    if namespace:
        meta["namespace"] = namespace
    meta.setdefault("name", "")
    if not isinstance(filled["spec"], dict):
        raise InputError("the template gives no spec")
    return {"apiVersion": ARGOPROJ_V1ALPHA1, "kind": "Application", "metadata": meta, "spec": filled["spec"]}


def _overlaid(base: Json, over: Json) -> Json:
    """Return the template with a generator's own template over it; empty fields of the latter say nothing."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return base if over in (None, "", [], {}) else over
    return {**base, **{key: _overlaid(base.get(key), value) for key, value in over.items()}}
