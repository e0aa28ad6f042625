"""What is applied to start a cluster, put together: completed, in order, each identity once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from nixernetes.objects.api_groups import ARGOPROJ, FLUX_HELM, FLUX_KUSTOMIZE, FLUX_SOURCE
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.schema import known_kinds
from nixernetes.objects.scopes import is_cluster_scoped
from nixernetes.objects.well_known import ARGOCD_NAMESPACE
from nixernetes.render.estate.notes import Note, NoteKind
from nixernetes.render.rendered import Rendered

__all__ = ["in_order", "placed", "twice"]

_FLUX: Final = (FLUX_KUSTOMIZE, FLUX_HELM)
_FIRST: Final = ("Namespace", "CustomResourceDefinition")


def placed(items: Iterable[Rendered], namespace: str) -> list[Rendered]:
    """Return objects in the namespace that ``kubectl apply --namespace`` gives to those that name none.

    Those of Argo CD go to ``argocd``, as its documentation applies them.
    """
    builtin = {(group, kind) for group, _, kind in known_kinds()}
    return [_placed(item, namespace, builtin) for item in items]


def _placed(item: Rendered, namespace: str, builtin: set[tuple[str, str]]) -> Rendered:
    kind, manifest = group_kind(item.manifest), item.manifest
    is_known = kind in builtin or kind.group == ARGOPROJ or kind.group.endswith(".fluxcd.io")
    if key_of(manifest).namespace or not is_known or is_cluster_scoped(kind):
        return item
    meta = {**mapping_at(manifest, "metadata"), "namespace": ARGOCD_NAMESPACE if kind.group == ARGOPROJ else namespace}
    return Rendered(manifest={**manifest, "metadata": meta}, origin=item.origin)


def in_order(items: Iterable[Rendered]) -> list[Rendered]:
    """Put namespaces and definitions first, sources before what reads them, projects before Applications."""
    return sorted(items, key=lambda item: _rank(item.manifest))


def twice(items: Sequence[Rendered]) -> tuple[list[Rendered], list[Note]]:
    """Return the objects, each identity once, and what is wrong where two files declare one identity.

    One that is met twice at one place is one: folders may be read in two ways.
    """
    first: dict[ObjectKey, Rendered] = {}
    notes: list[Note] = []
    for item in items:
        known = first.setdefault(key_of(item.manifest), item)
        if known is item or known.origin == item.origin:
            continue
        fact = (
            f"{key_of(item.manifest)} is also declared in {str(known.origin) or 'another place'}, for the same cluster"
        )
        remedy = "delete one, or name the folder of each cluster with --cluster NAME=FOLDER"
        notes.append(Note(kind=NoteKind.BROKEN, message=f"{fact}: {remedy}", place=str(item.origin)))
    return list(first.values()), notes


def _rank(manifest: Manifest) -> int:
    group, kind = group_kind(manifest)
    if kind in _FIRST:
        return _FIRST.index(kind)
    if group == FLUX_SOURCE:
        return 3
    if group == ARGOPROJ:
        return 6 if kind != "AppProject" else 4
    return 5 if group in _FLUX else 2
