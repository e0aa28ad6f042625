"""What somebody may do, asked in expressions (k8s.io/apiserver v0.34.4, ``pkg/cel/library/authz.go``).

``authorizer.group('apps').resource('deployments').namespace('default').check('get').allowed()``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, NamedTuple

from nixernetes.languages.cel.errors import EvaluationError
from nixernetes.languages.cel.functions import Library, function, type_constant
from nixernetes.languages.cel.types import Type
from nixernetes.languages.cel.values import Opaque
from nixernetes.languages.labels.names import LABEL, MAX_LABEL, name_rule_problem, subdomain_problem

__all__ = [
    "AUTHORIZATION",
    "AUTHORIZER_TYPE",
    "RESOURCE_CHECK_TYPE",
    "AccessQuestion",
    "AuthorizerValue",
    "ResourceCheck",
]

_ROOM = "kubernetes.authorization"
AUTHORIZER_TYPE = Type(f"{_ROOM}.Authorizer")
RESOURCE_CHECK_TYPE = Type(f"{_ROOM}.ResourceCheck")


class AccessQuestion(NamedTuple):
    """What is asked for.

    Attributes:
        account: namespace and name of a service account; empty for whoever makes the request.
        verb: the verb.
        path: a path that is no resource.
        group: the group of a resource.
        resource: the resource.
        subresource: the part of it.
        namespace: where.
        name: of which object.

    """

    account: tuple[str, str] = ("", "")
    verb: str = ""
    path: str = ""
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""


_Decide = Callable[[AccessQuestion], tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class AuthorizerValue(Opaque):
    """Answers for one user: whether something is allowed, and why."""

    type_name: ClassVar[str] = AUTHORIZER_TYPE.name
    decide: _Decide
    account: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class PathCheck(Opaque):
    """A path that is asked for."""

    type_name: ClassVar[str] = f"{_ROOM}.PathCheck"
    decide: _Decide
    question: AccessQuestion


@dataclass(frozen=True, slots=True)
class GroupCheck(Opaque):
    """A group of which a resource is to be named."""

    type_name: ClassVar[str] = f"{_ROOM}.GroupCheck"
    decide: _Decide
    question: AccessQuestion


@dataclass(frozen=True, slots=True)
class ResourceCheck(Opaque):
    """A resource that is asked for."""

    type_name: ClassVar[str] = RESOURCE_CHECK_TYPE.name
    decide: _Decide
    question: AccessQuestion


@dataclass(frozen=True, slots=True)
class AccessAnswer(Opaque):
    """An answer."""

    type_name: ClassVar[str] = f"{_ROOM}.Decision"
    is_allowed: bool
    reason: str


def _path(authorizer: AuthorizerValue, path: str) -> PathCheck:
    if not path.strip():
        raise EvaluationError("path must not be empty")
    return PathCheck(authorizer.decide, AccessQuestion(account=authorizer.account, path=path))


def _group(authorizer: AuthorizerValue, group: str) -> GroupCheck:
    return GroupCheck(authorizer.decide, AccessQuestion(account=authorizer.account, group=group))


def _account(authorizer: AuthorizerValue, namespace: str, name: str) -> AuthorizerValue:
    if subdomain_problem(name):
        raise EvaluationError("Invalid service account name")
    if name_rule_problem(namespace, LABEL, MAX_LABEL, ""):
        raise EvaluationError("Invalid service account namespace")
    return replace(authorizer, account=(namespace, name))


def _resource(check: GroupCheck, resource: str) -> ResourceCheck:
    if not resource.strip():
        raise EvaluationError("resource must not be empty")
    return ResourceCheck(check.decide, check.question._replace(resource=resource))


def _part(check: ResourceCheck, text: str) -> ResourceCheck:
    return replace(check, question=check.question._replace(subresource=text))


def _place(check: ResourceCheck, text: str) -> ResourceCheck:
    return replace(check, question=check.question._replace(namespace=text))


def _named(check: ResourceCheck, text: str) -> ResourceCheck:
    return replace(check, question=check.question._replace(name=text))


def _decided(check: PathCheck | ResourceCheck, verb: str) -> AccessAnswer:
    return AccessAnswer(*check.decide(check.question._replace(verb=verb)))


_CHECK = RESOURCE_CHECK_TYPE.name
_DECISION = AccessAnswer.type_name
AUTHORIZATION = Library(
    name="kubernetes.authz",
    functions=(
        function("path", f"{AUTHORIZER_TYPE}.(string) -> {PathCheck.type_name}", _path),
        function("group", f"{AUTHORIZER_TYPE}.(string) -> {GroupCheck.type_name}", _group),
        function("serviceAccount", f"{AUTHORIZER_TYPE}.(string, string) -> {AUTHORIZER_TYPE}", _account),
        function("resource", f"{GroupCheck.type_name}.(string) -> {_CHECK}", _resource),
        function("subresource", f"{_CHECK}.(string) -> {_CHECK}", _part),
        function("namespace", f"{_CHECK}.(string) -> {_CHECK}", _place),
        function("name", f"{_CHECK}.(string) -> {_CHECK}", _named),
        # roles know no selectors: they are read, and nothing depends on them
        function("fieldSelector", f"{_CHECK}.(string) -> {_CHECK}", lambda it, _: it),
        function("labelSelector", f"{_CHECK}.(string) -> {_CHECK}", lambda it, _: it),
        function("check", f"{PathCheck.type_name}.(string) -> {_DECISION}", _decided),
        function("check", f"{_CHECK}.(string) -> {_DECISION}", _decided),
        function("errored", f"{_DECISION}.() -> bool", lambda _: False),
        function("error", f"{_DECISION}.() -> string", lambda _: ""),
        function("allowed", f"{_DECISION}.() -> bool", lambda it: it.is_allowed),
        function("reason", f"{_DECISION}.() -> string", lambda it: it.reason),
    ),
    constants={
        name: type_constant(name)
        for name in (
            AUTHORIZER_TYPE.name,
            PathCheck.type_name,
            GroupCheck.type_name,
            ResourceCheck.type_name,
            AccessAnswer.type_name,
        )
    },
)
