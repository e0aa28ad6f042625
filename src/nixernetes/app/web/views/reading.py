"""What views are made from: the objects of clusters, live or rendered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from nixernetes.app.web.values import ClusterCard, DeliveryLine, DeliveryPage, ObjectName
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["PolicyResult", "Reading", "WantedObject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedObject:
    """An object that a delivery wants.

    Attributes:
        id: who it is, where it goes.
        manifest: it, as it is rendered; where Git is not read, as it is in the cluster.

    """

    id: ObjectName
    manifest: Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResult:
    """What a policy says of an object.

    Attributes:
        policy: the policy; its kind is ``""`` where a report does not say it.
        object: the object.
        rule: the rule.
        result: ``pass``, ``fail``, ``warn``, ``error``, ``skip``, or ``unknown``.
        message: what it says, in one line, without secret values.

    """

    policy: ObjectKey
    object: ObjectName
    rule: str
    result: str
    message: str


class Reading(Protocol):
    """Reads objects of clusters; in a repository those that deliveries bring, each as rendered."""

    @property
    def mode(self) -> Literal["run", "repository", "live"]:
        """Whether something runs, and who runs it."""
        ...

    @property
    def clusters(self) -> Sequence[str]:
        """The clusters."""
        ...

    def now(self) -> datetime:
        """Return the present."""
        ...

    def get(self, cluster: str, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def list(self, cluster: str, kind: GroupKind) -> Sequence[Manifest]:
        """Return the objects of a kind; none where it is not served, or may not be read."""
        ...

    def kinds(self, cluster: str) -> Mapping[GroupKind, int | None]:
        """Return the kinds that a cluster serves, or that are brought to it, each with how many objects it has."""
        ...

    def version(self, cluster: str) -> str:
        """Return the version of a cluster; ``""`` where it is not known."""
        ...

    def is_sealed(self, cluster: str, key: ObjectKey) -> bool:
        """Tell whether SOPS encrypted an object in Git."""
        ...

    def policy_results(self, cluster: str) -> Sequence[PolicyResult]:
        """Return what the policies of Kyverno say of the objects of a cluster; in a repository what is not kept."""
        ...

    def unread(self) -> Sequence[str]:
        """Return what could not be read so far, a sentence each: whatever stands on it is not verified."""
        ...

    def cards(self) -> Sequence[ClusterCard]:
        """Return the clusters in one look, as the fleet shows them."""
        ...

    def lines(self) -> Sequence[DeliveryLine]:
        """Return the deliveries, as the fleet shows them."""
        ...

    def delivery(self, wanted: ObjectName) -> DeliveryPage:
        """Return one delivery, as it is shown.

        Raises:
            NixernetesError: it is not there.

        """
        ...

    def wanted(self, delivery: ObjectName) -> Sequence[WantedObject]:
        """Return what a delivery wants, hooks too where these are known."""
        ...
