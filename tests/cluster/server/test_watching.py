"""A watch whose client does not read holds no more than it may, and is ended."""

from __future__ import annotations

import pytest

from nixernetes.cluster.server.watching import Told, Watch, Watches

KIND = "ConfigMap"


def told(text: str) -> Told:
    return Told("ADDED", {"kind": KIND, "data": {"text": text}})


def watch(watches: Watches, *first: Told) -> Watch:
    return watches.open(KIND, lambda _: True, lambda each: str(each.object).encode(), first)


@pytest.mark.parametrize(("size", "most"), [(100, 20_000), (1_000_000, 17)])
def test_a_watch_that_nobody_takes_from_is_ended_and_forgets_what_waits(size: int, most: int) -> None:
    watches = Watches()
    found = watch(watches)
    event, count = told("x" * size), 0
    while not found.is_over:
        watches.bookmark(KIND, event)
        count += 1
        assert count <= most + 1
    assert count == most + 1
    assert found.take() == []
    assert len(watches) == 0


def test_what_is_taken_is_not_held_against_a_watch() -> None:
    watches = Watches()
    found = watch(watches)
    for _ in range(50):
        watches.bookmark(KIND, told("x" * 1_000_000))
        assert len(found.take()) == 1
    assert not found.is_over


def test_a_long_beginning_leaves_room_for_what_follows() -> None:
    watches = Watches()
    found = watch(watches, *[told("x" * 1_000)] * 25_000)
    watches.bookmark(KIND, told("y"))
    assert not found.is_over
    assert len(found.take()) == 25_001
