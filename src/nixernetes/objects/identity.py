"""Who an object is: its group, kind, namespace and name. The version is not a part of the identity.

Whatever somebody wrote has an identity: a part that is no text is missing, as Kubernetes' own accessors of
unstructured objects have it.
"""

from __future__ import annotations

from typing import NamedTuple

from nixernetes.objects.manifest import Manifest

__all__ = ["GroupKind", "ObjectKey", "group_kind", "key_of", "split_api_version"]


class GroupKind(NamedTuple):
    """An API group (``""`` is the core group) and a kind."""

    group: str
    kind: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.group}" if self.group else self.kind


class ObjectKey(NamedTuple):
    """The identity of an object; ``namespace`` is ``""`` for cluster-scoped objects.

    ``str(key)`` is the one spelling in every message: ``Kind/namespace/name``, or ``Kind/name`` without namespace.
    """

    group: str
    kind: str
    namespace: str
    name: str

    @property
    def group_kind(self) -> GroupKind:
        """The group and kind of this key."""
        return GroupKind(self.group, self.kind)

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}" if self.namespace else f"{self.kind}/{self.name}"


def split_api_version(api_version: str) -> tuple[str, str]:
    """Split ``apps/v1`` into ``("apps", "v1")``, and ``v1`` into ``("", "v1")``."""
    group, _, version = api_version.rpartition("/")
    return group, version


def group_kind(manifest: Manifest) -> GroupKind:
    """Return the group and kind of a manifest (empty strings for what is missing)."""
    version, kind = manifest.get("apiVersion"), manifest.get("kind")
    group = version.rpartition("/")[0] if isinstance(version, str) else ""
    return GroupKind(group, kind if isinstance(kind, str) else "")


def key_of(manifest: Manifest) -> ObjectKey:
    """Return the identity of a manifest; missing parts are empty strings."""
    # Asked for each object at every turn: the same words as above, without a call.
    version, kind, meta = manifest.get("apiVersion"), manifest.get("kind"), manifest.get("metadata")
    group = version.rpartition("/")[0] if isinstance(version, str) else ""
    kind = kind if isinstance(kind, str) else ""
    if not isinstance(meta, dict):
        return ObjectKey(group, kind, "", "")
    namespace, name = meta.get("namespace"), meta.get("name")
    return ObjectKey(
        group, kind, namespace if isinstance(namespace, str) else "", name if isinstance(name, str) else ""
    )
