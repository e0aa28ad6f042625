"""The order of the output: as accumulated, or Kustomize's legacy order by kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import SortOptions
from nixernetes.render.kustomize.resources.ids import Gvk, ResId
from nixernetes.render.kustomize.resources.resource import BuildResource

__all__ = ["gvk_order", "legacy", "sort"]

_FIRST = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
]
_LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")


def _ranks(first: Iterable[str], last: Iterable[str]) -> dict[str, int]:
    first = list(first)
    return {
        **{kind: position - len(first) for position, kind in enumerate(first)},
        **{kind: position + 1 for position, kind in enumerate(last)},
    }


_RANKS = _ranks(_FIRST, _LAST)


def _spelled(gvk: Gvk) -> str:
    return f"{gvk.group or '~G'}_{gvk.version or '~V'}_{gvk.kind or '~K'}"


def gvk_order(gvk: Gvk) -> tuple[int, str]:
    """Return the sort key of a kind in Kustomize's own lists."""
    return _RANKS.get(gvk.kind, 0), _spelled(gvk)


def sort(resources: list[BuildResource], options: SortOptions) -> list[BuildResource]:
    """Return the resources in the order that ``sortOptions`` asks for.

    Raises:
        KustomizeError: an unknown order, or legacy options with another order.

    """
    if options.order not in ("fifo", "legacy"):
        raise KustomizeError("the field 'sortOptions.order' must be one of [fifo, legacy]")
    chosen = options.legacy_sort_options
    if options.order == "fifo":
        if chosen is not None:
            raise KustomizeError(
                "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'"
            )
        return resources
    return legacy(resources, _RANKS if chosen is None else _ranks(chosen.order_first, chosen.order_last))


def legacy(resources: list[BuildResource], ranks: Mapping[str, int] = _RANKS) -> list[BuildResource]:
    """Return the resources ordered by the rank of their kind, then by group, version, kind, namespace and name."""
    return sorted(resources, key=lambda resource: _key(resource.current_id, ranks))


def _key(found: ResId, ranks: Mapping[str, int]) -> tuple[int, str, str]:
    gvk = found.gvk
    # Those of the core group come last, as "~" is above all letters; but Namespaces of the core group come first.
    spelled = "" if (gvk.group, gvk.kind) == ("", "Namespace") else _spelled(gvk)
    return ranks.get(gvk.kind, 0), spelled, f"{gvk}|{found.namespace or '~X'}|{found.name or '~N'}"
