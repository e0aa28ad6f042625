"""An Application's spec, decoded once: what to deploy, where to, and how (section 1)."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.engine.argocd.retries import Retry
from nixernetes.errors import InputError
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.declared_shapes import form_problem

__all__ = ["Application", "Automated", "Destination"]

_DEFAULT_HISTORY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where to: a server URL or a cluster name, and the namespace of objects that name none."""

    server: str = ""
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Automated:
    """The automated sync policy."""

    prune: bool = False
    self_heal: bool = False
    allow_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The decoded spec.

    Attributes:
        key: who it is.
        project: its AppProject.
        destination: where it deploys to.
        sources: what it deploys; one, or several.
        multi: whether ``sources`` was given, so that revisions are lists.
        automated: the automated policy, or None.
        options: the sync options.
        retry: the retry strategy, or None when none is given.
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
    retry: Retry | None
    namespace_metadata: Json
    ignore_differences: tuple[Json, ...]
    history_limit: int

    @classmethod
    def decode(cls, manifest: Manifest) -> Application:
        """Read an Application; what is missing takes Argo CD's defaults.

        Raises:
            InputError: a field has a shape or a value that cannot be.

        """
        wrong = form_problem(manifest)
        if wrong:
            raise InputError(f"the spec cannot be read: {wrong}", subject=str(key_of(manifest)))
        try:
            return cls._decode(manifest)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"the spec cannot be read: {error}", subject=str(key_of(manifest))) from error

    @classmethod
    def _decode(cls, manifest: Manifest) -> Application:
        spec = manifest.get("spec") or {}
        policy = spec.get("syncPolicy") or {}
        destination = spec.get("destination") or {}
        sources = spec.get("sources") or ([spec["source"]] if spec.get("source") else [])
        if not all(isinstance(source, dict) for source in sources):
            raise TypeError("source and sources hold objects")
        limit = spec.get("revisionHistoryLimit")
        return cls(
            key=key_of(manifest),
            project=spec.get("project") or "default",
            destination=Destination(
                server=(destination.get("server") or "").rstrip("/"),
                name=destination.get("name") or "",
                namespace=destination.get("namespace") or "",
            ),
            sources=tuple(sources),
            multi=bool(spec.get("sources")),
            automated=_automated(policy.get("automated")),
            options=tuple(policy.get("syncOptions") or ()),
            retry=Retry.decode(policy["retry"]) if policy.get("retry") else None,
            namespace_metadata=policy.get("managedNamespaceMetadata"),
            ignore_differences=tuple(spec.get("ignoreDifferences") or ()),
            history_limit=_DEFAULT_HISTORY if limit is None else int(limit),
        )


def _automated(block: Json) -> Automated | None:
    if block is None or block.get("enabled") is False:
        return None
    return Automated(
        prune=bool(block.get("prune")),
        self_heal=bool(block.get("selfHeal")),
        allow_empty=bool(block.get("allowEmpty")),
    )
