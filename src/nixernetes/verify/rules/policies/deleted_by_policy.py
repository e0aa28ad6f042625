"""``deleted-by-policy``: no policy deletes on a schedule what Git brings back.

A CleanupPolicy or DeletingPolicy that means an object of a delivery deletes it at each turn, and the delivery makes it
again. What a policy asks for and nobody gave, such as the age of an object, says nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.kyverno.engine.admission.kinds import DELETING
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import key_of
from nixernetes.verify.findings import Severity
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster in view.clusters:
        sources = {id(item.manifest): item for item in cluster.of(*DELETING)}
        if not sources:
            continue
        from nixernetes.verify.policies.judgements import cluster_judgements  # noqa: PLC0415  # it takes long to load

        for item, judged in cluster_judgements(cluster, [each.manifest for each in sources.values()]):
            if judged.row.result != "pass" or judged.row.not_given or item.owner is None:
                continue
            source = sources[id(judged.policy)]
            yield Found(
                cluster=cluster,
                subject=item,
                message=f"{key_of(judged.policy)} deletes it ({text_at(judged.policy, 'spec', 'schedule')}), "
                f"and {item.owner.key} brings it back",
                related=[(view.place(source), f"deleted by {source.key}")],
            )


RULE: Final = Rule(
    name="deleted-by-policy",
    topic="policy",
    severity=Severity.WARNING,
    sentence="No Kyverno policy keeps deleting an object that a delivery brings back.",
    check=_check,
)
