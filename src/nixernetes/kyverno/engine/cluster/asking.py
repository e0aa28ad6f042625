"""Who answers the questions of expressions: programs are compiled once, and asked with ever new answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeVar

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.cluster.answers import ClusterAnswers, NotGivenError
from nixernetes.kyverno.engine.jmespath.certificates import decoded_certificate
from nixernetes.kyverno.engine.jmespath.random_texts import random_text
from nixernetes.objects.manifest import Json

__all__ = ["Asking", "CurrentAnswers", "asking"]

_NOT_ALLOWED = "http calls are not allowed in namespaced policies: set --allowHTTPInNamespacedPolicies to enable"
_MOST = 10_000
_Answer = TypeVar("_Answer")
_NOW: ContextVar[Asking] = ContextVar("answers of the cluster")


class NoAnswer:
    """Stands for an answer that is an error."""


NO_ANSWER: Final = NoAnswer()


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
        self.generated: list[tuple[str, list[Json]]] = []


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
        return _told(lambda known: known.found(api_version, resource, namespace, name), otherwise=None)

    def listed(self, api_version: str, resource: str, namespace: str, labels: Mapping[str, str]) -> list[Json]:
        """Return objects."""
        return _told(lambda known: known.listed(api_version, resource, namespace, labels), otherwise=[])

    def entry(self, name: str, projection: str) -> Json:
        """Return what a GlobalContextEntry holds."""
        return _told(lambda known: known.entry(name, projection), otherwise=None)

    def call(self, method: str, url: str) -> Json:
        """Return the response of a server."""
        if _NOW.get().namespace:
            raise _failed(f"request failed: {_NOT_ALLOWED}")
        return _told(lambda known: dict(known.call(method, url)))

    def image(self, reference: str) -> Json:
        """Return what a registry says of an image."""
        return _told(lambda known: dict(known.image(reference)))

    def generate(self, namespace: str, objects: list[Json]) -> bool:
        """Take note of objects that a policy makes."""
        now = _NOW.get()
        if len(now.generated) >= _MOST:
            raise _failed(f"more than {_MOST:,} calls of generator.apply")
        now.generated.append((now.namespace or namespace, objects))
        return True

    def now(self) -> str:
        """Return the present."""
        return _told(lambda known: known.present())

    def random(self, pattern: str) -> str:
        """Return a text that a pattern fits."""
        return _told(lambda _: random_text(pattern))

    def decoded(self, certificate: str) -> Json:
        """Return what is in a certificate or a request for one."""
        return _told(lambda _: decoded_certificate(certificate))

    def group_resource(self, api_version: str, kind: str) -> Json:
        """Return group, version and resource of a kind."""
        return _told(lambda known: known.group_resource(api_version, kind))

    def own_namespace(self) -> str:
        """Return the namespace of the policy that asks."""
        return _NOW.get().namespace


def _failed(message: str) -> InputError:
    from nixernetes.languages.cel import EvaluationError  # noqa: PLC0415  # few policies ask

    return EvaluationError(message)


def _told(ask: Callable[[ClusterAnswers], _Answer], *, otherwise: _Answer | NoAnswer = NO_ANSWER) -> _Answer:
    """Return an answer; of what nobody gave it is noted that it was asked for, and Kyverno finds nothing then."""
    now = _NOW.get()
    try:
        return ask(now.answers)
    except NotGivenError as error:
        now.not_given.append(error.message.removeprefix("not provided: "))
        if not isinstance(otherwise, NoAnswer):
            return otherwise
        raise _failed(f"not evaluated: {error.message}") from error
    except InputError as error:
        raise _failed(error.message) from error
