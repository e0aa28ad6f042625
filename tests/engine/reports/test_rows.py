"""Rows that are followed say what a report says that reads everything, whatever has changed in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.app.console.worlds import settled

from nixernetes.app.worlds import World
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.engine.reports import Rows
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, DEPLOYMENT, POD
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin

SHOP = ObjectKey(*DEPLOYMENT, "production", "shop")
_KUSTOMIZE = "kustomize.toolkit.fluxcd.io"


@pytest.fixture(name="world", scope="module", params=["flux", "argocd"])
def a_world(request: pytest.FixtureRequest) -> Iterator[World]:
    with settled(engine=request.param) as world:
        yield world


def is_law(world: World, rows: Rows) -> None:
    """Hold what is followed equal to what is read anew."""
    rows.settle()
    assert rows.all() == world.report().deliveries


def live(world: World, key: ObjectKey) -> Manifest:
    """Return an object of a cluster."""
    found = world.clusters["eu-west-1"].get(key)
    assert found is not None
    return found


def test_nothing_is_read_again_where_nothing_changed(world: World) -> None:
    rows = world.followed()
    rows.settle()
    before = rows.all()
    moved = rows.settle()
    assert (moved.rows, moved.gone, moved.touched) == ((), (), frozenset())
    assert all(one is two for one, two in zip(before, rows.all(), strict=True))


def test_a_change_touches_its_delivery_alone(world: World) -> None:
    rows = world.followed()
    rows.settle()
    cluster = world.clusters["eu-west-1"]
    pod = next(each for each in cluster.list(POD) if each["metadata"]["name"].startswith("shop-"))
    cluster.update({**pod, "metadata": {**pod["metadata"], "labels": {"a": "b"}}}, manager="somebody")
    moved = rows.settle()
    assert moved.touched
    assert all(key.name.startswith("shop") for _, key in moved.touched)
    assert moved.rows == ()


def test_what_is_followed_is_what_is_read(world: World) -> None:
    rows = world.followed()
    is_law(world, rows)
    cluster = world.clusters["eu-west-1"]
    shop = live(world, SHOP)
    template = shop["spec"]["template"]
    wanted = {**shop["spec"], "replicas": 7, "template": {**template, "spec": {**template["spec"], "volumes": []}}}
    wanted["template"]["spec"]["volumes"] = [{"name": "none", "configMap": {"name": "not-there"}}]
    cluster.update({**shop, "spec": wanted}, manager="somebody")
    is_law(world, rows)
    for _ in range(40):  # pods wait for what is not there, until the drift is healed
        world.run_for(timedelta(seconds=5))
        is_law(world, rows)
    for pod in cluster.list(POD)[:3]:
        cluster.delete(ObjectKey(*POD, pod["metadata"]["namespace"], pod["metadata"]["name"]))
        is_law(world, rows)
    cluster.delete(SHOP)
    is_law(world, rows)
    for _ in range(10):
        world.run_for(timedelta(seconds=30))
        is_law(world, rows)


def test_deliveries_that_come_and_go_are_followed(world: World) -> None:
    if not world.flux:
        return
    rows = world.followed()
    is_law(world, rows)
    cluster = world.clusters["eu-west-1"]
    first = next(row for row in rows.all() if row.cluster == "eu-west-1" and row.key.group == _KUSTOMIZE)
    item = live(world, first.key)
    twin = {**item, "metadata": {"name": "twin", "namespace": first.key.namespace}}
    cluster.create({**twin, "spec": {**item["spec"], "prune": False}}, manager="somebody")
    for _ in range(6):
        world.run_for(timedelta(seconds=10))
        is_law(world, rows)
    assert any("is also brought by" in text for row in rows.all() for text in row.warnings), "two own the same"
    cluster.delete(first.key._replace(name="twin"))
    world.run_for(timedelta(seconds=30))
    is_law(world, rows)
    assert not any("is also brought by" in text for row in rows.all() for text in row.warnings)


def test_what_an_application_set_generates_is_written_where_the_set_is() -> None:
    about = {"apiVersion": "argoproj.io/v1alpha1", "metadata": {"name": "shops", "namespace": "argocd"}}
    one = {"group": APPLICATION.group, "kind": "Application", "namespace": "argocd", "name": "shop"}
    clock = VirtualClock()
    cluster = EmbeddedCluster(name="dev", clock=clock)
    for kind in (APPLICATION, APPLICATION_SET):
        cluster.serve(kind)
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "argocd"}}, manager="a")
    generator = {**about, "kind": "ApplicationSet", "status": {"resources": [one]}}
    cluster.apply({**about, "kind": "Application", "metadata": {**about["metadata"], "name": "shop"}}, manager="a")
    made = cluster.apply(generator, manager="a")
    cluster.update({**made, "status": generator["status"]}, manager="a", subresource="status")
    who, places = ("dev", key_of(generator)), {("dev", key_of(generator)): Origin(file="shops.yaml", line=3)}
    rows = Rows({"dev": cluster}, origin=lambda _: lambda _one, _other: None, notes=lambda *_: (), started=places)
    rows.settle()
    assert [row.origin for row in rows.all()] == ["shops.yaml:3", "shops.yaml:3"]
    places[who] = Origin(file="moved.yaml", line=1)
    rows.changed("dev", generator)
    rows.settle()
    assert [row.origin for row in rows.all()] == ["moved.yaml:1", "moved.yaml:1"]
