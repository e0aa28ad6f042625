"""What is made on a cluster by what is declared: Secrets of operators, claims of StatefulSets, copies of reflectors.

A row names the kind that makes, what it makes, and where its name stands. Which keys it will have is known for few.
Where the permissions of a ServiceAccount of the namespace allow it to create a kind, or a custom resource of an
operator has a name that the asked one begins with, nobody knows: that is not verified rather than missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from nixernetes.objects.api_groups import (
    ARGOPROJ,
    KYVERNO,
    RBAC,
    TRUST_MANAGER,
)
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import (
    ALERTMANAGER,
    CERTIFICATE,
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    EXTERNAL_SECRET,
    GATEWAY,
    INGRESS,
    PERSISTENT_VOLUME_CLAIM,
    PROMETHEUS,
    ROLE,
    ROLE_BINDING,
    SECRET,
    SECRET_PROVIDER_CLASS,
    SERVICE,
    STATEFUL_SET,
)
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.pods.selection import may_run_pods
from nixernetes.verify.references.databases import (
    KAFKA,
    KAFKA_USER,
    OBJECT_BUCKET_CLAIM,
    POSTGRES_CLUSTER,
    RABBITMQ_CLUSTER,
)
from nixernetes.verify.references.graph import data_keys, walked

__all__ = ["MadeObjects", "made_in"]

_ANYWHERE: Final = "*"
_TLS: Final = frozenset({"tls.crt", "tls.key", "ca.crt"})
# kind -> (what it makes, where the name stands; ``=`` the own name, with a text behind it)
_NAMED: Final[dict[GroupKind, tuple[tuple[GroupKind, str], ...]]] = {
    GroupKind("bitnami.com", "SealedSecret"): ((SECRET, "spec.template.metadata.name|="),),
    EXTERNAL_SECRET: ((SECRET, "spec.target.name|="),),
    CERTIFICATE: ((SECRET, "spec.secretName"),),
    GroupKind("secrets.hashicorp.com", "VaultStaticSecret"): ((SECRET, "spec.destination.name"),),
    GroupKind("secrets.hashicorp.com", "VaultDynamicSecret"): ((SECRET, "spec.destination.name"),),
    GroupKind("secrets.hashicorp.com", "VaultPKISecret"): ((SECRET, "spec.destination.name"),),
    GroupKind("secrets.infisical.com", "InfisicalSecret"): ((SECRET, "spec.managedSecretReference.secretName"),),
    GroupKind("onepassword.com", "OnePasswordItem"): ((SECRET, "="),),
    GroupKind("secrets.doppler.com", "DopplerSecret"): ((SECRET, "spec.managedSecret.name"),),
    GroupKind("k8s.bitwarden.com", "BitwardenSecret"): ((SECRET, "spec.secretName"),),
    GroupKind("isindir.github.com", "SopsSecret"): ((SECRET, "spec.secretTemplates.[].name"),),
    SECRET_PROVIDER_CLASS: ((SECRET, "spec.secretObjects.[].secretName"),),
    POSTGRES_CLUSTER: (
        *((SECRET, f"={part}") for part in ("-app", "-superuser", "-ca", "-server", "-replication")),
        *((SERVICE, f"={part}") for part in ("-rw", "-ro", "-r")),
    ),
    KAFKA_USER: ((SECRET, "="),),
    KAFKA: (
        (SECRET, "=-cluster-ca-cert"),
        (SERVICE, "=-kafka-bootstrap"),
        (SERVICE, "=-kafka-brokers"),
    ),
    RABBITMQ_CLUSTER: ((SECRET, "=-default-user"), (SERVICE, "="), (SERVICE, "=-nodes")),
    OBJECT_BUCKET_CLAIM: ((SECRET, "="), (CONFIG_MAP, "=")),
    GroupKind(TRUST_MANAGER, "Bundle"): ((CONFIG_MAP, "="), (SECRET, "=")),
    PROMETHEUS: ((SERVICE, "prometheus-operated"),),
    ALERTMANAGER: ((SERVICE, "alertmanager-operated"),),
}
_CREDENTIALS: Final = "spec.writeConnectionSecretToRef"  # of Crossplane, whatever the kind
_COPIES: Final = (
    "reflector.v1.k8s.emberstack.com/reflection-auto-enabled",
    "replicator.v1.mittwald.de/replicate-to",
    "replicator.v1.mittwald.de/replicate-to-matching",
    "kubed.appscode.com/sync",
    "mittwald.de/replicate",
)
_ALL: Final = "*"
_BUILT_IN: Final = ("apps", "batch", "autoscaling", "policy", "extensions")


@dataclass(slots=True)
class MadeObjects:
    """What the objects of a cluster make.

    Args:
        cluster: the cluster.

    """

    cluster: ClusterObjects
    _made: dict[ObjectKey, frozenset[str] | None] = field(default_factory=dict)
    _by: dict[ObjectKey, list[Placed]] = field(default_factory=dict)
    _makers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _creating: dict[GroupKind, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for given in self.cluster.given:
            key = key_of(given)
            self._made[key if key.namespace else key._replace(namespace=_ANYWHERE)] = data_keys(given)
        for item in self.cluster.placed:
            for key, keys in _made_by(item):
                self._made.setdefault(key, keys)
                self._by.setdefault(key, []).append(item)
            kind = item.key.group_kind
            if may_run_pods(kind) and kind.group != ARGOPROJ and kind not in _NAMED:
                self._makers.setdefault(item.namespace, []).append((item.key.name, item.key.kind))
        self._creating = {kind: self._namespaces_creating(kind) for kind in (SECRET, CONFIG_MAP)}

    def keys(self, key: ObjectKey) -> frozenset[str] | None:
        """Return the keys of the data of something that is made; None where nobody knows them."""
        return self._made.get(key, self._made.get(key._replace(namespace=_ANYWHERE)))

    def has(self, key: ObjectKey) -> bool:
        """Tell whether something is made."""
        return key in self._made or key._replace(namespace=_ANYWHERE) in self._made

    def makers(self, key: ObjectKey) -> list[Placed]:
        """Return the objects of which something is made."""
        return self._by.get(key) or self._by.get(key._replace(namespace=_ANYWHERE)) or []

    def may_have(self, key: ObjectKey) -> bool:
        """Tell whether something may be made that cannot be known here."""
        if key.namespace in self._creating.get(key.group_kind, ()) or _ALL in self._creating.get(key.group_kind, ()):
            return True
        if key.group:
            return False  # operators make Secrets, Services and the like, not objects of other operators
        return any(key.name.startswith(name) for name, _ in self._makers.get(key.namespace, ()))

    def _namespaces_creating(self, kind: GroupKind) -> frozenset[str]:
        """Return the namespaces whose own ServiceAccounts may create objects of a kind there."""
        roles = {item.key for item in self.cluster.of(ROLE, CLUSTER_ROLE) if _creates(item.manifest, kind)}
        found: set[str] = set()
        for item in self.cluster.of(ROLE_BINDING, CLUSTER_ROLE_BINDING):
            role = mapping_at(item.manifest, "roleRef")
            namespace = item.namespace if text_at(role, "kind") == "Role" else ""
            if ObjectKey(RBAC, text_at(role, "kind"), namespace, text_at(role, "name")) not in roles:
                continue
            if item.key.kind == "RoleBinding":
                found.add(item.namespace)
            else:
                found |= {text_at(each, "namespace") for each in objects_at(item.manifest, "subjects")}
        return frozenset(found)


def made_in(view: PlatformView, cluster: ClusterObjects) -> MadeObjects:
    """Return what the objects of a cluster make; worked out once for all rules."""
    known: dict[str, MadeObjects] = view.memo.setdefault(__name__, {})
    found = known.get(cluster.name)
    if found is None:
        found = known[cluster.name] = MadeObjects(cluster)
    return found


def _creates(role: Manifest, kind: GroupKind) -> bool:
    plural = f"{kind.kind.lower()}s"
    for rule in objects_at(role, "rules"):
        groups, resources, verbs = (items_at(rule, part) for part in ("apiGroups", "resources", "verbs"))
        asked = (({kind.group, _ALL}, groups), ({plural, _ALL}, resources), ({"create", _ALL}, verbs))
        if all(wanted & set(map(str, given)) for wanted, given in asked):
            return True
    return False


def _made_by(item: Placed) -> Iterator[tuple[ObjectKey, frozenset[str] | None]]:
    for kind, where in _NAMED.get(item.key.group_kind, ()):
        space = item.namespace or _ANYWHERE
        for name in _names(item, where):
            yield ObjectKey(kind.group, kind.kind, space, name), _keys(item)
    for _, entry in walked(item.manifest, _CREDENTIALS):
        yield ObjectKey("", "Secret", text_at(entry, "namespace") or item.namespace, text_at(entry, "name")), None
    if item.key.group_kind == STATEFUL_SET:
        yield from _claims(item)
    if item.key.group_kind in (INGRESS, GATEWAY):
        yield from _certificates(item)
    if item.key.kind == "ClusterExternalSecret":
        name = text_at(item.manifest, "spec", "externalSecretName") or item.key.name
        target = text_at(item.manifest, "spec", "externalSecretSpec", "target", "name")
        yield ObjectKey("", "Secret", _ANYWHERE, target or name), None
    if item.key.group == KYVERNO:
        for rule in objects_at(item.manifest, "spec", "rules"):
            generated = mapping_at(rule, "generate")
            if generated:
                yield ObjectKey("", text_at(generated, "kind"), _ANYWHERE, text_at(generated, "name")), None
    if item.key.group_kind in (SECRET, CONFIG_MAP) and any(each in annotations_of(item.manifest) for each in _COPIES):
        yield item.key._replace(namespace=_ANYWHERE), None


def _names(item: Placed, where: str) -> list[str]:
    """Return the names that a place of the table gives; the first of several places that has one."""
    for place in where.split("|"):
        if place.startswith("="):
            return [f"{item.key.name}{place[1:]}"]
        if "." not in place:
            return [place]
        found = [name for _, name in walked(item.manifest, place) if isinstance(name, str) and name]
        if found:
            return found
    return []


def _keys(item: Placed) -> frozenset[str] | None:
    if item.key.kind == "Certificate":
        return None if mapping_at(item.manifest, "spec", "keystores") else _TLS
    if item.key.kind == "SealedSecret":
        return frozenset(mapping_at(item.manifest, "spec", "encryptedData")) | frozenset(
            mapping_at(item.manifest, "spec", "template", "data")
        )
    if item.key.kind == "ExternalSecret":
        spec = mapping_at(item.manifest, "spec")
        template = mapping_at(spec, "target", "template")
        if items_at(spec, "dataFrom") or items_at(template, "templateFrom"):
            return None
        written = frozenset(mapping_at(template, "data"))
        if written and text_at(template, "mergePolicy") != "Merge":
            return written
        return written | {text_at(each, "secretKey") for each in objects_at(spec, "data")}
    return None


def _claims(item: Placed) -> Iterator[tuple[ObjectKey, None]]:
    """Yield the claims of a StatefulSet's first hundred pods."""
    replicas = item.manifest.get("spec", {}).get("replicas", 1) if isinstance(item.manifest.get("spec"), dict) else 1
    for template in objects_at(item.manifest, "spec", "volumeClaimTemplates"):
        for number in range(min(replicas, 100) if isinstance(replicas, int) else 1):
            name = f"{text_at(template, 'metadata', 'name')}-{item.key.name}-{number}"
            yield ObjectKey("", PERSISTENT_VOLUME_CLAIM.kind, item.namespace, name), None


def _certificates(item: Placed) -> Iterator[tuple[ObjectKey, frozenset[str]]]:
    """Yield the Secrets that cert-manager makes for an annotated Ingress or Gateway."""
    if not any(
        key.startswith(("cert-manager.io/issuer", "cert-manager.io/cluster-issuer"))
        for key in annotations_of(item.manifest)
    ):
        return
    for where in ("spec.tls.[].secretName", "spec.listeners.[].tls.certificateRefs.[].name"):
        for _, name in walked(item.manifest, where):
            if isinstance(name, str):
                yield ObjectKey("", "Secret", item.namespace, name), _TLS
