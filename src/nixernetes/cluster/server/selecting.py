"""Which objects of a collection a request wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.history import Recorded
from nixernetes.cluster.server.options import ListOptions
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.watching import Told, of_interest
from nixernetes.errors import InputError
from nixernetes.languages.labels import selectors as label_selectors
from nixernetes.objects.fields import text_at
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
            tests.append(_by_labels(options.labels))
        if options.fields:
            tests.append(_by_fields(options.fields))
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


def _by_labels(text: str) -> Matches:
    try:
        label_selectors.matches(text, {})
    except InputError as error:
        raise ApiError("BadRequest", error.message) from error
    return lambda each: label_selectors.matches(text, labels_of(each))


def _by_fields(text: str) -> Matches:
    wanted: list[tuple[tuple[str, ...], str, bool]] = []
    for part in text.split(","):
        name, sign, value = part.partition("!=")
        if not sign:
            name, sign, value = part.partition("=")
            value = value.removeprefix("=")
        if not sign:
            raise ApiError("BadRequest", f"invalid selector: '{text}'; can't understand '{part}'")
        wanted.append((tuple(name.strip().split(".")), value, "!=" in part))
    return lambda each: all((text_at(each, *path) == value) is not differs for path, value, differs in wanted)
