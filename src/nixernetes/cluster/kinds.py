"""Which kinds a cluster serves: built-in ones, registered ones, those of CustomResourceDefinitions."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.cluster.fitting import Fitting
from nixernetes.cluster.provided.naming import KindNames, is_established
from nixernetes.cluster.strays import missing_in, unknown_fields
from nixernetes.cluster.typed import Typed
from nixernetes.languages.structured_merge import Schema
from nixernetes.objects import schema as types
from nixernetes.objects.api_groups import (
    ADMISSIONREGISTRATION,
    APIEXTENSIONS,
    DISCOVERY,
    FLOWCONTROL,
    NETWORKING,
    RESOURCE,
    SCHEDULING,
)
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.scopes import CLUSTER_SCOPED
from nixernetes.schemas import Schemas, versions

__all__ = ["Kinds", "defined_kind"]

# Kinds without a status subresource: their status is written with everything else (argoproj.io/v1alpha1 Application).
_STATUS_WITH_THE_REST = frozenset((APPLICATION,))

# Built-in kinds that count generations (their strategies in kubernetes/pkg/registry, 1.34); all others never do.
_COUNTED = frozenset(
    GroupKind(group, kind)
    for group, kinds in {
        "": "Pod PodTemplate ReplicationController",
        ADMISSIONREGISTRATION: "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration "
        "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
        APIEXTENSIONS: "CustomResourceDefinition",
        "apps": "DaemonSet Deployment ReplicaSet StatefulSet",
        "batch": "CronJob Job",
        DISCOVERY: "EndpointSlice",
        FLOWCONTROL: "FlowSchema PriorityLevelConfiguration",
        NETWORKING: "Ingress IngressClass NetworkPolicy",
        "policy": "PodDisruptionBudget",
        RESOURCE: "DeviceClass ResourceSlice",
        SCHEDULING: "PriorityClass",
    }.items()
    for kind in kinds.split()
)


@dataclass(frozen=True, slots=True)
class _CustomRoot:
    """The root of a custom kind: its metadata is Kubernetes' own, the rest what its CRD says."""

    crd: types.Field | None
    list_type: str = ""
    list_map_keys: tuple[str, ...] = ()
    atomic_map: bool = False
    json_type: str = "o"
    type_name: str = ""

    @property
    def is_closed(self) -> bool:
        return self.crd is not None and self.crd.is_closed

    def names(self) -> list[str]:
        return sorted({"metadata", *(self.crd.names() if self.crd is not None else ())})

    def declares(self, name: str) -> bool:
        return name in ("apiVersion", "kind", "metadata") or (self.crd is not None and self.crd.declares(name))

    def field(self, name: str) -> types.Field | None:
        if name == "metadata":
            return types.metadata_alone().field("metadata")
        return self.crd.field(name) if self.crd is not None else None

    def items(self) -> types.Field | None:
        return None


def defined_kind(crd: Manifest) -> GroupKind:
    """Return the kind that a CustomResourceDefinition defines."""
    return GroupKind(text_at(crd, "spec", "group"), text_at(crd, "spec", "names", "kind"))


_REMEMBERED = 1000  # kinds that objects say they are of; more of them are looked up anew


