"""The kinds that Argo CD sees: ``resource.exclusions`` and ``resource.inclusions`` of ``argocd-cm`` (section 12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import (
    AUTHENTICATION,
    AUTHORIZATION,
    CERT_MANAGER,
    CERTIFICATES,
    CILIUM,
    COORDINATION,
    DISCOVERY,
    KYVERNO,
)
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Json

__all__ = ["ResourceFilter"]

# resource.exclusions as Argo CD 3 ships them: kinds that change all the time, or answer rather than are.
_EXCLUDED: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("", DISCOVERY), ("Endpoints", "EndpointSlice")),
    ((COORDINATION,), ("Lease",)),
    (
        (AUTHENTICATION, AUTHORIZATION),
        (
            "SelfSubjectReview",
            "TokenReview",
            "LocalSubjectAccessReview",
            "SelfSubjectAccessReview",
            "SelfSubjectRulesReview",
            "SubjectAccessReview",
        ),
    ),
    ((CERTIFICATES,), ("CertificateSigningRequest",)),
    ((CERT_MANAGER,), ("CertificateRequest",)),
    ((CILIUM,), ("CiliumIdentity", "CiliumEndpoint", "CiliumEndpointSlice")),
    (
        (KYVERNO, "reports.kyverno.io", "wgpolicyk8s.io"),
        (
            "PolicyReport",
            "ClusterPolicyReport",
            "EphemeralReport",
            "ClusterEphemeralReport",
            "AdmissionReport",
            "ClusterAdmissionReport",
            "BackgroundScanReport",
            "ClusterBackgroundScanReport",
            "UpdateRequest",
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFilter:
    """The kinds that Argo CD passes over.

    Attributes:
        exclusions: ``apiGroups``, ``kinds`` and ``clusters`` (patterns) of kinds that it does not see.
        inclusions: the same, of the only kinds that it sees; empty means all.

    """

    exclusions: tuple[Json, ...] = ()
    inclusions: tuple[Json, ...] = ()

    @classmethod
    def from_settings(cls, data: Mapping[str, str], subject: str = "ConfigMap/argocd/argocd-cm") -> ResourceFilter:
        """Read the filter of ``argocd-cm``.

        Raises:
            InputError: a setting is no YAML list of objects; the message names its key.

        """
        return cls(
            exclusions=_entries(data, "resource.exclusions", subject),
            inclusions=_entries(data, "resource.inclusions", subject),
        )

    def excludes(self, kind: GroupKind, server: str) -> bool:
        """Tell whether a kind is invisible on a cluster; an exclusion wins over an inclusion."""
        if any(kind.group in groups and kind.kind in kinds for groups, kinds in _EXCLUDED):
            return True
        if any(_covers(entry, kind, server) for entry in self.exclusions):
            return True
        return bool(self.inclusions) and not any(_covers(entry, kind, server) for entry in self.inclusions)


def _entries(data: Mapping[str, str], key: str, subject: str) -> tuple[Json, ...]:
    try:
        found = yamls.parse(data[key]) if data.get(key) else []
    except InputError as error:
        raise InputError(f"{key}: {error.message}", subject=subject) from error
    if not isinstance(found or [], list) or not all(map(_is_entry, found or [])):
        raise InputError(f"{key}: must be a list of apiGroups, kinds and clusters", subject=subject)
    return tuple(found or ())


def _is_entry(entry: Json) -> bool:
    return isinstance(entry, dict) and all(
        isinstance(entry.get(name) or [], list) and all(isinstance(each, str) for each in entry.get(name) or [])
        for name in ("apiGroups", "kinds", "clusters")
    )


def _covers(entry: Json, kind: GroupKind, server: str) -> bool:
    def any_of(patterns: Json, value: str) -> bool:
        return not patterns or any(glob_match(pattern, value) for pattern in patterns)

    return (
        any_of(entry.get("apiGroups"), kind.group)
        and any_of(entry.get("kinds"), kind.kind)
        and any_of(entry.get("clusters"), server)
    )
