"""Argo CD's build environment: variables of an Application in paths and parameters (section 1.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["build_environment", "expand", "instance_name"]

# A digit or a sign is a whole name; braces that hold nothing, or stay open, are eaten.
_VARIABLE = re.compile(
    r"\$(?:\{(?P<sign>[*#$@!?0-9-])\}|\{(?P<braced>[^}]*)\}|(?P<open>\{)|(?P<special>[*#$@!?0-9-])|(?P<plain>\w+))",
    re.ASCII,
)


def instance_name(app: Manifest) -> str:
    """Return the name by which Argo CD knows an Application; qualified outside of its own namespace, ``argocd``."""
    metadata = mapping_at(app, "metadata")
    name, namespace = text_at(metadata, "name"), text_at(metadata, "namespace")
    return name if namespace in ("", ARGOCD_NAMESPACE) else f"{namespace}_{name}"


def build_environment(app: Manifest, source: Json, revision: str) -> dict[str, str]:
    """Return the variables of an Application's source at a revision."""
    spec = mapping_at(app, "spec")
    helm = source.get("helm") or mapping_at(source, "kustomize")
    return {
        "ARGOCD_APP_NAME": instance_name(app),
        "ARGOCD_APP_NAMESPACE": text_at(spec, "destination", "namespace"),
        "ARGOCD_APP_PROJECT_NAME": spec.get("project") or "default",
        "ARGOCD_APP_REVISION": revision,
        "ARGOCD_APP_REVISION_SHORT": revision[:7],
        "ARGOCD_APP_REVISION_SHORT_8": revision[:8],
        "ARGOCD_APP_SOURCE_PATH": text_at(source, "path"),
        "ARGOCD_APP_SOURCE_REPO_URL": text_at(source, "repoURL"),
        "ARGOCD_APP_SOURCE_TARGET_REVISION": text_at(source, "targetRevision"),
        "KUBE_VERSION": text_at(helm, "kubeVersion"),
        "KUBE_API_VERSIONS": ",".join(items_at(helm, "apiVersions")),
    }


def expand(text: str, environment: Mapping[str, str]) -> str:
    """Replace ``$NAME`` and ``${NAME}``; what is not set is empty, ``$$`` is one ``$`` (Go's ``os.Expand``)."""

    def value(found: re.Match[str]) -> str:
        name = found[found.lastgroup or 0]
        return "$" if name == "$" else environment.get(name, "")

    return _VARIABLE.sub(value, text) if "$" in text else text
