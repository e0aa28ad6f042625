"""Drift of a release's objects (Flux, section 10.5): told of, or mended, or not looked for."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.engine.flux.applying import drift
from nixernetes.engine.flux.applying.managed_fields import taken_over
from nixernetes.engine.flux.controller import FluxController
from nixernetes.engine.flux.helm.cluster import HelmCluster
from nixernetes.engine.flux.helm.storage import Release
from nixernetes.engine.flux.subject import Subject
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.gitops.flux.kustomize_parts import IgnoreRule
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of

__all__ = ["correct_drift"]

_SWITCH = "helm.toolkit.fluxcd.io/driftDetection"


def correct_drift(
    controller: FluxController[HelmRelease], subject: Subject[HelmRelease], cluster: HelmCluster, release: Release
) -> None:
    """Compare the release's objects with the live ones; mend them in mode ``enabled``.

    Raises:
        HelmError: the cluster refused a comparison or a change.
        InputError: what is to be ignored is malformed.

    """
    asked = subject.spec.drift_detection
    if asked is None or asked.mode in (None, "disabled"):
        subject.drop("Drifted")
        return
    rules = asked.ignore or ()
    drifted = [found for one in release.objects if (found := _drift(cluster, one, rules)) is not None]
    if not drifted:
        text = f"No drift detected for release {release.full_name}"
        subject.mark("Drifted", "False", "NoDriftDetected", text)
        return
    lines = "\n".join(f"{key_of(one)} {what}" for one, what in drifted)
    text = f"Cluster state of release {release.full_name} has drifted from the desired state:\n{lines}"
    controller.event(subject, "Warning", "DriftDetected", text)
    subject.mark("Drifted", "True", "DriftDetected", text)
    if asked.mode == "enabled":
        for one, _ in drifted:
            cluster.restore(one, drift.pointers(rules, one))
        names = "\n".join(f"{key_of(one)} {'created' if what == 'removed' else 'configured'}" for one, what in drifted)
        text = f"Cluster state of release {release.full_name} has been corrected:\n{names}"
        controller.event(subject, "Normal", "DriftCorrected", text)
        subject.mark("Drifted", "False", "NoDriftDetected", f"No drift detected for release {release.full_name}")


def _drift(cluster: HelmCluster, manifest: Manifest, rules: Sequence[IgnoreRule]) -> tuple[Manifest, str] | None:
    if "disabled" in (labels_of(manifest).get(_SWITCH), annotations_of(manifest).get(_SWITCH)):
        return None
    live = cluster.live(key_of(manifest))
    if live is None:
        return manifest, "removed"
    if "disabled" in (labels_of(live).get(_SWITCH), annotations_of(live).get(_SWITCH)):
        return None
    paths = drift.pointers(rules, manifest)
    if () in paths:
        return None
    if taken_over(live, "helm-controller") is None and not cluster.drifted(manifest, paths):
        return None
    return manifest, "changed"
