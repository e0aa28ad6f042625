"""``nixernetes policy readiness``: what the audited policies of each cluster would refuse, were they enforced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nixernetes.app.check import CheckOptions, checked
from nixernetes.kyverno.engine.admission.enforcement import is_enforced
from nixernetes.kyverno.engine.admission.kinds import JUDGING
from nixernetes.objects.fields import objects_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.policies.judgements import PolicyVerdict, policy_verdicts

__all__ = ["Readiness", "Refused", "readiness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An object that would be refused.

    Attributes:
        object: the object, as ``Kind/namespace/name``.
        message: the words of the policy.
        place: where the object is written.

    """

    object: str
    message: str
    place: Place

    def document(self) -> dict[str, Json]:
        """Return it as plain data."""
        return {"object": self.object, "message": self.message, "file": self.place.file, "line": self.place.line}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """One audited policy on one cluster.

    Attributes:
        policy: the policy, as ``Kind/name``.
        cluster: the cluster.
        refused: what it would refuse.
        unknown: of how many objects that cannot be known here.

    """

    policy: str
    cluster: str
    refused: tuple[Refused, ...]
    unknown: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether nothing that is declared would be refused, and all of it is known."""
        return not self.refused and not self.unknown

    def document(self) -> dict[str, Json]:
        """Return it as plain data."""
        refused = [each.document() for each in self.refused]
        told: dict[str, Json] = {"policy": self.policy, "cluster": self.cluster, "ready": self.is_ready}
        return told | {"refused": refused, "unknown": self.unknown}


def readiness(options: CheckOptions) -> list[Readiness]:
    """Return the audited policies, cluster by cluster, each with what it would refuse.

    Raises:
        InputError: there is nothing to render, or the settings are wrong.

    """
    view = checked(options).view
    verdicts: dict[tuple[str, int], list[PolicyVerdict]] = {}
    for each in policy_verdicts(view):
        verdicts.setdefault((each.cluster.name, id(each.policy)), []).append(each)
    return [
        _answer(view, cluster, policy, verdicts.get((cluster.name, id(policy)), ()))
        for cluster in view.clusters
        for policy in (*(item.manifest for item in cluster.of(*JUDGING)), *view.given_policies)
        if _is_audited(policy)
    ]


def _is_audited(policy: Manifest) -> bool:
    """Tell whether a policy, or a rule of it, only reports."""
    if policy["kind"] not in ("ClusterPolicy", "Policy"):
        return "Mutating" not in policy["kind"] and not is_enforced(policy, "", "", {})
    rules = [each for each in objects_at(policy, "spec", "rules") if "validate" in each or "verifyImages" in each]
    return any(not is_enforced(policy, str(each.get("name", "")), "", {}) for each in rules)


def _answer(
    view: PlatformView, cluster: ClusterObjects, policy: Manifest, verdicts: Sequence[PolicyVerdict]
) -> Readiness:
    audited = [each for each in verdicts if not each.is_enforced and not each.is_filtered]
    refused: dict[ObjectKey, Refused] = {}
    for each in audited:
        if each.is_known:
            told = Refused(object=str(each.item.key), message=each.row.message, place=view.place(each.item))
            refused.setdefault(each.item.key, told)
    unknown = {each.item.key for each in audited if not each.is_known} - set(refused)
    return Readiness(
        policy=str(key_of(policy)), cluster=cluster.name, refused=tuple(refused.values()), unknown=len(unknown)
    )
