"""PolicyReports: what policies said of objects, as Kyverno and those who simulate it write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.views.reading import PolicyResult
from nixernetes.errors import printable
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.kinds import CLUSTER_POLICY_REPORT, POLICY_REPORT, SECRET
from nixernetes.objects.manifest import Manifest

__all__ = ["REPORTS", "reported"]

_UNSAID = "what it says may quote the Secret, and is not shown"
REPORTS: tuple[GroupKind, ...] = (POLICY_REPORT, CLUSTER_POLICY_REPORT)


def reported(cluster: str, reports: Sequence[Manifest]) -> Iterator[PolicyResult]:
    """Yield the results of reports: each is about its ``scope``, or about its own ``resources``."""
    for report in reports:
        scope = mapping_at(report, "scope")
        space = text_at(report, "metadata", "namespace")
        for each in objects_at(report, "results"):
            namespace, _, name = text_at(each, "policy").rpartition("/")
            for about in objects_at(each, "resources") or [scope]:
                group, _version = split_api_version(text_at(about, "apiVersion"))
                key = ObjectKey(
                    group, text_at(about, "kind"), text_at(about, "namespace") or space, text_at(about, "name")
                )
                yield PolicyResult(
                    policy=ObjectKey("", "", namespace, name),
                    object=ObjectName.of(cluster, key),
                    rule=text_at(each, "rule"),
                    result=text_at(each, "result"),
                    message=_message(key, text_at(each, "message")),
                )


def _message(key: ObjectKey, text: str) -> str:
    """Return what a policy says of an object, in one line; of a Secret that it says something."""
    if key.group_kind == SECRET:
        return _UNSAID if text else ""
    return printable(" ".join(text.split()))
