"""Variables whose values are computed when they are first read, as ``variables.x`` of policies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.values import Value

__all__ = ["LazyMap"]


class LazyMap(Mapping[str, Value]):
    """A map that asks for each value once, when it is read; ``has`` and ``in`` ask for none.

    Args:
        providers: what gives the value of each key. An ``EvaluationError`` that one raises is raised at each reading.

    """

    __slots__ = ("_failed", "_known", "_providers")

    def __init__(self, providers: Mapping[str, Callable[[], Value]]) -> None:
        self._providers = providers
        self._known: dict[str, Value] = {}
        self._failed: dict[str, EvaluationError] = {}

    def __getitem__(self, key: str) -> Value:
        if key in self._known:
            return self._known[key]
        if key in self._failed:
            raise self._failed[key]
        provider = self._providers[key]
        try:
            value = provider()
        except EvaluationError as error:
            self._failed[key] = error
            raise
        self._known[key] = value
        return value

    def __contains__(self, key: object) -> bool:
        return key in self._providers

    def __iter__(self) -> Iterator[str]:
        return iter(self._providers)

    def __len__(self) -> int:
        return len(self._providers)
