"""What policies ask of the cluster and of servers: ``resource``, ``globalContext``, ``http``, ``image.getMetadata``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Function, Library, function
from nixernetes.languages.cel.values import Value

__all__ = ["Answers", "questions"]


class Answers(Protocol):
    """What is known of the cluster."""

    def found(self, api_version: str, resource: str, namespace: str, name: str) -> Value:
        """Return an object, or None if there is none."""

    def listed(self, api_version: str, resource: str, namespace: str, labels: Mapping[str, str]) -> list[Value]:
        """Return the objects of a namespace (``""``: of all) that have these labels."""

    def entry(self, name: str, projection: str) -> Value:
        """Return what a GlobalContextEntry holds (``""``: all of it), or None if there is no such entry."""


def questions(answers: Answers, own_namespace: str | None = None) -> Library:
    """Return the functions that ask.

    What only a server could answer (``http``, ``image.getMetadata``, ``resource.post``) compiles, and has no value: an
    ``EvaluationError`` says so.

    Args:
        answers: who answers.
        own_namespace: of a namespaced policy, whose questions are all about its own; None for the other policies.

    """
    place = "" if own_namespace is not None else "string, "
    texts = f"(string, string, {place}string) -> dyn"
    listing = f"(string, string{', string' if place else ''}) -> dyn"
    choosing = f"(string, string{', string' if place else ''}, map(string, string)) -> dyn"
    found, listed = _placed(answers.found, own_namespace), _placed(_lists(answers), own_namespace)
    asked: list[Function] = []
    for get, many in (("Get", "List"), ("get", "list")):
        asked += [
            function(f"resource.{get}", texts, found),
            function(f"resource.{many}", listing, listed),
            function(f"resource.{many}", choosing, listed),
            function(f"globalContext.{get}", "(string, string) -> dyn", answers.entry),
        ]
    return Library(name="kyverno.questions", functions=(*asked, *_unanswered(place)))


def _placed(ask: Callable[..., Value], namespace: str | None) -> Callable[..., Value]:
    if namespace is None:
        return ask
    return lambda api_version, resource, *rest: ask(api_version, resource, namespace, *rest)


def _lists(answers: Answers) -> Callable[..., Value]:
    def listed(api_version: str, resource: str, namespace: str, labels: Mapping[str, str] | None = None) -> Value:
        return {"items": answers.listed(api_version, resource, namespace, labels or {})}

    return listed


def _unanswered(place: str) -> list[Function]:
    headers = "map(string, string)"
    signatures = {
        "http.Get": ("(string) -> dyn", f"(string, {headers}) -> dyn"),
        "http.Post": ("(string, dyn) -> dyn", f"(string, dyn, {headers}) -> dyn"),
        "resource.Post": (f"(string, string, {place}dyn) -> dyn",),
        "image.GetMetadata": ("(string) -> dyn",),
    }
    names = {name: name.replace(".G", ".g").replace(".P", ".p") for name in signatures}
    return [
        function(spelled, signature, _refusal(spelled))
        for name, declared in signatures.items()
        for spelled in (name, names[name])
        for signature in declared
    ]


def _refusal(name: str) -> Callable[..., Value]:
    def refused(*_: Value) -> Value:
        raise EvaluationError(f"not evaluated: {name} asks a server, and none is asked here")

    return refused
