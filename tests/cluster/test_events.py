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
    events.event(web, "Normal", "A", "old")
    clock.advance(timedelta(hours=2))
    events.event(web, "Normal", "B", "new")
    assert {each["reason"] for each in cluster.list(EVENTS)} == {"B"}


def test_ten_of_a_reason_become_one_and_a_source_that_tells_too_much_is_held_back() -> None:
    clock = VirtualClock()
    cluster = EmbeddedCluster(name="c", clock=clock, alone=True)
    web = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"}}
    events = ClusterEvents(cluster)
    for number in range(40):
        events.event(web, "Normal", "A", str(number))
    found = [(each["message"], each["count"]) for each in cluster.list(EVENTS)]
    assert len(found) == 10
    assert [each for each in found if each[0].startswith("(")] == [("(combined from similar events): 24", 16)]
    clock.advance(timedelta(minutes=5))
    events.event(web, "Normal", "A", "later")
    told = {each["message"]: each["count"] for each in cluster.list(EVENTS)}
    assert told["(combined from similar events): later"] == 32  # also what was held back is counted


def test_other_types_and_objects_have_a_measure_of_their_own() -> None:
    cluster = EmbeddedCluster(name="c", clock=VirtualClock(), alone=True)
    events = ClusterEvents(cluster)
    for number in range(40):
        for name in ("a", "b"):
            meta = {"name": name, "namespace": "default"}
            events.event({"apiVersion": "v1", "kind": "Pod", "metadata": meta}, "Normal", "A", f"{number}")
    events.event({"apiVersion": "v1", "kind": "Pod", "metadata": meta}, "Warning", "A", "0")
    names = [each["involvedObject"]["name"] for each in cluster.list(EVENTS)]
    assert (names.count("a"), names.count("b")) == (10, 11)
