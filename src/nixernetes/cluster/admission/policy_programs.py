"""The expressions of one policy on one request (apiserver v0.34.4, ``policy/validating/validator.go``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.users import User, service_account
from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.languages.cel import EvaluationError, LazyMap
from nixernetes.languages.cel.environment import Environment
from nixernetes.languages.cel.hosts.admission import REQUEST_RESOURCE, admission
from nixernetes.languages.cel.libraries.kubernetes.authorization import AccessQuestion, AuthorizerValue, ResourceCheck
from nixernetes.languages.cel.types import DYN
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.plurals import plurals_of

__all__ = ["PolicyDecision", "PolicyPrograms"]

_LONGEST_MESSAGE = 5 * 1024


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """One thing that a policy has against a request.

    Attributes:
        message: the words.
        reason: the reason of the refusal.
        is_setup: whether it cannot be asked at all: then the request is refused, whatever its binding does.

    """

    message: str
    reason: str = "Invalid"
    is_setup: bool = False


class PolicyPrograms:
    """Asks policies.

    Args:
        authorizer: says what somebody may do.

    """

    def __init__(self, authorizer: Authorizer) -> None:
        self._authorizer = authorizer

    def against(  # what expressions read
        self,
        policy: Manifest,
        params: Manifest | None,
        request: Request,
        key: ObjectKey,
        namespace: Manifest | None,
        user: User,
    ) -> Iterator[PolicyDecision]:
        """Yield what a policy has against a request.

        Args:
            policy: the policy.
            params: its parameter.
            request: what is asked for.
            key: who the object is.
            namespace: the namespace that it is in; None for what is in none.
            user: who asks.

        """
        spec = mapping_at(policy, "spec")
        is_strict = text_at(spec, "failurePolicy") != "Ignore"
        known = {**self._known(request, key, user), "params": params, "namespaceObject": namespace}
        has_params = "paramKind" in spec
        wrong, holds = _holding(objects_at(spec, "matchConditions"), known, has_params=has_params)
        if wrong and is_strict:
            yield PolicyDecision(wrong)
        if wrong or not holds:
            return
        variables = objects_at(spec, "variables")
        types = {text_at(each, "name"): DYN for each in variables} if variables else None
        programs = _Asked(known, admission(has_params=has_params, variables=types), variables)
        for each in objects_at(spec, "validations"):
            text = text_at(each, "expression")
            try:
                if programs.value(text) is True:
                    continue
            except InputError as error:
                if is_strict:
                    yield PolicyDecision(_told(text, error))
                continue
            yield PolicyDecision(_message(each, programs), text_at(each, "reason") or "Invalid")

    def conditions(self, entries: list[Manifest], request: Request, key: ObjectKey, user: User) -> tuple[str, bool]:
        """Return why match conditions of a webhook cannot be evaluated, or ``""``, and whether all hold."""
        return _holding(entries, {**self._known(request, key, user), "namespaceObject": None}, has_params=False)

    def _known(self, request: Request, key: ObjectKey, user: User) -> dict[str, Json]:
        asked = AuthorizerValue(lambda question: self._decide(question, user))
        resource = plurals_of(key.kind)[0]
        question = AccessQuestion(group=key.group, resource=resource, namespace=key.namespace, name=key.name)
        return {
            **_known(request, key, user),
            "authorizer": asked,
            REQUEST_RESOURCE: ResourceCheck(asked.decide, question),
        }

    def _decide(self, question: AccessQuestion, user: User) -> tuple[bool, str]:
        who = service_account(*question.account) if question.account[1] else user
        found = self._authorizer.decide(
            Attributes(
                user=who,
                verb=question.verb,
                group=question.group,
                resource=question.resource,
                subresource=question.subresource,
                namespace=question.namespace,
                name=question.name,
                path=question.path,
            )
        )
        return found.allowed, found.reason


class _Asked:
    """Expressions that read the same values; variables are evaluated once, when they are first read."""

    def __init__(
        self, known: Mapping[str, Json], environment: Environment, variables: list[Manifest] | None = None
    ) -> None:
        self._environment = environment
        self._known = dict(known)
        if variables:
            texts = {text_at(each, "name"): text_at(each, "expression") for each in variables}
            self._known["variables"] = LazyMap({name: self._later(text) for name, text in texts.items()})

    def _later(self, text: str) -> Callable[[], Json]:
        def value() -> Json:
            try:
                return self.value(text)
            except EvaluationError:
                raise
            except InputError as error:
                raise EvaluationError(error.message) from error

        return value

    def value(self, text: str) -> Json:
        """Return the value of an expression.

        Raises:
            InputError: it does not compile, or has no value.

        """
        return self._environment.compile(text).evaluate(self._known)


def _holding(entries: list[Manifest], known: Mapping[str, Json], *, has_params: bool) -> tuple[str, bool]:
    """Return why match conditions cannot be evaluated, or ``""``, and whether all hold; one that does not, decides."""
    asked, wrong = _Asked(known, admission(has_params=has_params)), list[str]()
    for each in entries:
        text = text_at(each, "expression").strip()
        try:
            if asked.value(text) is False:
                return "", False
        except InputError as error:
            wrong.append(_told(text, error))
    return (wrong[0] if len(wrong) == 1 else f"[{', '.join(wrong)}]") if wrong else "", True


def _known(request: Request, key: ObjectKey, user: User) -> dict[str, Json]:
    is_deleted = request.operation == "DELETE"
    group, version = split_api_version(request.manifest["apiVersion"])
    kind = {"group": group, "version": version, "kind": key.kind}
    resource = {"group": group, "version": version, "resource": plurals_of(key.kind)[0]}
    told: Json = {
        "kind": kind,
        "resource": resource,
        "subResource": request.parent[1],
        "requestKind": kind,
        "requestResource": resource,
        "requestSubResource": request.parent[1],
        "name": key.name,
        "namespace": key.namespace,
        "operation": request.operation,
        "userInfo": user.info(),
        "dryRun": False,
    }
    return {
        "object": None if is_deleted else request.manifest,
        "oldObject": request.manifest if is_deleted else request.old,
        "request": told,
    }


def _told(text: str, error: InputError) -> str:
    first = error.message.partition("\n")[0].removeprefix("ERROR: ")
    return f"expression '{text}' resulted in error: {first}"


def _message(validation: Manifest, programs: _Asked) -> str:
    told = text_at(validation, "messageExpression")
    try:
        made = programs.value(told) if told.strip() else None
    except InputError:
        made = None
    text = made.strip() if isinstance(made, str) else ""
    if "\n" in text or len(text.encode()) > _LONGEST_MESSAGE:
        text = ""
    fallback = f"failed expression: {text_at(validation, 'expression').strip()}"
    return text or text_at(validation, "message").strip() or fallback
