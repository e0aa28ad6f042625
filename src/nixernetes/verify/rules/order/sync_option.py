"""``sync-option``: Argo CD knows every sync option; it passes over one that it does not, without a word (v3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.gitops.argocd.applications.sync_options import check_sync_option
from nixernetes.objects.fields import items_at, mapping_at
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import annotations_of
from nixernetes.objects.well_known import ARGOCD_COMPARE_OPTIONS, ARGOCD_SYNC_OPTIONS
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.objects import Placed
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_OPTIONS: Final[FieldPath] = ("spec", "syncPolicy", "syncOptions")
_COMPARING: Final = ("IgnoreExtraneous", "ServerSideDiff", "IncludeMutationWebhook")
_CREATE: Final = "CreateNamespace=true"


def _check(view: PlatformView) -> Iterator[Found]:
    for hub, delivery in view.deliveries():
        if delivery.key.group_kind != APPLICATION:
            continue
        options = items_at(delivery.manifest, "spec", "syncPolicy", "syncOptions")
        for index, option in enumerate(options):
            problem = _problem(str(option)) if isinstance(option, str) else ""
            if problem:
                yield Found(cluster=hub, subject=delivery, message=problem, path=(*_OPTIONS, index))
        if mapping_at(delivery.manifest, "spec", "syncPolicy", "managedNamespaceMetadata") and _CREATE not in options:
            message = f"it is for a namespace that Argo CD creates, and {_CREATE} is not among the syncOptions: add it"
            path = ("spec", "syncPolicy", "managedNamespaceMetadata")
            yield Found(cluster=hub, subject=delivery, message=message, path=path)
    for cluster in view.clusters:
        for item in cluster.placed:
            if item.owner is None or item.owner.key.group_kind != APPLICATION:
                continue
            for message in _compared(item):
                path = ("metadata", "annotations", ARGOCD_COMPARE_OPTIONS)
                yield Found(cluster=cluster, subject=item, message=message, path=path)
            for option in annotations_of(item.manifest).get(ARGOCD_SYNC_OPTIONS, "").split(","):
                name = option.strip()
                problem = _problem(name) if name and not name.startswith("Force=") else ""
                if problem:
                    path = ("metadata", "annotations", ARGOCD_SYNC_OPTIONS)
                    yield Found(cluster=cluster, subject=item, message=problem, path=path)


def _compared(item: Placed) -> Iterator[str]:
    """Yield what is wrong with the options by which an object is compared (``compare-options``)."""
    for option in annotations_of(item.manifest).get(ARGOCD_COMPARE_OPTIONS, "").split(","):
        name, _, value = option.strip().partition("=")
        if name and name not in _COMPARING:
            hint = meant(name, _COMPARING) or f": there are {', '.join(_COMPARING)}"
            yield f"the compare option {option.strip()} does nothing{hint}"
        elif value not in ("", "true", "false"):
            yield f"the compare option {option.strip()} does nothing: {name} takes true, false"


def _problem(option: str) -> str:
    try:
        check_sync_option(option)
    except ValueError as error:
        return f"the sync option {option} does nothing: {error}"
    return ""


RULE: Final = Rule(
    name="sync-option",
    topic="sync-option",
    severity=Severity.WARNING,
    sentence="Argo CD knows every sync option.",
    check=_check,
)
