"""Checks of what is kept and how it travels: Secrets, storage, the mesh, sources, labels, namespaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from nixernetes.compliance.checks.check import UNSET, CheckScene, ComplianceCheck, Fault, on_kinds, on_pods
from nixernetes.compliance.labelling import AUDIT_ID, DATA_CLASSIFICATION, FRAMEWORK, OWNER
from nixernetes.compliance.levels import Classification
from nixernetes.compliance.objects import AssessedObject, FieldPath
from nixernetes.gitops.marking.label_values import label_value_problem
from nixernetes.objects.api_groups import ISTIO_SECURITY
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    EXTERNAL_SECRET,
    GIT_REPOSITORY,
    OCI_REPOSITORY,
    PERSISTENT_VOLUME_CLAIM,
    SECRET,
    STATEFUL_SET,
    STORAGE_CLASS,
)
from nixernetes.objects.manifest import Json, annotations_of, labels_of
from nixernetes.objects.selectors import matches
from nixernetes.objects.well_known import DEFAULT_STORAGE_CLASS, SERVICE_ACCOUNT_TOKEN

__all__ = ["CHECKS"]

_PEERS: Final = GroupKind(ISTIO_SECURITY, "PeerAuthentication")
_SERVER: Final = GroupKind("policy.linkerd.io", "Server")
_MESH_NAMESPACE: Final = "istio-system"
_INJECT: Final = "linkerd.io/inject"
_INBOUND: Final = "config.linkerd.io/default-inbound-policy"
_AUTHENTICATED: Final = ("deny", "all-authenticated", "cluster-authenticated")
_ENCRYPTING: Final = MappingProxyType(  # parameter of a driver: the values that encrypt; none: any value does
    {
        "encrypted": ("true",),
        "encryption": ("true",),
        "secure": ("true",),
        "kmsKeyId": (),
        "kms-key-id": (),
        "disk-encryption-kms-key": (),
        "diskEncryptionSetID": (),
        "encryptionKMSID": (),
    }
)


def _values(secret: AssessedObject) -> list[FieldPath]:
    """Return the values of a Secret that stand in it in plain text."""
    if secret.sealed or at(secret.manifest, "sops") is not None or _is_filled_by_cluster(secret):
        return []
    return [
        (part, key)
        for part in ("data", "stringData")
        for key, value in sorted(mapping_at(secret.manifest, part).items())
        if value not in ("", None) and not (isinstance(value, str) and value.startswith("ENC["))
    ]


def _is_filled_by_cluster(secret: AssessedObject) -> bool:
    return text_at(secret.manifest, "type") == SERVICE_ACCOUNT_TOKEN


def _not_in_git(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    for path in _values(item):
        yield Fault(path, "encrypted by SOPS, a SealedSecret or an ExternalSecret", "***")


def _external(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    if item.key.group_kind == SECRET and (mapping_at(item.manifest, "data") or mapping_at(item.manifest, "stringData")):
        yield Fault((), "an ExternalSecret", "a Secret with values")


def _encrypted(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    if item.key.group_kind == PERSISTENT_VOLUME_CLAIM:
        yield from _claim(("spec",), mapping_at(item.manifest, "spec"), scene)
        return
    for number, each in enumerate(items_at(item.manifest, "spec", "volumeClaimTemplates")):
        yield from _claim(("spec", "volumeClaimTemplates", number, "spec"), mapping_at(each, "spec"), scene)


def _claim(path: FieldPath, spec: Mapping[str, Json], scene: CheckScene) -> Iterator[Fault]:
    wanted = text_at(dict(spec), "storageClassName")
    name = wanted or _default_class(scene)
    path = (*path, "storageClassName")
    if name in scene.options.encrypted_storage_classes and name:
        return
    found = scene.index.named(STORAGE_CLASS, "", name)
    if found is None:
        said = f"the StorageClass {name}" if name else "the default StorageClass"
        yield Fault(path, f"{said} is not in the repository", wanted or UNSET, undecided=True)
    elif not _encrypts(mapping_at(found.manifest, "parameters")):
        yield Fault(path, "a StorageClass that encrypts", name)


def _default_class(scene: CheckScene) -> str:
    marked = (
        each.key.name
        for each in scene.index.of(STORAGE_CLASS)
        if annotations_of(each.manifest).get(DEFAULT_STORAGE_CLASS) == "true"
    )
    return next(marked, "")


def _encrypts(parameters: Mapping[str, Json]) -> bool:
    return any(
        value and (not _ENCRYPTING[name] or str(value).lower() in _ENCRYPTING[name])
        for name, value in parameters.items()
        if name in _ENCRYPTING
    )


def _mutual_tls(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    index = scene.index
    labels = index.pod(item).labels
    about: tuple[int, str] = (-1, "")  # the narrowest policy wins: of the mesh, the namespace, the workload
    for each in (*index.within(_PEERS, item.namespace), *index.within(_PEERS, _MESH_NAMESPACE)):
        selector = mapping_at(each.manifest, "spec", "selector")
        if each.namespace == item.namespace:
            rank = (2 if _selects(selector, labels) else -1) if selector else 1
        else:
            rank = 0 if each.namespace == _MESH_NAMESPACE and not selector else -1
        mode = text_at(each.manifest, "spec", "mtls", "mode")
        if rank > about[0] and mode not in ("", "UNSET"):
            about = (rank, mode)
    if about[1] == "STRICT" or _is_meshed(item, scene):
        return
    yield Fault((), "a PeerAuthentication with mode STRICT, or Linkerd with a default-deny policy", about[1] or "none")


def _selects(selector: Json, labels: Mapping[str, str]) -> bool:
    try:
        return matches(selector, labels)
    except ValueError:
        return False


def _is_meshed(item: AssessedObject, scene: CheckScene) -> bool:
    """Tell whether Linkerd carries the pods' traffic, and denies who does not say who they are."""
    namespace = scene.index.namespaces.get(item.namespace)
    notes = annotations_of(namespace.manifest) if namespace is not None else {}
    own = mapping_at(scene.index.pod(item).template, "metadata", "annotations")
    said = {**notes, **own}
    if said.get(_INJECT) not in ("enabled", "ingress"):
        return False
    servers = scene.index.within(_SERVER, item.namespace)
    denied = any(text_at(each.manifest, "spec", "accessPolicy") in ("", "deny") for each in servers)
    return said.get(_INBOUND) in _AUTHENTICATED or denied


