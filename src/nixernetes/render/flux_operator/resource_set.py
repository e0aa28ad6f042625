"""A ResourceSet's objects: each entry of ``spec.resources``, then ``spec.resourcesTemplate``, for each input.

Templates are Go's with the delimiters ``<<`` and ``>>``, filled in as YAML text, so values keep their types and keys
may be templates; a missing key is an error. Of equal objects the first is kept. An object with the annotation
``fluxcd.controlplane.io/reconcile: disabled`` is left out; one without a namespace goes to that of the ResourceSet.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import gotemplates
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import FLUX_OPERATOR
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Step, StepKind
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.render.flux_operator.inputs import Inputs, inputs_of
from nixernetes.render.notes import PreviewNote
from nixernetes.render.outside import Surroundings

__all__ = ["Made", "resource_set_objects"]

_DELIMITERS: Final = ("<<", ">>")
_COPIED: Final = ("ConfigMap", "Secret")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An object of a ResourceSet.

    Attributes:
        manifest: the object.
        source: the inputs that it is made with, or ``""``.

    """

    manifest: Manifest
    source: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """What made it, as steps of its origin."""
        return (Step(StepKind.INPUT, field=self.source),) if self.source else ()


def resource_set_objects(resource_set: Manifest, declared: Surroundings) -> list[Made]:
    """Return what a ResourceSet applies, in the order in which it is written.

    Args:
        resource_set: the ResourceSet.
        declared: the objects around: input providers, and what ``copyFrom`` names.

    Raises:
        InputError: inputs cannot be known, a template fails, or what it gives is not an object.

    """
    owner, spec = key_of(resource_set), mapping_at(resource_set, "spec")
    templates = [
        (name, gotemplates.parse(text, _DELIMITERS))
        for name, text in (
            *((f"spec.resources[{at}]", yamls.dump(each)) for at, each in enumerate(items_at(spec, "resources"))),
            ("spec.resourcesTemplate", text_at(spec, "resourcesTemplate")),
        )
    ]
    allowance = gotemplates.TemplateAllowance()
    found: dict[ObjectKey, Made] = {}
    for inputs in inputs_of(resource_set, declared):
        for name, nodes in templates:
            for manifest in _made(name, nodes, inputs, allowance):
                if _annotations(manifest).get(f"{FLUX_OPERATOR}/reconcile") == "disabled":
                    continue
                placed = _placed(manifest, owner.namespace, mapping_at(spec, "commonMetadata"))
                if key_of(placed) not in found:
                    copied = _copied(placed, owner, declared)
                    found[key_of(placed)] = Made(manifest=copied, source=inputs.source)
    return list(found.values())


def _made(
    name: str, nodes: Sequence[gotemplates.Node], inputs: Inputs, allowance: gotemplates.TemplateAllowance
) -> Iterator[Manifest]:
    place = f"{name} with {inputs.source}" if inputs.source else name
    try:
        text = gotemplates.carry_out(
            nodes, {}, functions={"inputs": lambda: inputs.values}, missing_is_error=True, allowance=allowance
        )
        documents = yamls.parse_all(text)
    except InputError as error:
        raise InputError(f"{place}: {error.message}") from error
    for document in documents:
        if document.data is not None:
            yield _object(document.data, place)


def _object(data: Json, place: str) -> Manifest:
    meta = data.get("metadata") if isinstance(data, dict) else None
    if not isinstance(meta, dict) or not all(
        isinstance(text, str) and text for text in (data.get("apiVersion"), data.get("kind"), meta.get("name"))
    ):
        raise InputError(f"{place} does not give an object with apiVersion, kind and metadata.name")
    for field in ("labels", "annotations"):
        if not isinstance(meta.get(field) or {}, dict):
            raise InputError(f"{place} gives an object whose metadata.{field} is not an object")
    return dict(data)


def _annotations(manifest: Manifest) -> Mapping[str, Json]:
    return mapping_at(manifest["metadata"], "annotations")


def _placed(manifest: Manifest, namespace: str, common: Json) -> Manifest:
    """Return an object with its namespace and the metadata that all have."""
    meta = dict(manifest["metadata"])
    if not meta.get("namespace") and not is_cluster_scoped(group_kind(manifest)):
        meta["namespace"] = namespace or "default"
    for field in ("labels", "annotations"):
        if common.get(field):
            meta[field] = {**(meta.get(field) or {}), **common[field]}
    return {**manifest, "metadata": meta}


def _copied(manifest: Manifest, owner: ObjectKey, declared: Surroundings) -> Manifest:
    """Return a ConfigMap or Secret with the data of the one that its annotation ``copyFrom`` names."""
    wanted = _annotations(manifest).get(f"{FLUX_OPERATOR}/copyFrom")
    if not wanted or manifest["kind"] not in _COPIED:
        return manifest
    namespace, _, name = str(wanted).partition("/")
    at = ObjectKey("", manifest["kind"], namespace, name)
    note = f"{key_of(manifest)} has no data: copyFrom names {at}, which"
    if declared.is_opened(at) or declared.given.is_opened(at):
        # What SOPS had encrypted stays where it is: a copy would be kept and shown as if it were open.
        declared.noted(PreviewNote(subject=str(owner), text=f"{note} SOPS encrypted"))
        return manifest
    data = declared.lookup(at.kind, namespace, name)
    if data is None:
        declared.noted(PreviewNote(subject=str(owner), text=f"{note} is declared nowhere: give it with --values FILE"))
        return manifest
    if at.kind == "Secret":
        data = {key: base64.b64encode(text.encode()).decode() for key, text in data.items()}
    return {**manifest, "data": dict(data)}
