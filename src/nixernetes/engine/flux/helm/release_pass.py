"""One pass over a HelmRelease: what it works on, and how its status speaks of it."""

from __future__ import annotations

import hashlib
import json

from nixernetes.engine.flux.applying.apply import Pause
from nixernetes.engine.flux.helm.actions import Actions, Desired
from nixernetes.engine.flux.helm.settings import ignores_tests
from nixernetes.engine.flux.helm.state import ExhaustedError, HelmAction
from nixernetes.engine.flux.helm.storage import Release, Storage, digest_of_values
from nixernetes.engine.flux.subject import Subject
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.objects.api_groups import FLUX_HELM
from nixernetes.objects.manifest import Json, annotations_of

__all__ = [
    "ReleasePass",
    "note_digests",
    "note_request",
    "observed_digests",
    "requested",
    "rollback_target",
    "showing",
    "summarise",
]


class ReleasePass:
    """One pass over a HelmRelease."""

    def __init__(self, subject: Subject[HelmRelease], desired: Desired, storage: Storage, actions: Actions) -> None:
        self.subject = subject
        self.desired = desired
        self.storage = storage
        self.actions = actions
        self.done: list[HelmAction] = []

    @property
    def digest(self) -> str:
        """The digest over the wanted values."""
        return digest_of_values(self.desired.values)

    @property
    def chart(self) -> str:
        """``<chart>@<version>``."""
        return f"{self.desired.chart.name}@{self.desired.chart.version}"

    @property
    def facts(self) -> dict[str, str]:
        """The metadata of events."""
        facts = {
            f"{FLUX_HELM}/revision": self.desired.chart.version,
            f"{FLUX_HELM}/app-version": self.desired.chart.app_version,
        }
        if self.desired.oci_digest:
            facts[f"{FLUX_HELM}/oci-digest"] = self.desired.oci_digest
        return facts

    def oci_digest(self, release: Release) -> str:
        """Return the digest of the OCI artifact that a revision's chart is from, or ``""``."""
        if release.chart_version == self.desired.chart.version:
            return self.desired.oci_digest
        entries: Json = self.subject.status.get("history") or []
        return next((one.get("ociDigest", "") for one in entries if one["chartVersion"] == release.chart_version), "")


def rollback_target(work: ReleasePass) -> Release:
    """Return the revision that a rollback goes back to."""
    held = work.storage.releases(work.desired.name)
    for release in reversed(held[:-1]):
        if release.status in ("deployed", "superseded"):
            return release
    raise ExhaustedError("MissingRollbackTarget", "Failed to perform remediation: missing target release for rollback")


def showing(subject: Subject[HelmRelease], steps: Pause[Json], text: str) -> Pause[Json]:
    """Run the steps of an action; where they pause, the status says what runs."""
    while True:
        try:
            pause = next(steps)
        except StopIteration as stop:
            return stop.value
        subject.mark("Reconciling", "True", "Progressing", text)
        subject.mark("Ready", "Unknown", "Progressing", text)
        subject.save()
        yield pause


def summarise(subject: Subject[HelmRelease]) -> None:
    """Make Ready say what the release's own conditions say; a remediation never makes it True."""
    for kind in ("Released", "TestSuccess"):
        held = subject.condition(kind)
        if held and not (kind == "TestSuccess" and ignores_tests(subject.spec)):
            subject.mark("Ready", held["status"], held["reason"], held["message"])
    remediated = subject.condition("Remediated")
    if remediated:
        subject.mark("Ready", "False", remediated["reason"], remediated["message"])


def requested(subject: Subject[HelmRelease], part: str, field: str) -> bool:
    """Tell whether ``reconcile.fluxcd.io/<part>`` goes with the current request and was not handled yet."""
    token = annotations_of(subject.live).get(f"reconcile.fluxcd.io/{part}")
    return bool(token) and token == subject.requested_at and token != subject.status.get(field)


def note_request(subject: Subject[HelmRelease], part: str, field: str) -> None:
    """Note in the status that such a request was handled."""
    if requested(subject, part, field):
        subject.status[field] = annotations_of(subject.live)[f"reconcile.fluxcd.io/{part}"]


def note_digests(subject: Subject[HelmRelease]) -> None:
    """Note in the status what an action was run with besides the values."""
    for field, digest in observed_digests(subject.spec).items():
        subject.status.pop(field, None)
        if digest:
            subject.status[field] = digest


def observed_digests(spec: HelmRelease) -> dict[str, str]:
    """Return the digests of what changes manifests besides the values, by the field of the status that keeps each.

    As ``Digest`` and ``CommonMetadataDigest`` of helm-controller v1.6.3 (``internal/postrender``).
    """
    renderers = None if spec.post_renderers is None else [one.data() for one in spec.post_renderers]
    common = None if spec.common_metadata is None else _sorted(spec.common_metadata.data())
    return {"observedPostRenderersDigest": _digest(renderers), "observedCommonMetadataDigest": _digest(common)}


def _sorted(data: Json) -> Json:
    """Return data in the order in which Go writes it: annotations before labels, and maps by their keys."""
    return {name: dict(sorted(held.items())) for name, held in sorted(data.items())}


def _digest(data: Json) -> str:
    if data is None:
        return ""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&":  # as Go writes them in JSON
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return "sha256:" + hashlib.sha256(f"{text}\n".encode()).hexdigest()
