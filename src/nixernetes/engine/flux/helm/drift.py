"""Drift of a release's objects (Flux, section 10.5): told of, or mended, or not looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal, TypeAlias

from nixernetes.engine.flux.applying import drift, ordering
from nixernetes.engine.flux.controller import FluxController
from nixernetes.engine.flux.helm.cluster import HelmCluster, HelmError
from nixernetes.engine.flux.helm.cluster_changes import JsonChange
from nixernetes.engine.flux.helm.storage import Release
from nixernetes.engine.flux.subject import Subject
from nixernetes.gitops.flux.helm_release import HelmRelease
from nixernetes.gitops.flux.kustomize_parts import IgnoreRule
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of

__all__ = ["correct_drift"]

_SWITCH = "helm.toolkit.fluxcd.io/driftDetection"
_Drift: TypeAlias = Literal["excluded", "removed"] | Sequence[JsonChange] | None
_NO_DRIFT = "No drift detected against the cluster state"


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
    found, refused = list[tuple[Manifest, _Drift]](), list[HelmError]()
    for one in release.objects:
        try:
            found.append((one, _drift(cluster, one, asked.ignore or ())))
        except HelmError as error:  # what else has drifted is told, and mended, all the same
            refused.append(error)
    drifted = [(one, what) for one, what in found if what is not None and what != "excluded"]
    if not drifted:
        _unless(refused)
        subject.mark("Drifted", "False", "NoDriftDetected", _NO_DRIFT)
        return
    lines = "\n".join(f"{key_of(one)} {_shown(what)}" for one, what in found if what is not None)
    text = f"Cluster state of release {release.full_name} has drifted from the desired state:\n{lines}"
    controller.event(subject, "Warning", "DriftDetected", text)
    subject.mark("Drifted", "True", "DriftDetected", text)
    if asked.mode == "enabled":
        ordered = sorted(drifted, key=lambda pair: (pair[1] != "removed", ordering.sort_key(key_of(pair[0]))))
        for one, what in ordered:
            cluster.restore(one, () if isinstance(what, str) else what)
        names = "\n".join(f"{key_of(one)} {'created' if what == 'removed' else 'configured'}" for one, what in ordered)
        text = f"Cluster state of release {release.full_name} has been corrected:\n{names}"
        controller.event(subject, "Normal", "DriftCorrected", text)
        _unless(refused)
        subject.mark("Drifted", "False", "NoDriftDetected", _NO_DRIFT)


def _unless(refused: Sequence[HelmError]) -> None:
    """Say what could not be compared: how the release stands is not known then."""
    if refused:
        raise HelmError(f"unable to determine cluster state: {refused[0].message}")


def _shown(what: str | Sequence[JsonChange]) -> str:
    """Return how an object differs (helm-controller v1.6.3, ``internal/diff/summarize.go``)."""
    if isinstance(what, str):
        return what
    done = Counter(each.operation for each in what)
    return f"changed ({done['add']} additions, {done['replace']} changes, {done['remove']} removals)"


def _drift(cluster: HelmCluster, manifest: Manifest, rules: Sequence[IgnoreRule]) -> _Drift:
    paths = drift.pointers(rules, manifest)
    if _is_off(manifest) or () in paths:
        return "excluded"
    live = cluster.live(key_of(manifest))
    if live is None:
        return "removed"
    return "excluded" if _is_off(live) else cluster.drift(manifest, paths) or None


def _is_off(manifest: Manifest) -> bool:
    return "disabled" in (labels_of(manifest).get(_SWITCH), annotations_of(manifest).get(_SWITCH))
