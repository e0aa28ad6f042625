"""Who answers the questions of expressions: programs are compiled once, and asked with ever new answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cluster.answers import ClusterAnswers, NotGivenError
from nixernetes.objects.manifest import Json

__all__ = ["Asking", "CurrentAnswers", "asking"]

_NOT_ALLOWED = "http calls are not allowed in namespaced policies: set --allowHTTPInNamespacedPolicies to enable"
_Answer = TypeVar("_Answer")
_NOW: ContextVar[Asking] = ContextVar("answers of the cluster")


class Asking:
    """The answers that count while expressions of one policy are evaluated.

    Args:
        answers: the answers.
        namespace: of a policy that has one.

    """

    def __init__(self, answers: ClusterAnswers, namespace: str = "") -> None:
        self.answers = answers
        self.namespace = namespace
        self.not_given: list[str] = []


@contextmanager
def asking(by: Asking) -> Iterator[None]:
    """Let these answers count while something is evaluated."""
    token = _NOW.set(by)
    try:
        yield
    finally:
        _NOW.reset(token)


class CurrentAnswers:
    """Answers with whatever counts at the moment."""

    def found(self, api_version: str, resource: str, namespace: str, name: str) -> Json:
        """Return an object."""
        return _told(lambda known: known.found(api_version, resource, namespace, name))

    def listed(self, api_version: str, resource: str, namespace: str, labels: Mapping[str, str]) -> list[Json]:
        """Return objects."""
        return _told(lambda known: known.listed(api_version, resource, namespace, labels))

    def entry(self, name: str, projection: str) -> Json:
        """Return what a GlobalContextEntry holds."""
        return _told(lambda known: known.entry(name, projection))

    def call(self, method: str, url: str) -> Json:
        """Return the response of a server."""
        if _NOW.get().namespace:
            raise _failed(f"request failed: {_NOT_ALLOWED}")
        return _told(lambda known: dict(known.call(method, url)))

    def image(self, reference: str) -> Json:
        """Return what a registry says of an image."""
        return _told(lambda known: dict(known.image(reference)))

    def own_namespace(self) -> str:
        """Return the namespace of the policy that asks."""
        return _NOW.get().namespace


def _failed(message: str) -> InputError:
    from nixernetes.languages.cel import EvaluationError  # noqa: PLC0415  # few policies ask

    return EvaluationError(message)


def _told(ask: Callable[[ClusterAnswers], _Answer]) -> _Answer:
    now = _NOW.get()
    try:
        return ask(now.answers)
    except NotGivenError as error:
        now.not_given.append(error.message.removeprefix("not provided: "))
        raise _failed(f"not evaluated: {error.message}") from error
    except InputError as error:
        raise _failed(error.message) from error
