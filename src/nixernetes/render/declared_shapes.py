"""The form of the objects that rendering reads, as their definitions in a cluster demand it.

A real API server stores no Kustomization whose ``spec.path`` is a list. Files may hold one: whoever reads a delivery, a
source or the data that they refer to has it checked here first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.identity import GroupKind, group_kind, key_of
from nixernetes.objects.kinds import (
    APPLICATION,
    APPLICATION_SET,
    ARTIFACT_GENERATOR,
    BUCKET,
    CONFIG_MAP,
    EXTERNAL_ARTIFACT,
    GIT_REPOSITORY,
    HELM_CHART,
    HELM_RELEASE,
    HELM_REPOSITORY,
    INPUT_PROVIDER,
    KUSTOMIZATION,
    OCI_REPOSITORY,
    RESOURCE_SET,
    SECRET,
)
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.shapes import SCALAR, Shape, misfit

__all__ = ["check_declared", "check_kustomization_file", "check_source", "form_problem"]

_TEXTS: Final[Shape] = {"*": SCALAR}
_NAMED: Final[Shape] = {"name!": str}
_REFERENCE: Final[Shape] = {"kind!": str, "name!": str, "namespace": str}
_SELECTOR: Final[Shape] = {
    "matchLabels": {"*": str},
    "matchExpressions": [{"key!": str, "operator!": str, "values": [str]}],
}
_PATCHES: Final[Shape] = [
    {
        "patch": str,
        "path": str,
        "target": dict.fromkeys(
            ("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"), str
        ),
        "options": {"*": bool},
    }
]
_IMAGES: Final[Shape] = [{"name!": str, **dict.fromkeys(("newName", "newTag", "digest", "tagSuffix"), str)}]
_METADATA: Final[Shape] = {"name!": str, "namespace": str, "labels": _TEXTS, "annotations": _TEXTS}
_COMMON: Final[Shape] = {"labels": _TEXTS, "annotations": _TEXTS}

_KUSTOMIZATION: Final[Shape] = {
    **dict.fromkeys(("path", "targetNamespace", "namePrefix", "nameSuffix"), str),
    "sourceRef": _REFERENCE,
    "patches": _PATCHES,
    "patchesStrategicMerge": [object],
    "patchesJson6902": [{}],
    "components": [str],
    "images": _IMAGES,
    "buildMetadata": [str],
    "commonMetadata": _COMMON,
    "postBuild": {
        "substitute": _TEXTS,
        "substituteFrom": [{"kind!": str, "name!": str, "optional": bool}],
        "substituteStrategy": str,
    },
    "kubeConfig": {},
    "decryption": {"provider": str, "secretRef": _NAMED},
}
_CHART: Final[Shape] = {
    **dict.fromkeys(("chart", "version", "reconcileStrategy", "valuesFile"), str),
    "sourceRef": _REFERENCE,
    "valuesFiles": [str],
    "verify": {},
}
_HELM_RELEASE: Final[Shape] = {
    **dict.fromkeys(("releaseName", "targetNamespace", "storageNamespace", "postRenderStrategy"), str),
    "chart": {"spec!": {**_CHART, "chart!": str, "sourceRef!": _REFERENCE}},
    "chartRef": _REFERENCE,
    "values": {},
    "valuesFrom": [{"kind!": str, "name!": str, "valuesKey": str, "targetPath": str}],
    "install": {"crds": str},
    "upgrade": {"crds": str},
    "postRenderers": [{"kustomize": {"patches": _PATCHES, "images": _IMAGES}}],
    "commonMetadata": _COMMON,
    "kubeConfig": {},
}
_JSONNET_VALUES: Final[Shape] = [{"name!": str, "value": str, "code": bool}]
_JSONNET: Final[Shape] = {"extVars": _JSONNET_VALUES, "tlas": _JSONNET_VALUES, "libs": [str]}
_ARGO_SOURCE: Final[Shape] = {
    **dict.fromkeys(("repoURL", "path", "targetRevision", "chart", "ref"), str),
    "helm": {
        **dict.fromkeys(("releaseName", "namespace", "version", "kubeVersion", "values"), str),
        "apiVersions": [str],
        "valueFiles": [str],
        "valuesObject": {},
        "parameters": [{"name!": str, "value": str, "forceString": bool}],
        "fileParameters": [{"name!": str, "path!": str}],
    },
    "kustomize": {
        **dict.fromkeys(("namePrefix", "nameSuffix", "namespace", "version", "kubeVersion"), str),
        "apiVersions": [str],
        "images": [str],
        "replicas": [{"name!": str, "count!": SCALAR}],
        "commonLabels": {"*": str},
        "commonAnnotations": {"*": str},
        "patches": _PATCHES,
        "components": [str],
    },
    "directory": {"include": str, "exclude": str, "jsonnet": _JSONNET},
    "plugin": {},
}
_APPLICATION: Final[Shape] = {
    "project": str,
    "destination": {"server": str, "name": str, "namespace": str},
    "source": _ARGO_SOURCE,
    "sources": [_ARGO_SOURCE],
}
_PATHS: Final[Shape] = [{"path!": str}]
_PLAIN_GENERATOR: Final[Shape] = {
    "clusters": {"selector": _SELECTOR, "values": _TEXTS},
    "git": {
        **dict.fromkeys(("repoURL", "revision", "pathParamPrefix"), str),
        "directories": _PATHS,
        "files": _PATHS,
        "values": _TEXTS,
    },
    "list": {"elements": [object], "elementsYaml": str},
    "template": {},
    "selector": _SELECTOR,
}


def _nesting(inner: Shape) -> Shape:
    return {
        **_PLAIN_GENERATOR,
        "matrix": {"generators": [inner]},
        "merge": {"generators": [inner], "mergeKeys": [str]},
    }


_APPLICATION_SET: Final[Shape] = {
    "generators": [_nesting(_nesting({**_PLAIN_GENERATOR, "matrix": {}, "merge": {}}))],
    "template": {"metadata": {"name": str, "labels": _TEXTS, "annotations": _TEXTS}, "spec": _APPLICATION},
    "templatePatch": str,
    "goTemplateOptions": [str],
    "syncPolicy": {},
}
_ACCESS: Final[Shape] = {
    **dict.fromkeys(("provider", "serviceAccountName", "ignore"), str),
    **dict.fromkeys(("secretRef", "certSecretRef", "proxySecretRef"), _NAMED),
    "verify": {},
}
_ARTIFACT_GENERATOR: Final[Shape] = {
    "sources": [{"alias!": str, **_REFERENCE}],
    "artifacts": [
        {
            "name!": str,
            "revision": str,
            "copy": [{"from!": str, "to!": str, "strategy": str, "exclude": [str]}],
        }
    ],
}
_RESOURCE_SET: Final[Shape] = {
    "inputs": [{}],
    "inputsFrom": [{"kind": str, "name": str, "selector": _SELECTOR}],
    "inputStrategy": {"name!": str},
    "resources": [{}],
    "resourcesTemplate": str,
    "commonMetadata": _COMMON,
}

_SPECS: Final[Mapping[GroupKind, Shape]] = {
    KUSTOMIZATION: _KUSTOMIZATION,
    HELM_RELEASE: _HELM_RELEASE,
    APPLICATION: _APPLICATION,
    APPLICATION_SET: _APPLICATION_SET,
    ARTIFACT_GENERATOR: _ARTIFACT_GENERATOR,
    RESOURCE_SET: _RESOURCE_SET,
    INPUT_PROVIDER: {"type!": str, "defaultValues": {}},
    GIT_REPOSITORY: {
        **_ACCESS,
        "url!": str,
        "ref": dict.fromkeys(("branch", "tag", "semver", "name", "commit"), str),
        "sparseCheckout": [str],
        "include": [{"repository!": _NAMED, "fromPath": str, "toPath": str}],
        "recurseSubmodules": bool,
    },
    OCI_REPOSITORY: {
        **_ACCESS,
        "url!": str,
        "ref": dict.fromkeys(("tag", "semver", "semverFilter", "digest"), str),
        "layerSelector": {"mediaType": str, "operation": str},
    },
    HELM_REPOSITORY: {**_ACCESS, "url!": str, "type": str},
    HELM_CHART: {**_CHART, "chart!": str, "sourceRef!": _REFERENCE},
    BUCKET: {**_ACCESS, "endpoint": str, "url": str},
    EXTERNAL_ARTIFACT: {"sourceRef": _REFERENCE},
}
_DATA: Final[Mapping[GroupKind, Shape]] = {
    CONFIG_MAP: {"data": _TEXTS},
    SECRET: {"data": _TEXTS, "stringData": _TEXTS},
}
_KUSTOMIZATION_FILE: Final[Shape] = {
    "resources": [object],
    "components": [object],
    "patches": [object],
    "patchesStrategicMerge": [object],
    "patchesJson6902": [object],
    "images": [{"name": str}],
    "replicas": [{"name": str}],
    "labels": [object],
    "commonLabels": {},
    "commonAnnotations": {},
}


def check_declared(manifest: Manifest, place: str = "") -> None:
    """Accept an object that has the form of its kind, or is of a kind that rendering does not read.

    Args:
        manifest: the object.
        place: where it is written, as ``file:line``.

    Raises:
        InputError: it has not; the message names the field.

    """
    wrong = form_problem(manifest)
    if wrong:
        raise InputError(wrong, subject=str(key_of(manifest)), place=place)


def check_source(source: Json) -> None:
    """Accept a source of an Application that has its form.

    Raises:
        InputError: it has not; the message names the field.

    """
    wrong = misfit(_ARGO_SOURCE, source, "source")
    if wrong:
        raise InputError(wrong)


def check_kustomization_file(content: Json, path: str) -> None:
    """Accept a kustomization file into which a delivery's fields can be merged.

    Args:
        content: what is in the file.
        path: its path.

    Raises:
        InputError: a field has not its form; the message names it.

    """
    wrong = misfit(_KUSTOMIZATION_FILE, content)
    if wrong:
        raise InputError(f"invalid Kustomization: {wrong}", place=path)


def form_problem(manifest: Manifest) -> str:
    """Return what is wrong with an object for :func:`check_declared`, or ``""``."""
    kind = group_kind(manifest)
    fields = _DATA.get(kind)
    if fields is not None:
        return misfit({"metadata!": _METADATA, **fields}, manifest)
    spec = _SPECS.get(kind)
    return "" if spec is None else misfit({"metadata!": _METADATA, "spec!": spec}, manifest)
