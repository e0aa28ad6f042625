"""Which objects of a collection a request wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nixernetes.cluster.history import Recorded
from nixernetes.cluster.selectors.parsing import parse_fields, parse_labels
from nixernetes.cluster.selectors.selectable import of_builtin, of_custom
from nixernetes.cluster.server.options import ListOptions
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.watching import Told, of_interest
from nixernetes.objects.manifest import Manifest, labels_of

__all__ = ["ObjectSelection"]

Matches = Callable[[Manifest], bool]


@dataclass(frozen=True, slots=True)
class ObjectSelection:
    """The objects that a request is about.

    Attributes:
        matches: tells whether an object is one of them.
        is_all: whether no selector narrows the collection.

    """

    matches: Matches
    is_all: bool

    @classmethod
    def read(cls, served: Served, options: ListOptions) -> ObjectSelection:
        """Read the selectors, and the namespace and name of the path.

        Raises:
            ApiError: BadRequest.

        """
        tests: list[Matches] = []
        if served.namespace:
            tests.append(lambda each: bool(each["metadata"].get("namespace", "") == served.namespace))
        if served.name:
            tests.append(lambda each: bool(each["metadata"]["name"] == served.name))
        if options.labels:
            wanted = parse_labels(options.labels)
            tests.append(lambda each: wanted.matches(labels_of(each)))
        if options.fields:
            tests.append(_by_fields(served, options.fields))
        return cls(_all_of(tests), not options.labels and not options.fields)

    def seen(self, change: Recorded) -> Told | None:
        """Return what a client with this selection is told of a change."""
        return of_interest(change, self.matches)


def _all_of(tests: list[Matches]) -> Matches:
    if not tests:
        return lambda _: True
    if len(tests) == 1:
        return tests[0]
    return lambda each: all(test(each) for test in tests)


def _by_fields(served: Served, text: str) -> Matches:
    if served.is_custom:
        known = of_custom(served.selectable, is_namespaced=served.is_namespaced)
    else:
        known = of_builtin(served.kind)
    wanted = known.accepted(parse_fields(text))
    return lambda each: wanted.matches(known.of(each))
