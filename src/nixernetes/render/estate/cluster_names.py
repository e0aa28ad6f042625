"""How a cluster is called: after its folder.

``clusters/NAME/…`` and ``kubernetes/clusters/NAME/…`` name theirs. Elsewhere it is the innermost folder that is not
called after what everybody has in it (``flux-system``, ``kubernetes``). Two that would share a name are told apart by
the folders above.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = ["cluster_folder", "distinct_names", "home_of"]

_CLUSTERS: Final = "clusters"
_GENERIC: Final = frozenset(
    ("argocd", "bootstrap", "deploy", "flux", FLUX_NAMESPACE, "gitops", "k8s", "kubernetes", "manifests")
)
_NAMELESS: Final = "cluster"


def cluster_folder(path: str) -> str:
    """Return the folder ``…/clusters/NAME`` that a folder is, or is below; ``""`` where there is none."""
    parts = path.split("/")
    for place, part in enumerate(parts[:-1]):
        if part == _CLUSTERS:
            return "/".join(parts[: place + 2])
    return ""


def home_of(path: str) -> str:
    """Return the folder that a cluster is named after, for a folder that starts it; one cluster has one home."""
    parts = path.split("/")
    while parts and (not parts[-1] or parts[-1] in _GENERIC):
        parts.pop()
    return cluster_folder(path) or "/".join(parts)


def distinct_names(homes: Iterable[str]) -> dict[str, str]:
    """Return the name of each home's cluster: those that would be alike have the folders above in front."""
    known = sorted(set(homes))
    short = {home: home.rpartition("/")[2] or _NAMELESS for home in known}
    shared = Counter(short.values())
    long = {home: _spelled(home) if shared[name] > 1 else name for home, name in short.items()}
    shared = Counter(long.values())
    return {home: home.replace("/", "-") if shared[name] > 1 and home else name for home, name in long.items()}


def _spelled(home: str) -> str:
    parts = [part for part in home.split("/") if part not in (*_GENERIC, _CLUSTERS)]
    return "-".join(parts) or _NAMELESS
