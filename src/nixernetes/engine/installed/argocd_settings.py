"""The ConfigMaps and Secrets of Argo CD 3.5, as its own manifests install them: its programs do not start without them.

Beside them stand the Secrets of the clusters that it knows, as ``argocd cluster add`` writes them, without what proves
who asks: what is applied there is applied in this process.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import APP_NAME, APP_PART_OF, ARGOCD_NAMESPACE, ARGOCD_SECRET_TYPE, STAND_IN

__all__ = ["argocd_settings"]

_CONFIG_MAPS: Final = (
    "argocd-cm",
    "argocd-cmd-params-cm",
    "argocd-gpg-keys-cm",
    "argocd-notifications-cm",
    "argocd-rbac-cm",
    "argocd-ssh-known-hosts-cm",
    "argocd-tls-certs-cm",
)
_SECRETS: Final = ("argocd-notifications-secret", "argocd-secret")


def argocd_settings(servers: Mapping[str, str]) -> list[Manifest]:
    """Return the settings of Argo CD.

    Args:
        servers: the other clusters that it knows: name to API server URL.

    """
    labels = {APP_PART_OF: "argocd"}
    return [
        *(_made("ConfigMap", name, {**labels, APP_NAME: name}) for name in _CONFIG_MAPS),
        *(_made("Secret", name, {**labels, APP_NAME: name}) for name in _SECRETS),
        *(_cluster(name, server) for name, server in sorted(servers.items())),
    ]


def _made(kind: str, name: str, labels: Mapping[str, str]) -> Manifest:
    meta = {
        "name": name,
        "namespace": ARGOCD_NAMESPACE,
        "labels": dict(labels),
        "annotations": {STAND_IN: "true"},
    }
    return {"apiVersion": "v1", "kind": kind, "metadata": meta}


def _cluster(name: str, server: str) -> Manifest:
    found = {"name": name, "server": server, "config": '{"tlsClientConfig":{"insecure":false}}'}
    data = {key: base64.b64encode(value.encode()).decode() for key, value in found.items()}
    made = _made("Secret", f"cluster-{name}", {ARGOCD_SECRET_TYPE: "cluster"})
    return {**made, "type": "Opaque", "data": data}
