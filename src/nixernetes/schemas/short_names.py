"""The short names of kinds, as ``kubectl api-resources`` lists them; of Argo CD also what its users say."""

from __future__ import annotations

from typing import Final

__all__ = ["SHORT_NAMES"]

SHORT_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "ConfigMap": ("cm",),
    "CronJob": ("cj",),
    "CustomResourceDefinition": ("crd", "crds"),
    "DaemonSet": ("ds",),
    "Deployment": ("deploy",),
    "Endpoints": ("ep",),
    "Event": ("ev",),
    "HorizontalPodAutoscaler": ("hpa",),
    "Ingress": ("ing",),
    "LimitRange": ("limits",),
    "Namespace": ("ns",),
    "NetworkPolicy": ("netpol",),
    "Node": ("no",),
    "PersistentVolume": ("pv",),
    "PersistentVolumeClaim": ("pvc",),
    "Pod": ("po",),
    "PodDisruptionBudget": ("pdb",),
    "PriorityClass": ("pc",),
    "ReplicaSet": ("rs",),
    "ReplicationController": ("rc",),
    "ResourceQuota": ("quota",),
    "Service": ("svc",),
    "ServiceAccount": ("sa",),
    "StatefulSet": ("sts",),
    "StorageClass": ("sc",),
    "Certificate": ("cert", "certs"),
    "ExternalSecret": ("es",),
    "Gateway": ("gtw",),
    "ArtifactGenerator": ("ag",),
    "GitRepository": ("gitrepo",),
    "HelmChart": ("hc",),
    "HelmRelease": ("hr",),
    "HelmRepository": ("helmrepo",),
    "ImagePolicy": ("imgpol",),
    "ImageRepository": ("imgrepo",),
    "ImageUpdateAutomation": ("iua", "imgupd"),
    "Kustomization": ("ks",),
    "OCIRepository": ("ocirepo",),
    "ResourceSet": ("rset",),
    "ResourceSetInputProvider": ("rsip",),
    "AppProject": ("appproj", "appprojs", "proj"),
    "Application": ("app", "apps"),
    "ApplicationSet": ("appset", "appsets"),
}
