"""What a chart asks of the cluster and of its release, written into its text before helm reads it.

``helm template`` has no cluster: it answers with its own version, the API versions of its own libraries and revision 1.
Flux's helm-controller renders with Helm 4 in a cluster, so that templates see what that cluster serves (kinds too), and
the revision that the release will have (helm.sh/helm/v4, ``pkg/action/install.go`` and ``upgrade.go``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from nixernetes.objects import schema
from nixernetes.objects.api_groups import (
    FLUX_HELM_V2,
    FLUX_KUSTOMIZE_V1,
    FLUX_NOTIFICATION,
    FLUX_SOURCE_EXTENSIONS,
    FLUX_SOURCE_V1,
)

__all__ = ["asks_for_revision", "asks_of_cluster", "helper_template", "rewritten", "served_versions"]

HELM_VERSION: Final = "v4.2.4"
_ACTION: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_REVISION: Final = re.compile(r"(?<![\w.$])[$\w.]*\.Release\.Revision\b")
_HAS: Final = re.compile(r"(?<![\w.$])[$\w.]*\.Capabilities\.APIVersions\.Has\b")
_HELM: Final = re.compile(r"(?<![\w.$])[$\w.]*\.Capabilities\.HelmVersion\.Version\b")
_HELPER: Final = "nixernetes.apiVersions"
_FLUX: Final = {
    FLUX_SOURCE_V1: "GitRepository OCIRepository HelmRepository HelmChart Bucket ExternalArtifact",
    FLUX_KUSTOMIZE_V1: "Kustomization",
    FLUX_HELM_V2: "HelmRelease",
    f"{FLUX_NOTIFICATION}/v1": "Receiver",
    f"{FLUX_NOTIFICATION}/v1beta3": "Alert Provider",
    f"{FLUX_SOURCE_EXTENSIONS}/v1beta1": "ArtifactGenerator",
}


def asks_for_revision(text: bytes) -> bool:
    """Tell whether a template looks at the revision of its release."""
    return b".Release.Revision" in text


def asks_of_cluster(text: bytes) -> bool:
    """Tell whether a template looks at the API versions or the version of Helm."""
    return b".Capabilities.APIVersions.Has" in text or b".Capabilities.HelmVersion.Version" in text


def served_versions(more: Iterable[str] = ()) -> list[str]:
    """Return what a cluster with Flux serves: ``group/version`` and ``group/version/Kind``, sorted.

    Args:
        more: what it serves besides.

    """
    found = set(more)
    for group, version, kind in schema.known_kinds():
        # Alpha and beta versions of built-in kinds are off by default (Kubernetes 1.34).
        if "alpha" in version or "beta" in version:
            continue
        api_version = f"{group}/{version}" if group else version
        found |= {api_version, f"{api_version}/{kind}"}
    for api_version, kinds in _FLUX.items():
        found |= {api_version, *(f"{api_version}/{kind}" for kind in kinds.split())}
    return sorted(found)


def helper_template(versions: Iterable[str]) -> str:
    """Return a template file that knows the API versions, for the calls that :func:`rewritten` writes."""
    text = json.dumps(dict.fromkeys(versions, 1), separators=(",", ":"))
    return f'{{{{- define "{_HELPER}" -}}}}{text}{{{{- end -}}}}'


def rewritten(text: str, revision: int) -> str:
    """Return a template with its questions answered; other text, and what values hold for ``tpl``, is left.

    Args:
        text: the template.
        revision: the revision that the release will have.

    """

    def answered(action: re.Match[str]) -> str:
        found = _REVISION.sub(f"(int {revision})", action[0])
        found = _HAS.sub(f'hasKey (fromJson (include "{_HELPER}" dict))', found)
        return _HELM.sub(f'("{HELM_VERSION}")', found)

    return _ACTION.sub(answered, text)
