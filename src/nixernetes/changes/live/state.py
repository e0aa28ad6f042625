"""What was read of a cluster that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.engine.argocd.settings import Settings
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["LiveState"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveState:
    """What a cluster answered.

    Attributes:
        context: the context through which it was asked.
        version: the version of its server.
        deliveries: its Kustomizations, HelmReleases, Applications, ... by identity.
        holds: what each of them has, by its inventory or by the marks on objects.
        objects: the objects that were asked for and are there.
        unread: objects that could not be read, with the reason.
        scopes: the kinds that it serves, and whether they have namespaces.
        settings: the settings of its Argo CD.
        unknown: what else could not be read: about what, and why.

    """

    context: str
    version: str = ""
    deliveries: Mapping[ObjectKey, Manifest] = field(default_factory=dict)
    holds: Mapping[ObjectKey, Sequence[ObjectKey]] = field(default_factory=dict)
    objects: Mapping[ObjectKey, Manifest] = field(default_factory=dict)
    unread: Mapping[ObjectKey, str] = field(default_factory=dict)
    scopes: Mapping[GroupKind, bool] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    unknown: tuple[tuple[str, str], ...] = ()