def _signed(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    verify = at(item.manifest, "spec", "verify")
    if not isinstance(verify, dict):
        yield Fault(("spec", "verify"), "signatures are verified")
    elif item.key.group_kind == GIT_REPOSITORY and not text_at(verify, "secretRef", "name"):
        yield Fault(("spec", "verify", "secretRef"), "the keys of who may sign")


def _required(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    found = labels_of(item.manifest)
    for name in (FRAMEWORK, OWNER, DATA_CLASSIFICATION):
        value = found.get(name, "")
        is_known = name != DATA_CLASSIFICATION or value in list(Classification)
        if not value or label_value_problem(value) or not is_known:
            yield Fault(("metadata", "labels", name), "a label with a valid value", value or UNSET)


def _audit(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    if not annotations_of(item.manifest).get(AUDIT_ID):
        yield Fault(("metadata", "annotations", AUDIT_ID), "an annotation that names the audit's identity")


def _not_default(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    del scene
    if item.namespace in ("", "default"):
        yield Fault(("metadata", "namespace"), "a namespace of its own", item.namespace or UNSET)


CHECKS: Final = (
    on_pods("ns.not-default", _not_default),
    on_kinds("secrets.not-in-git", _not_in_git, SECRET),
    on_kinds("secrets.external", _external, SECRET, EXTERNAL_SECRET),
    on_pods("mesh.mtls", _mutual_tls),
    ComplianceCheck(
        "storage.encrypted",
        lambda index: [
            *index.of(PERSISTENT_VOLUME_CLAIM),
            *(each for each in index.of(STATEFUL_SET) if objects_at(each.manifest, "spec", "volumeClaimTemplates")),
        ],
        _encrypted,
    ),
    on_kinds("git.signed", _signed, GIT_REPOSITORY, OCI_REPOSITORY),
    ComplianceCheck("labels.required", lambda index: index.everything, _required),
    ComplianceCheck("labels.audit-id", lambda index: index.everything, _audit),
)
