"""The recorder keeps the latest events and tells its subscribers of each."""

from nixernetes.engine.events import RecordedEvent, Recorder
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.identity import ObjectKey

_POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "b", "uid": "1"}}


def test_an_event_names_its_object_and_moment() -> None:
    clock = VirtualClock()
    event = Recorder(clock).event(_POD, "Warning", "Failed", "it broke", {"k": "v"}, controller="kubelet")
    assert event.key == ObjectKey("", "Pod", "b", "a")
    assert (event.time, event.uid, event.annotations) == (clock.now(), "1", {"k": "v"})


def test_only_the_latest_are_kept() -> None:
    recorder = Recorder(VirtualClock(), keep=2)
    for number in range(3):
        recorder.event(_POD, "Normal", "Counted", str(number))
    assert [event.message for event in recorder.recent] == ["1", "2"]


def test_subscribers_hear_every_event() -> None:
    recorder, heard = Recorder(VirtualClock(), keep=1), list[RecordedEvent]()
    recorder.subscribe(heard.append)
    for number in range(3):
        recorder.event(_POD, "Normal", "Counted", str(number))
    assert [event.message for event in heard] == ["0", "1", "2"]
