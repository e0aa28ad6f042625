"""What controllers tell of objects becomes Events, counted where the same is said again."""

from datetime import timedelta

from nixernetes.cluster.controllers.events import ClusterEvents
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import GroupKind

EVENTS = GroupKind("", "Event")


def test_the_same_is_counted_and_something_else_is_another_event() -> None:
    clock = VirtualClock()
    cluster = EmbeddedCluster(name="c", clock=clock, alone=True)
    meta = {"name": "web", "namespace": "default", "uid": "u", "resourceVersion": "7"}
    web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta}
    events = ClusterEvents(cluster)
    for message in ("up", "up", "down"):
        events.event(web, "Normal", "ScalingReplicaSet", message)
        clock.advance(timedelta(seconds=5))
    found = {each["message"]: each for each in cluster.list(EVENTS)}
    assert {message: each["count"] for message, each in found.items()} == {"up": 2, "down": 1}
    assert found["up"]["source"] == {"component": "deployment-controller"}
    assert found["up"]["firstTimestamp"] < found["up"]["lastTimestamp"]
    assert found["up"]["involvedObject"]["uid"] == "u"


def test_events_go_after_an_hour() -> None:
    clock = VirtualClock()
    cluster = EmbeddedCluster(name="c", clock=clock, alone=True)
    web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"}}
    events = ClusterEvents(cluster)
    for number in range(100):
        events.event(web, "Normal", "A", str(number))
    clock.advance(timedelta(hours=2))
    for number in range(100):
        events.event(web, "Normal", "B", str(number))
    assert {each["reason"] for each in cluster.list(EVENTS)} == {"B"}
