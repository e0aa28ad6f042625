"""A long tree sent in parts is the tree."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, strategies

from nixernetes.app.web.objects.trees import SentTrees
from nixernetes.app.web.values import DeliveryLine, DeliveryPage, ObjectLine, ObjectName

NAME = ObjectName(cluster="c", group="", kind="Kustomization", namespace="n", name="d")
TREES = strategies.lists(strategies.integers(0, 12), max_size=14, unique=True)
ASKED = strategies.sampled_from(["", "0", "3", "9", "-1", "9999999999"])


def line(number: int) -> ObjectLine:
    return ObjectLine(id=replace(NAME, name=f"o{number}"), depth=number % 3, role="brought", status=f"{number // 7}")


def page(numbers: list[int]) -> DeliveryPage:
    own = DeliveryLine(id=NAME, engine="flux", state="ready", status="True")
    return DeliveryPage(mode="run", line=own, tree=tuple(map(line, numbers)))


def joined(before: tuple[ObjectLine, ...], told: DeliveryPage) -> tuple[ObjectLine, ...]:
    """Do what the page does."""
    if told.tree_spans is None:
        return told.tree
    found: list[ObjectLine] = []
    more = iter(told.tree)
    for span in told.tree_spans:
        while len(found) < span.at:
            found.append(next(more))
        found += before[span.had : span.had + span.count]
    return (*found, *more)


@given(strategies.lists(strategies.tuples(TREES, ASKED), max_size=6))
def test_the_parts_of_a_tree_are_the_tree(steps: list[tuple[list[int], str]]) -> None:
    trees, have, known = SentTrees(), "", ()
    for numbers, lines in steps:
        whole = page(numbers)
        told = trees.windowed(whole, {"have": have, **({"lines": lines} if lines else {})})
        most = int(lines) if lines in ("0", "3", "9") else len(numbers)
        known = joined(known, told)
        assert known == whole.tree[:most]
        assert told.tree_size == len(numbers)
        if told.tree_spans is not None:
            assert sum(span.count for span in told.tree_spans) + len(told.tree) == len(known)
        have = told.tree_name


def test_a_tree_that_stays_is_not_sent_again() -> None:
    trees = SentTrees()
    first = trees.windowed(page([*range(500)]), {"lines": "300"})
    again = trees.windowed(page([*range(500)]), {"lines": "300", "have": first.tree_name})
    assert (again.tree_name, again.tree) == (first.tree_name, ())
    more = trees.windowed(page([*range(500)]), {"have": first.tree_name})
    assert [each.id.name for each in more.tree] == [f"o{number}" for number in range(300, 500)]
    other = trees.windowed(page([*range(500)]), {"have": "of another run"})
    assert (len(other.tree), other.tree_spans) == (500, None)
    assert trees.windowed(page([1]), {}).tree_name == ""


def test_old_trees_are_forgotten() -> None:
    trees = SentTrees()
    first = trees.windowed(page([1]), {"have": ""})
    for _ in range(70):
        trees.windowed(page([2]), {"have": ""})
    assert trees.windowed(page([1]), {"have": first.tree_name}).tree_spans is None
