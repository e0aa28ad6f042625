"""What policies ask of the cluster and of servers: ``resource``, ``globalContext``, ``http``, ``image.getMetadata``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Function, Library, function
from nixernetes.languages.cel.times import read_timestamp
from nixernetes.languages.cel.values import Value

__all__ = ["Answers", "questions"]

_ANY_TEXT: Final = "[0-9a-z]{8}"  # what is random without a pattern


class Answers(Protocol):
    """What is known of the cluster."""

    def found(self, api_version: str, resource: str, namespace: str, name: str) -> Value:
        """Return an object, or None if there is none."""

    def listed(self, api_version: str, resource: str, namespace: str, labels: Mapping[str, str]) -> list[Value]:
        """Return the objects of a namespace (``""``: of all) that have these labels."""

    def entry(self, name: str, projection: str) -> Value:
        """Return what a GlobalContextEntry holds (``""``: all of it), or None if there is no such entry."""

    def call(self, method: str, url: str) -> Value:
        """Return the response of a server: ``statusCode`` and ``body``."""

    def image(self, reference: str) -> Value:
        """Return what a registry says of an image."""

    def generate(self, namespace: str, objects: list[Value]) -> Value:
        """Take note of objects that a policy makes, and return True."""

    def now(self) -> Value:
        """Return the present, in RFC 3339."""

    def random(self, pattern: str) -> Value:
        """Return a text that a pattern fits."""

    def decoded(self, certificate: str) -> Value:
        """Return what is in a certificate or a request for one, of PEM."""

    def group_resource(self, api_version: str, kind: str) -> Value:
        """Return ``group``, ``version`` and ``resource`` of a kind."""

    def own_namespace(self) -> str:
        """Return the namespace of the policy that asks, for a policy that has one."""


def questions(answers: Answers, *, is_namespaced: bool = False) -> Library:
    """Return the functions that ask.

    ``resource.post`` compiles, and has no value: an ``EvaluationError`` says so.

    Args:
        answers: who answers.
        is_namespaced: whether the policies have a namespace, so that their questions are all about their own.

    """
    place = "" if is_namespaced else "string, "
    texts = f"(string, string, {place}string) -> dyn"
    listing = f"(string, string{', string' if place else ''}) -> dyn"
    choosing = f"(string, string{', string' if place else ''}, map(string, string)) -> dyn"
    at_place = ", string" if place else ""
    found, listed = answers.found, _lists(answers)
    if is_namespaced:
        found, listed = _placed(found, answers), _placed(listed, answers)
    asked: list[Function] = []
    for get, many, post, metadata in (("Get", "List", "Post", "GetMetadata"), ("get", "list", "post", "getMetadata")):
        asked += [
            function(f"resource.{get}", texts, found),
            function(f"resource.{many}", listing, listed),
            function(f"resource.{many}", choosing, listed),
            function(f"resource.{get}", f"(map(string, string){at_place}, string) -> dyn", _of_group(found)),
            function(f"resource.{many}", f"(map(string, string){at_place}) -> dyn", _of_group(listed)),
            function(
                f"resource.{many}", f"(map(string, string){at_place}, map(string, string)) -> dyn", _of_group(listed)
            ),
            function(f"resource.{post}", f"(string, string, {place}dyn) -> dyn", _refused),
            function(f"globalContext.{get}", "(string, string) -> dyn", answers.entry),
            function(f"image.{metadata}", "(string) -> dyn", answers.image),
            *_calls(answers, get, post),
        ]
    made = (
        ("(list(dyn)) -> bool", lambda each: answers.generate("", list(each)))
        if is_namespaced
        else ("(string, list(dyn)) -> bool", lambda place, each: answers.generate(place, list(each)))
    )
    asked += [function(f"generator.{name}", *made) for name in ("Apply", "apply")]
    naming = "(string, string) -> map(string, string)"
    asked += [function(f"resource.{name}", naming, answers.group_resource) for name in ("ToGVR", "toGVR")]
    for name in ("random", "random.random"):
        asked += [
            function(name, "(string) -> string", answers.random),
            function(name, "() -> string", lambda: answers.random(_ANY_TEXT)),
        ]
    asked += [
        function("x509.decode", "(string) -> dyn", answers.decoded),
        function("time.now", "() -> timestamp", lambda: _moment(answers.now())),
    ]
    return Library(name="kyverno.questions", functions=tuple(asked))


def _of_group(ask: Callable[..., Value]) -> Callable[..., Value]:
    """Return the same question about a group, version and resource in one value."""

    def asked(gvr: Mapping[str, str], *rest: Value) -> Value:
        group = gvr.get("group", "")
        version = gvr.get("version", "")
        return ask(f"{group}/{version}" if group else version, gvr.get("resource", ""), *rest)

    return asked


def _moment(text: Value) -> Value:
    found = read_timestamp(str(text))
    if found is None:
        raise EvaluationError(f"not evaluated: the present {text!r} is not a time")
    return found


def _calls(answers: Answers, get: str, post: str) -> list[Function]:
    headers = "map(string, string)"
    return [
        *(
            function(f"http.{get}", signature, lambda url, *_: answers.call("GET", url))
            for signature in ("(string) -> dyn", f"(string, {headers}) -> dyn")
        ),
        *(
            function(f"http.{post}", signature, lambda url, *_: answers.call("POST", url))
            for signature in ("(string, dyn) -> dyn", f"(string, dyn, {headers}) -> dyn")
        ),
    ]


def _placed(ask: Callable[..., Value], answers: Answers) -> Callable[..., Value]:
    return lambda api_version, resource, *rest: ask(api_version, resource, answers.own_namespace(), *rest)


def _lists(answers: Answers) -> Callable[..., Value]:
    def listed(api_version: str, resource: str, namespace: str, labels: Mapping[str, str] | None = None) -> Value:
        return {"items": answers.listed(api_version, resource, namespace, labels or {})}

    return listed


def _refused(*_: Value) -> Value:
    raise EvaluationError("not evaluated: resource.Post asks a server, and none is asked here")
