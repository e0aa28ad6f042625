"""An Application as the controller reads it: the vocabulary's own model, with Argo CD's defaults (section 1)."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.gitops.argocd import Application, Automated, Destination, SyncPolicy
from nixernetes.gitops.decoding import decoded_as
from nixernetes.objects.fields import at, items_at, mapping_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ReadApplication"]

_DEFAULT_HISTORY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadApplication:
    """The decoded spec.

    Attributes:
        key: who it is.
        project: its AppProject.
        destination: where it deploys to.
        sources: what it deploys; one, or several.
        multi: whether ``sources`` was given, so that revisions are lists.
        automated: the automated policy, or None.
        options: the sync options.
        namespace_metadata: ``managedNamespaceMetadata``, or None.
        ignore_differences: what a comparison leaves out.
        history_limit: how many deployments are remembered.

    """

    key: ObjectKey
    project: str
    destination: Destination
    sources: tuple[Json, ...]
    multi: bool
    automated: Automated | None
    options: tuple[str, ...]
    namespace_metadata: Json
    ignore_differences: tuple[Json, ...]
    history_limit: int

    @property
    def namespace(self) -> str:
        """The namespace of objects that name none, or ``""``."""
        return self.destination.namespace or ""

    @classmethod
    def decode(cls, manifest: Manifest) -> ReadApplication:
        """Read an Application; what is missing takes Argo CD's defaults.

        Raises:
            InputError: a field has a shape or a value that cannot be.

        """
        found = decoded_as(Application, manifest)
        spec = found.resource
        if spec is None:
            raise InputError(f"the spec cannot be read: {found.problem}", subject=str(key_of(manifest)))
        policy, limit = spec.sync_policy or SyncPolicy(), spec.revision_history_limit
        automated = policy.automated
        several, one = items_at(manifest, "spec", "sources"), mapping_at(manifest, "spec", "source")
        return cls(
            key=key_of(manifest),
            project=spec.project or "default",
            destination=spec.destination,
            sources=tuple(several or ([one] if one else [])),
            multi=bool(several),
            automated=None if automated is None or automated.enabled is False else automated,
            options=tuple(policy.sync_options or ()),
            namespace_metadata=at(manifest, "spec", "syncPolicy", "managedNamespaceMetadata"),
            ignore_differences=tuple(items_at(manifest, "spec", "ignoreDifferences")),
            history_limit=_DEFAULT_HISTORY if limit is None else limit,
        )
