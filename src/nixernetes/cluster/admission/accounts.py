"""The service account of every new pod, and how its token gets into the containers.

After Kubernetes 1.34.4, ``plugin/pkg/admission/serviceaccount/admission.go``.
"""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.generated_names import suffix
from nixernetes.cluster.validation import invalid_field
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of

__all__ = ["account_name", "check_tokens", "with_account"]

_MIRROR: Final = "kubernetes.io/config.mirror"
_DEFAULT: Final = "default"
_VOLUME: Final = "kube-api-access-"
_PLACE: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
_SECONDS: Final = 3607  # an hour and seven seconds, by which kubelets know tokens that nobody asked for
_ROOTS: Final = "kube-root-ca.crt"


def account_name(pod: Manifest) -> str:
    """Return the name of the service account of a pod; ``""`` for a pod that needs none."""
    if _MIRROR in annotations_of(pod):
        return ""
    return text_at(pod, "spec", "serviceAccountName") or _DEFAULT


def check_tokens(pod: Manifest) -> None:
    """Refuse a pod that wants tokens and has no account (``validatePodSpec``).

    Raises:
        ApiError: Invalid.

    """
    if text_at(pod, "spec", "serviceAccountName"):
        return
    for number, volume in enumerate(objects_at(pod, "spec", "volumes")):
        for place, source in enumerate(objects_at(volume, "projected", "sources")):
            if source.get("serviceAccountToken") is not None:
                path = f"spec.volumes[{number}].projected.sources[{place}].serviceAccountToken"
                why = "Forbidden: must not be specified when serviceAccountName is not set"
                raise invalid_field(key_of(pod), path, why)


def with_account(pod: Manifest, account: Manifest | None) -> Manifest:
    """Return a pod with its service account, whose token its containers read.

    Args:
        pod: the pod.
        account: its service account; None where it is not there.

    Raises:
        ApiError: Forbidden, it is not there.

    """
    name, meta = account_name(pod), pod["metadata"]
    if account is None:
        place = f"{text_at(meta, 'namespace')}/{name}"
        why = f'error looking up service account {place}: serviceaccount "{name}" not found'
        details = Details(name=text_at(meta, "name"), kind="pods")
        raise ApiError("Forbidden", f'pods "{text_at(meta, "name")}" is forbidden: {why}', details=details)
    spec: Manifest = {**mapping_at(pod, "spec"), "serviceAccountName": name, "serviceAccount": name}
    if not items_at(spec, "imagePullSecrets") and items_at(account, "imagePullSecrets"):
        spec["imagePullSecrets"] = items_at(account, "imagePullSecrets")
    told = at(spec, "automountServiceAccountToken")
    if (told if told is not None else at(account, "automountServiceAccountToken")) is False:
        return {**pod, "spec": spec}
    volume = _VOLUME + suffix(text_at(meta, "namespace"), text_at(meta, "name"))
    is_used = False
    for part in ("initContainers", "containers"):
        if part in spec:
            mounted = [_mounted(each, volume) for each in objects_at(spec, part)]
            is_used = is_used or any(new is not old for new, old in zip(mounted, objects_at(spec, part), strict=True))
            spec[part] = mounted
    if is_used:
        spec["volumes"] = [*items_at(spec, "volumes"), _token_volume(volume)]
    return {**pod, "spec": spec}


def _mounted(container: Manifest, volume: str) -> Manifest:
    mounts = objects_at(container, "volumeMounts")
    if any(text_at(each, "mountPath") == _PLACE for each in mounts):
        return container
    return {**container, "volumeMounts": [*mounts, {"name": volume, "readOnly": True, "mountPath": _PLACE}]}


def _token_volume(name: str) -> Json:
    field = {"apiVersion": "v1", "fieldPath": "metadata.namespace"}
    sources: list[Json] = [
        {"serviceAccountToken": {"expirationSeconds": _SECONDS, "path": "token"}},
        {"configMap": {"name": _ROOTS, "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": field}]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": 420}}
