"""The controllers of namespaces: what each is given, and how one that goes is emptied.

After Kubernetes 1.34.4: ``pkg/controller/serviceaccount/serviceaccounts_controller.go``,
``pkg/controller/certificates/rootcacertpublisher`` and ``pkg/controller/namespace/deletion``.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from nixernetes.cluster.api import ApiError, Event, EventType, Propagation
from nixernetes.cluster.controllers.parts import MANAGER, ControlledCluster, Worker
from nixernetes.cluster.deletion.dependents import finalizers_of
from nixernetes.cluster.validation import resource_name
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind
from nixernetes.objects.kinds import CONFIG_MAP, NAMESPACE, SERVICE_ACCOUNT
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["NamespaceController"]

_ROOTS: Final = "kube-root-ca.crt"
_TOLD: Final = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the "
    "internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes "
    "clusters."
)
_GIVEN: Final = ((SERVICE_ACCOUNT, "default"), (CONFIG_MAP, _ROOTS))
_FINE: Final = (
    ("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
    (
        "NamespaceDeletionGroupVersionParsingFailure",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    (
        "NamespaceDeletionContentFailure",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    ("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
    ("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
)


class NamespaceController(Worker):
    """Fills new namespaces, and empties those that go.

    Args:
        cluster: the cluster.
        certificate: that of the authority that signs for the API server, as PEM.

    """

    def __init__(self, cluster: ControlledCluster, certificate: str) -> None:
        super().__init__(cluster)
        self._certificate = certificate
        self._going: set[str] = set()

    def note(self, event: Event, key: ObjectKey) -> None:
        """Look at namespaces that changed, that lost what they are given, or of which something went."""
        kind = key.group_kind
        if kind == NAMESPACE:
            if event.type is EventType.DELETED:
                self._going.discard(key.name)
            else:
                self.ask(key)
        elif (
            key.namespace in self._going
            or (kind == SERVICE_ACCOUNT and key.name == "default")
            or (kind == CONFIG_MAP and key.name == _ROOTS)
        ):
            self.ask(ObjectKey(*NAMESPACE, "", key.namespace))

    def handle(self, key: ObjectKey) -> None:
        """Fill or empty one namespace."""
        live = self._cluster.get(key)
        if live is None:
            return
        if text_at(live, "metadata", "deletionTimestamp"):
            self._going.add(key.name)
            self._empty(key, live)
        else:
            self._fill(key.name)

    def _fill(self, name: str) -> None:
        if self._cluster.get(ObjectKey(*SERVICE_ACCOUNT, name, "default")) is None:
            account = {"name": "default", "namespace": name}
            self._create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
        data = {"ca.crt": self._certificate}
        found = self._cluster.get(ObjectKey(*CONFIG_MAP, name, _ROOTS))
        if found is None:
            meta: Json = {"name": _ROOTS, "namespace": name, "annotations": {"kubernetes.io/description": _TOLD}}
            self._create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data})
        elif mapping_at(found, "data") != data and not text_at(found, "metadata", "deletionTimestamp"):
            self._cluster.update({**found, "data": data}, manager=MANAGER)

    def _create(self, manifest: Manifest) -> None:
        try:
            self._cluster.create(manifest, manager=MANAGER)
        except ApiError as error:
            if error.reason not in ("AlreadyExists", "NotFound", "Forbidden"):  # the namespace went meanwhile
                raise

    def _empty(self, key: ObjectKey, live: Manifest) -> None:
        for each in self._cluster.in_namespace(key.name):
            found = self._cluster.get(each)
            if found is not None and not text_at(found, "metadata", "deletionTimestamp"):
                self._cluster.delete(each, propagation=Propagation.BACKGROUND)
        rest = [found for each in self._cluster.in_namespace(key.name) if (found := self._cluster.get(each))]
        live = self._cluster.get(key) or live
        if rest:
            self._tell(live, rest)
            return
        spec = {name: value for name, value in mapping_at(live, "spec").items() if name != "finalizers"}
        self._cluster.replace(key, {**live, "spec": spec})

    def _tell(self, live: Manifest, rest: list[Manifest]) -> None:
        kinds = Counter(_resource(each) for each in rest)
        finalizers = Counter(name for each in rest for name in finalizers_of(each))
        remaining = ", ".join(sorted(f"{name} has {count} resource instances" for name, count in kinds.items()))
        held = ", ".join(sorted(f"{name} in {count} resource instances" for name, count in finalizers.items()))
        told = {"NamespaceContentRemaining": ("SomeResourcesRemain", f"Some resources are remaining: {remaining}")}
        if held:
            why = f"Some content in the namespace has finalizers remaining: {held}"
            told["NamespaceFinalizersRemaining"] = ("SomeFinalizersRemain", why)
        before = {one["type"]: one for one in objects_at(live, "status", "conditions")}
        conditions = [self._condition(row, told.get(row[0]), before.get(row[0], {})) for row in _FINE]
        if conditions != [*before.values()]:
            self._cluster.put_status(live, {**mapping_at(live, "status"), "conditions": conditions}, {})

    def _condition(self, fine: tuple[str, str, str], told: tuple[str, str] | None, before: Json) -> Json:
        name, reason, message = fine
        status = "False" if told is None else "True"
        reason, message = told or (reason, message)
        since = text_at(before, "lastTransitionTime") if text_at(before, "status") == status else self._cluster.now()
        new = {"type": name, "status": status, "lastTransitionTime": since}
        return {**new, "reason": reason, "message": message}


def _resource(manifest: Manifest) -> str:
    """Return a resource as the namespace controller writes it: with a dot, also where there is no group."""
    kind = group_kind(manifest)
    return resource_name(kind) + ("" if kind.group else ".")
