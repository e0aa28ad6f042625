"""The expressions of one policy on one request (apiserver v0.34.4, ``policy/validating/validator.go``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.users import User, service_account
from nixernetes.kyverno.engine.admission.expressions import AdmissionExpressions
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.languages.cel.hosts.admission import REQUEST_RESOURCE
from nixernetes.languages.cel.libraries.kubernetes.authorization import AccessQuestion, AuthorizerValue, ResourceCheck
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.plurals import plurals_of

__all__ = ["PolicyDecision", "PolicyPrograms"]


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
        expressions = AdmissionExpressions(policy, known, has_authorizer=True)
        holds, wrong = expressions.condition(objects_at(spec, "matchConditions"))
        if wrong and is_strict:
            yield PolicyDecision(wrong)
        if wrong or not holds:
            return
        for each in expressions.verdicts():
            if not each.is_error:
                yield PolicyDecision(each.message, each.reason)
            elif is_strict:
                yield PolicyDecision(each.message)

    def conditions(self, entries: list[Manifest], request: Request, key: ObjectKey, user: User) -> tuple[str, bool]:
        """Return why match conditions of a webhook cannot be evaluated, or ``""``, and whether all hold."""
        known = {**self._known(request, key, user), "namespaceObject": None}
        holds, wrong = AdmissionExpressions({}, known, has_authorizer=True).condition(entries)
        return wrong, holds

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
