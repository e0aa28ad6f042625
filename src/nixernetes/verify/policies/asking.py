"""Asks the policies of clusters, where there are any: who has none never loads what evaluates them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nixernetes.kyverno.engine.admission.kinds import JUDGING
from nixernetes.verify.platform_view import PlatformView

if TYPE_CHECKING:
    from nixernetes.verify.policies.judgements import PolicyVerdict

__all__ = ["asked_policies"]


def asked_policies(view: PlatformView) -> tuple[PolicyVerdict, ...]:
    """Return what ``policy_verdicts`` does; nothing where no cluster has a policy and none is given."""
    has_own = any(kind in cluster.by_kind for cluster in view.clusters for kind in JUDGING)
    if not has_own and not view.given_policies:
        return ()
    from nixernetes.verify.policies.judgements import policy_verdicts  # noqa: PLC0415  # the engine takes long to load

    return policy_verdicts(view)