class Kinds:
    """The kinds of one cluster, and what they look like.

    Args:
        kube_version: its Kubernetes version; ``""`` is the newest that is known.

    """

    def __init__(self, kube_version: str = "") -> None:
        self._definitions: dict[GroupKind, Manifest] = {}
        self._names = KindNames()
        self.schemas = Schemas(kube_version, self._definitions)
        self._fitting = Fitting(self.schemas.minor)
        self._typed: dict[tuple[str, str], Typed] = {}
        self._versions: dict[tuple[str, str], bool] = {}
        builtin = {GroupKind(group, kind) for group, _, kind in types.known_kinds()}
        self._scope: dict[GroupKind, bool] = {kind: kind not in CLUSTER_SCOPED for kind in builtin | CLUSTER_SCOPED}
        self._builtin = frozenset(self._scope)
        self._roots: dict[tuple[str, str], Schema | None] = {}
        self._custom: dict[tuple[str, str], types.Field] = {}
        self._whole: set[GroupKind] = set()  # custom kinds whose status is no part of its own

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a kind is namespaced; None when it is not served."""
        return self._scope.get(kind)

    def served(self) -> list[GroupKind]:
        """Return all kinds, sorted."""
        return sorted(self._scope)

    def serve(self, kind: GroupKind, namespaced: bool) -> None:
        """Serve one more kind, of which nothing is known."""
        self._forget(kind)
        self._definitions.pop(kind, None)
        self._scope[kind] = namespaced

    def schema(self, api_version: str, kind: str) -> Schema | None:
        """Return the merge schema of a kind."""
        found = self._roots.get((api_version, kind))
        if found is None:
            found = types.of(api_version, kind) or _CustomRoot(self._custom.get((api_version, kind)))
            self._roots[(api_version, kind)] = found
        return found

    def typed(self, manifest: Manifest) -> Typed:
        """Return the type of the kind of an object."""
        named = (manifest["apiVersion"], manifest["kind"])
        found = self._typed.get(named)
        if found is None:
            root = types.of(*named) or _CustomRoot(self._custom.get(named))
            found = self._typed[named] = Typed(root, self._fitting.of(root), self.schemas.minor)
        return found

    def unknown_fields(self, manifest: Manifest) -> tuple[str, ...]:
        """Return the paths of the fields that the kind of an object has not: a custom kind's sorted."""
        root = types.of(manifest["apiVersion"], manifest["kind"])
        if root is None:
            described = {"metadata": manifest.get("metadata", {})}
            in_metadata = unknown_fields(types.metadata_alone(), described, self.schemas.minor)
            return (*in_metadata, *sorted(missing_in(self.schemas.pruned(manifest), manifest)))
        return tuple(unknown_fields(root, manifest, self.schemas.minor))

    def is_builtin(self, kind: GroupKind) -> bool:
        """Tell whether a kind is one of Kubernetes's own, not of a CustomResourceDefinition."""
        return kind in self._builtin

    def is_served(self, manifest: Manifest) -> bool:
        """Tell whether the kind of an object is served in the version that it has."""
        named = (text_at(manifest, "apiVersion"), text_at(manifest, "kind"))
        found = self._versions.get(named)
        if found is None:
            found = self._serves(manifest)
            if len(self._versions) < _REMEMBERED:
                self._versions[named] = found
        return found

    def _serves(self, manifest: Manifest) -> bool:
        group, version = split_api_version(text_at(manifest, "apiVersion"))
        kind = GroupKind(group, text_at(manifest, "kind"))
        if kind not in self._scope or not version:
            return False
        if kind in self._builtin:
            is_known = versions.kind_span(group, version, kind.kind) is not None or kind in CLUSTER_SCOPED
            return is_known and self.schemas.removed(manifest) is None
        return self.schemas.unserved(manifest) is None

    def writes_status(self, kind: GroupKind) -> bool:
        """Tell whether an ordinary write of this kind also writes its status."""
        return kind in _STATUS_WITH_THE_REST or kind in self._whole

    def skipped(self, kind: GroupKind, subresource: str) -> tuple[str, ...]:
        """Return the fields of an object that a write of it, or of a part of it, leaves alone."""
        if subresource:
            return ("spec",) if subresource == "status" else ()
        return () if self.writes_status(kind) else ("status",)

    def has_generation(self, manifest: Manifest) -> bool:
        """Tell whether objects like this one count generations: some built-in kinds, and all custom ones."""
        group, _ = split_api_version(manifest["apiVersion"])
        kind = GroupKind(group, manifest["kind"])
        return kind in _COUNTED or kind not in self._builtin

    def define(self, crd: Manifest, now: str) -> Manifest:
        """Serve what a CustomResourceDefinition defines, if its names are free; return it with the status that says so.

        One of a built-in kind changes nothing: the API server asks its own handlers first
        (kubernetes/pkg/controlplane/apiserver, where apiextensions comes after them).
        """
        kind, served = defined_kind(crd), objects_at(crd, "spec", "versions")
        named = {**crd, "status": {**mapping_at(crd, "status"), **self._names.claim(crd, now)}}
        if kind not in self._builtin and is_established(named):
            self._definitions[kind] = crd
            parts = [mapping_at(each, "subresources") for each in served]
            (self._whole.discard if any("status" in each for each in parts) else self._whole.add)(kind)
            self._serve_custom(kind, served, is_namespaced=text_at(crd, "spec", "scope") != "Cluster")
        stored = [*items_at(crd, "status", "storedVersions")]
        stored += [text_at(each, "name") for each in served if flag_at(each, "storage")]
        return {**named, "status": {**named["status"], "storedVersions": [*dict.fromkeys(stored)]}}

    def _serve_custom(self, kind: GroupKind, served: list[Manifest], *, is_namespaced: bool) -> None:
        self._forget(kind)
        self._scope[kind] = is_namespaced
        for version in served:
            api_version = f"{kind.group}/{text_at(version, 'name')}"
            found = mapping_at(version, "schema", "openAPIV3Schema")
            if found:
                self._custom[(api_version, kind.kind)] = types.from_open_api(found)

    def withdraw(self, crd: Manifest) -> None:
        """Serve a custom kind no longer."""
        kind = defined_kind(crd)
        self._names.release(crd)
        if kind in self._builtin or not is_established(crd):
            return
        self._scope.pop(kind, None)
        self._definitions.pop(kind, None)
        self._whole.discard(kind)
        self._forget(kind)

    def _forget(self, kind: GroupKind) -> None:
        for known in (self._custom, self._roots, self._typed, self._versions):
            for api_version, name in [*known]:
                if (split_api_version(api_version)[0], name) == kind:
                    del known[(api_version, name)]
