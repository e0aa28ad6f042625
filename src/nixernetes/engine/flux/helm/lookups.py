"""What a chart sees of its cluster when it looks something up (``lookup``)."""

from __future__ import annotations

from nixernetes.cluster.api import Reader
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.lookups import LookupQuestion

__all__ = ["found_in"]


def found_in(api: Reader, question: LookupQuestion) -> Json:
    """Return the object that a chart asks for, a list where it names none, an empty map where nothing is there."""
    group, _ = split_api_version(question.api_version)
    kind = GroupKind(group, question.kind)
    namespaced = api.is_namespaced(kind)
    if namespaced is None:
        return {}
    if question.name:
        namespace = question.namespace if namespaced else ""
        return api.get(ObjectKey(group, question.kind, namespace, question.name)) or {}
    items = api.list(kind, namespace=question.namespace or None if namespaced else None)
    return {
        "apiVersion": question.api_version,
        "kind": f"{question.kind}List",
        "metadata": {"resourceVersion": ""},
        "items": items,
    }
