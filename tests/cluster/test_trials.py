"""A write after a dry run of the same object: not checked again, and refused where the cluster has changed since."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nixernetes.cluster import validation
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

_MANAGER = "kustomize-controller"


@pytest.fixture
def cluster() -> EmbeddedCluster:
    return EmbeddedCluster(name="c", clock=VirtualClock(datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names the objects that are checked as a whole."""
    found: list[str] = []
    check = validation.check_stored

    def noting(schemas: object, new: Manifest, old: Manifest | None = None, *, version: str = "") -> None:
        found.append(new["metadata"]["name"])
        check(schemas, new, old, version=version)  # type: ignore[arg-type]

    monkeypatch.setattr(validation, "check_stored", noting)
    return found


def _settings(value: str = "1") -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "default"},
        "data": {"a": value},
    }


def _widgets(pattern: str) -> Manifest:
    schema = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": {"size": {"type": "string", "pattern": pattern}}}},
    }
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
            "scope": "Cluster",
            "versions": [version],
        },
    }


def test_the_write_after_a_dry_run_is_not_checked_again(cluster: EmbeddedCluster, checked: list[str]) -> None:
    for value in ("1", "2"):  # of a new object, and of one that is there
        wanted = _settings(value)
        tried = cluster.apply(wanted, manager=_MANAGER, force=True, dry_run=True)
        stored = cluster.apply(wanted, manager=_MANAGER, force=True)
        assert stored["data"] == tried["data"] == {"a": value}
    assert checked == ["settings", "settings"]


def test_another_write_than_the_one_that_was_tried_is_checked(cluster: EmbeddedCluster, checked: list[str]) -> None:
    wanted = _settings()
    cluster.apply(wanted, manager=_MANAGER, force=True, dry_run=True)
    cluster.apply(wanted, manager="somebody-else", force=True)
    cluster.apply(wanted, manager=_MANAGER, force=True, dry_run=True)
    assert len(checked) == 3


def test_a_definition_that_came_between_is_asked(cluster: EmbeddedCluster) -> None:
    cluster.apply(_widgets("^.*$"), manager=_MANAGER)
    widget = {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "w"},
        "spec": {"size": "large"},
    }
    cluster.apply(widget, manager=_MANAGER, force=True, dry_run=True)
    cluster.apply(_widgets("^[0-9]+$"), manager=_MANAGER)
    with pytest.raises(ApiError, match=r"spec\.size"):
        cluster.apply(widget, manager=_MANAGER, force=True)


def test_a_namespace_that_went_between_refuses(cluster: EmbeddedCluster) -> None:
    cluster.namespace("shop")
    wanted = _settings()
    wanted["metadata"]["namespace"] = "shop"
    cluster.apply(wanted, manager=_MANAGER, force=True, dry_run=True)
    cluster.delete(ObjectKey("", "Namespace", "", "shop"))
    with pytest.raises(ApiError, match='namespaces "shop" not found'):
        cluster.apply(wanted, manager=_MANAGER, force=True)


def test_one_and_true_are_not_the_same_configuration(cluster: EmbeddedCluster) -> None:
    cluster.apply(_widgets("^.*$"), manager=_MANAGER)
    made: Manifest = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"}, "spec": {}}
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "a", "namespace": "default"},
        "automountServiceAccountToken": True,
    }
    cluster.apply(made, manager=_MANAGER)
    cluster.apply(account, manager=_MANAGER)
    with pytest.raises(ApiError):
        cluster.apply({**account, "automountServiceAccountToken": 1}, manager=_MANAGER)
