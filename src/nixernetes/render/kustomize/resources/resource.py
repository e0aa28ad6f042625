"""A resource on its way through a build: its manifest, the names it had, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nixernetes.languages.kyaml.nodes import MISSING, is_null, replaced, text_map, text_of
from nixernetes.languages.kyaml.ties import Knot, followed, loosened
from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.provenance import Origin, Step
from nixernetes.objects.well_known import KUSTOMIZE_INTERNAL_PREFIX
from nixernetes.render.kustomize.resources.ids import Gvk, ResId, group_version
from nixernetes.render.kustomize.resources.openapi import OpenApi

__all__ = ["BUILD_ANNOTATIONS", "HELM_GENERATED", "BuildResource", "with_meta"]

MARK = f"{KUSTOMIZE_INTERNAL_PREFIX}noted"

HELM_GENERATED = f"{KUSTOMIZE_CONFIG}/helm-generated"

# Kustomize keeps its own notes in these annotations; here they live in the Resource, but a manifest that brings
# them along loses them, as it does there.
BUILD_ANNOTATIONS = (
    *(
        f"{KUSTOMIZE_INTERNAL_PREFIX}{name}"
        for name in (
            "previousKinds",
            "previousNames",
            "prefixes",
            "suffixes",
            "previousNamespaces",
            "allowNameChange",
            "allowKindChange",
            "refBy",
            "generatorBehavior",
            "needsHashSuffix",
            "path",
            "index",
            "seqindent",
            "id",
            "annotations-migration-resource-id",
        )
    ),
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
    HELM_GENERATED,
)


@dataclass(slots=True, kw_only=True, eq=False)
class BuildResource:
    """One resource. The manifest is never changed in place: a transformer puts another in its stead.

    Attributes:
        manifest: the manifest as it stands.
        schemas: the OpenAPI data of the build, which decides whether the kind is cluster-scoped.
        source: the file and line it began as, and the chain of what touched it.
        previous: the (namespace, name, kind) it had, oldest first.
        prefixes: the name prefixes it was given, innermost first.
        suffixes: the name suffixes it was given, innermost first.
        behavior: what a generator asked for: ``create``, ``merge``, ``replace`` or ``unspecified``.
        needs_hash: whether a hash of its content is appended to its name at the end.
        allow_name_change: whether this patch may rename its target.
        allow_kind_change: whether this patch may change the kind of its target.
        variables: the names of the ``vars`` that read from it.
        begun: its ``config.kubernetes.io/origin``, when build metadata is kept.
        transformations: its ``alpha.config.kubernetes.io/transformations``, when build metadata is kept.
        is_tied: whether texts of the manifest may be tied.

    """

    manifest: Manifest
    schemas: OpenApi
    source: Origin = field(default_factory=Origin)
    previous: list[tuple[str, str, str]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    suffixes: list[str] = field(default_factory=list)
    behavior: str = "unspecified"
    needs_hash: bool = False
    allow_name_change: bool = False
    allow_kind_change: bool = False
    variables: list[str] = field(default_factory=list)
    begun: Json = None
    transformations: list[Json] = field(default_factory=list)
    is_tied: bool = False

    @property
    def kind(self) -> str:
        """The kind, or ``""``."""
        return text_of(self.manifest.get("kind", MISSING))

    @property
    def gvk(self) -> Gvk:
        """The group, version and kind."""
        return Gvk(*group_version(self.manifest.get("apiVersion")), self.kind)

    @property
    def name(self) -> str:
        """``metadata.name``, or ``""``."""
        return self._meta_text("name")

    @property
    def namespace(self) -> str:
        """``metadata.namespace``, or ``""``."""
        return self._meta_text("namespace")

    @property
    def labels(self) -> dict[str, str]:
        """``metadata.labels`` as texts."""
        return text_map(self._meta().get("labels"))

    @property
    def annotations(self) -> dict[str, str]:
        """``metadata.annotations`` as texts."""
        return text_map(self._meta().get("annotations"))

    @property
    def current_id(self) -> ResId:
        """The identity it has now."""
        gvk = self.gvk
        return ResId(gvk, self.name, self.namespace, self.schemas.is_cluster_scoped(gvk))

    @property
    def previous_ids(self) -> list[ResId]:
        """The identities it had, oldest first."""
        group, version = group_version(self.manifest.get("apiVersion"))
        return [ResId(Gvk(group, version, kind), name, namespace) for namespace, name, kind in self.previous]

    @property
    def original_id(self) -> ResId:
        """The identity it began with."""
        ids = self.previous_ids
        return ids[0] if ids else self.current_id

    @property
    def ids(self) -> list[ResId]:
        """All its identities, oldest first, the present one last."""
        return [*self.previous_ids, self.current_id]

    def follow(self, manifest: Manifest, changes: Mapping[Knot, Json]) -> None:
        """Take a manifest; what was changed at one place of a knot changes at all of them."""
        self.manifest = followed(manifest, changes) if changes else manifest

    def loosen(self) -> None:
        """Let every text stand for itself."""
        if self.is_tied:
            self.manifest, self.is_tied = loosened(self.manifest), False

    def remember(self) -> None:
        """Keep the present identity as a previous one."""
        now = self.current_id
        self.previous.append((now.effective_namespace, now.name, now.gvk.kind))

    def rewrite_annotations(self) -> None:
        """Let the object's annotations stand for themselves: to note a transformation, Kustomize writes them anew."""
        annotations = self._meta().get("annotations") if self.is_tied else None
        if isinstance(annotations, dict):
            meta = {**self._meta(), "annotations": loosened(annotations)}
            self.manifest = {**self.manifest, "metadata": meta}

    def touched(self, by: Step) -> None:
        """Note in the chain of its origin what changed it (once in a row)."""
        chain = self.source.chain
        if not chain or chain[-1] != by:
            self.source = self.source.through(by)

    @property
    def marked(self) -> Manifest:
        """The manifest with ``MARK`` among its annotations, when Kustomize would keep notes there.

        Kustomize keeps its notes (former names, origins) in annotations, so that a patch that replaces the annotations
        loses them, and one that adds an annotation finds a place for it.
        """
        noted = self.previous or self.prefixes or self.suffixes or self.begun or self.transformations
        if not (noted or self.needs_hash or self.behavior != "unspecified"):
            return self.manifest
        annotations = self._meta().get("annotations")
        kept = annotations if isinstance(annotations, dict) else {}
        return with_meta(self.manifest, "annotations", {**kept, MARK: ""})

    def put(self, manifest: Manifest, *, keep_names: bool = False) -> None:
        """Take a patched manifest; where its mark is gone, the notes are too.

        Args:
            manifest: the patched manifest.
            keep_names: whether only the origins are lost, as by a JSON patch.

        """
        was_marked = self.marked is not self.manifest
        meta = manifest.get("metadata")
        annotations = meta.get("annotations") if isinstance(meta, dict) else None
        if isinstance(annotations, dict) and MARK in annotations:
            rest = {key: value for key, value in annotations.items() if key != MARK}
            manifest = with_meta(manifest, "annotations", rest or MISSING)
        elif was_marked:
            self.begun, self.transformations = None, []
            if not keep_names:
                self.previous, self.prefixes, self.suffixes = [], [], []
                self.needs_hash, self.behavior = False, "unspecified"
        self.manifest = manifest

    def copy(self) -> BuildResource:
        """Return a copy that can change on its own; the manifest is shared, being a value."""
        return BuildResource(
            manifest=self.manifest,
            schemas=self.schemas,
            source=self.source,
            previous=list(self.previous),
            prefixes=list(self.prefixes),
            suffixes=list(self.suffixes),
            behavior=self.behavior,
            needs_hash=self.needs_hash,
            allow_name_change=self.allow_name_change,
            allow_kind_change=self.allow_kind_change,
            variables=list(self.variables),
            begun=self.begun,
            transformations=list(self.transformations),
            is_tied=self.is_tied,
        )

    def _meta(self) -> dict[str, Json]:
        meta = self.manifest.get("metadata")
        return meta if isinstance(meta, dict) else {}

    def _meta_text(self, name: str) -> str:
        value = self._meta().get(name, MISSING)
        return "" if is_null(value) else text_of(value)


def with_meta(manifest: Manifest, name: str, value: Json) -> Manifest:
    """Return the manifest with one field of its metadata set, or gone when the value is ``MISSING``."""
    meta = manifest.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    if meta.get(name, MISSING) == value or (value is MISSING and name not in meta):
        return manifest
    return {**manifest, "metadata": replaced(meta, name, value)}
