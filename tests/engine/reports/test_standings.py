"""How deliveries stand is read from their own objects, with the health of each engine's rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from nixernetes.cluster.api import ApiError
from nixernetes.engine.reports.standings import DeliveryStanding, standings
from nixernetes.objects.identity import GroupKind, ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, GIT_REPOSITORY, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Json, Manifest

NOW = datetime(2026, 1, 1, tzinfo=UTC)
VERSIONS = {KUSTOMIZATION: "v1", HELM_RELEASE: "v2", GIT_REPOSITORY: "v1", APPLICATION: "v1alpha1"}


class Listed:
    """A cluster as one list of objects; nobody may list the kinds that are forbidden."""

    def __init__(self, *items: Manifest, forbidden: tuple[GroupKind, ...] = ()) -> None:
        self._items = items
        self._forbidden = forbidden

    def get(self, key: ObjectKey) -> Manifest | None:
        return next((each for each in self._items if key_of(each) == key), None)

    def list(
        self, kind: GroupKind, *, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> list[Manifest]:
        assert labels is None
        if kind in self._forbidden:
            raise ApiError("Forbidden", "jane may not")
        found = [each for each in self._items if group_kind(each) == kind]
        return [each for each in found if namespace in (None, each["metadata"]["namespace"])]

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        return True if kind in self._forbidden or self.list(kind) else None

    def is_served(self, manifest: Manifest) -> bool:
        return self.is_namespaced(group_kind(manifest)) is not None


def delivery(
    kind: GroupKind, name: str = "a", *, spec: Json = None, namespace: str = "flux-system", **status: Json
) -> Manifest:
    version = VERSIONS.get(kind, "v1alpha1")
    meta = {"name": name, "namespace": namespace, "generation": 1}
    return {
        "apiVersion": f"{kind.group}/{version}",
        "kind": kind.kind,
        "metadata": meta,
        "spec": spec or {},
        "status": status,
    }


def ready(status: str, reason: str = "", message: str = "") -> Mapping[str, str]:
    return {"type": "Ready", "status": status, "reason": reason, "message": message}


def only(item: Manifest) -> DeliveryStanding:
    (found,) = standings("c", Listed(item), NOW).deliveries
    return found


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        (
            delivery(
                KUSTOMIZATION,
                conditions=[ready("True", "ReconciliationSucceeded", "Applied")],
                lastAppliedRevision="main@sha1:1",
                observedGeneration=1,
            ),
            ("ready", "Current", "ReconciliationSucceeded", "main@sha1:1", "Applied"),
        ),
        (
            delivery(KUSTOMIZATION, conditions=[ready("False", "BuildFailed", "no such file")], observedGeneration=1),
            ("failed", "InProgress", "BuildFailed", "", "no such file"),
        ),
        (
            delivery(
                HELM_RELEASE,
                conditions=[
                    ready("False", "InstallFailed"),
                    {"type": "Stalled", "status": "True", "reason": "RetriesExceeded"},
                ],
                observedGeneration=1,
            ),
            ("failed", "Failed", "InstallFailed", "", ""),
        ),
        (
            delivery(KUSTOMIZATION, spec={"suspend": True}),
            ("suspended", "InProgress", "LatestGenerationNotObserved", "", ""),
        ),
        (
            delivery(
                APPLICATION,
                sync={"status": "Synced", "revision": "abc"},
                health={"status": "Healthy"},
                operationState={"phase": "Succeeded", "message": "successfully synced"},
            ),
            ("ready", "Healthy", "Synced", "abc", "successfully synced"),
        ),
        (
            delivery(
                APPLICATION,
                sync={"status": "OutOfSync", "revision": "abc"},
                health={"status": "Degraded"},
                operationState={"phase": "Failed", "message": "one or more objects failed to apply"},
            ),
            ("failed", "Degraded", "Failed", "abc", "one or more objects failed to apply"),
        ),
        (
            delivery(APPLICATION, conditions=[{"type": "ComparisonError", "message": "no such path"}]),
            ("failed", "Unknown", "ComparisonError", "", "ComparisonError: no such path"),
        ),
    ],
)
def test_a_delivery_stands_as_its_own_status_says(item: Manifest, wanted: tuple[str, ...]) -> None:
    found = only(item)
    assert (found.state, found.health, found.reason, found.revision, found.message) == wanted


def test_sources_are_told_on_demand_and_a_namespace_chooses() -> None:
    cluster = Listed(delivery(GIT_REPOSITORY), delivery(KUSTOMIZATION), delivery(KUSTOMIZATION, namespace="other"))

    def names(**options: Json) -> list[str]:
        return [str(each.key) for each in standings("c", cluster, NOW, **options).deliveries]

    assert names() == ["Kustomization/flux-system/a", "Kustomization/other/a"]
    assert names(namespace="other") == ["Kustomization/other/a"]
    assert names(sources=True, namespace="flux-system") == [
        "GitRepository/flux-system/a",
        "Kustomization/flux-system/a",
    ]


def test_a_cluster_without_either_engine_has_no_deliveries() -> None:
    found = standings("c", Listed(), NOW)
    assert (found.deliveries, found.faults) == ((), ())


def test_a_kind_that_may_not_be_listed_is_a_fault_beside_the_rest() -> None:
    found = standings("c", Listed(delivery(KUSTOMIZATION), forbidden=(HELM_RELEASE,)), NOW)
    assert [each.key.kind for each in found.deliveries] == ["Kustomization"]
    assert found.faults == ("helmreleases.helm.toolkit.fluxcd.io cannot be listed: jane may not",)
