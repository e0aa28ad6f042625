"""Argo CD's build environment: variables of an Application in paths and parameters (section 1.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nixernetes.gitops.argocd.projects.permissions import CONTROL_PLANE_NAMESPACE
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["build_environment", "expand", "instance_name"]

# A digit or a sign is a whole name; braces that hold nothing, or stay open, are eaten.
_VARIABLE = re.compile(
    r"\$(?:\{(?P<sign>[*#$@!?0-9-])\}|\{(?P<braced>[^}]*)\}|(?P<open>\{)|(?P<special>[*#$@!?0-9-])|(?P<plain>\w+))",
    re.ASCII,
)


def instance_name(app: Manifest) -> str:
    """Return the name by which Argo CD knows an Application; qualified outside of its own namespace, ``argocd``."""
    metadata = app.get("metadata") or {}
    name, namespace = metadata.get("name") or "", metadata.get("namespace") or ""
    return name if namespace in ("", CONTROL_PLANE_NAMESPACE) else f"{namespace}_{name}"


def build_environment(app: Manifest, source: Json, revision: str) -> dict[str, str]:
    """Return the variables of an Application's source at a revision."""
    spec = app.get("spec") or {}
    helm = source.get("helm") or source.get("kustomize") or {}
    return {
        "ARGOCD_APP_NAME": instance_name(app),
        "ARGOCD_APP_NAMESPACE": (spec.get("destination") or {}).get("namespace") or "",
        "ARGOCD_APP_PROJECT_NAME": spec.get("project") or "default",
        "ARGOCD_APP_REVISION": revision,
        "ARGOCD_APP_REVISION_SHORT": revision[:7],
        "ARGOCD_APP_REVISION_SHORT_8": revision[:8],
        "ARGOCD_APP_SOURCE_PATH": source.get("path") or "",
        "ARGOCD_APP_SOURCE_REPO_URL": source.get("repoURL") or "",
        "ARGOCD_APP_SOURCE_TARGET_REVISION": source.get("targetRevision") or "",
        "KUBE_VERSION": helm.get("kubeVersion") or "",
        "KUBE_API_VERSIONS": ",".join(helm.get("apiVersions") or []),
    }


def expand(text: str, environment: Mapping[str, str]) -> str:
    """Replace ``$NAME`` and ``${NAME}``; what is not set is empty, ``$$`` is one ``$`` (Go's ``os.Expand``)."""

    def value(found: re.Match[str]) -> str:
        name = found[found.lastgroup or 0]
        return "$" if name == "$" else environment.get(name, "")

    return _VARIABLE.sub(value, text) if "$" in text else text
