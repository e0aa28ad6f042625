"""Admission webhooks (apiserver v0.34.4, ``pkg/admission/plugin/webhook``).

Mutating ones come first, by the names of their configurations, each sees what those before it made; then validating
ones. ``reinvocationPolicy`` is not followed. What controllers of the server write themselves asks no webhook.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterator
from typing import Final

from nixernetes.cluster.access.requesting import requester
from nixernetes.cluster.admission.policy_programs import PolicyPrograms
from nixernetes.cluster.admission.surroundings import PolicyStore
from nixernetes.cluster.admission.webhook_calls import WebhookAnswer, WebhookCall, WebhookNeededError, known_answers
from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import Request
from nixernetes.kyverno.engine.resource_rules import admits
from nixernetes.languages import json_patch
from nixernetes.objects.api_groups import ADMISSIONREGISTRATION, META
from nixernetes.objects.fields import flag_at, items_at, mapping_at, number_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.kinds import SERVICE
from nixernetes.objects.manifest import Json, Manifest, canonical, labels_of
from nixernetes.schemas.plurals import plurals_of

__all__ = ["CONFIGURATIONS", "WebhookAdmission"]

_MUTATING: Final = GroupKind(ADMISSIONREGISTRATION, "MutatingWebhookConfiguration")
_VALIDATING: Final = GroupKind(ADMISSIONREGISTRATION, "ValidatingWebhookConfiguration")
CONFIGURATIONS: Final = (_MUTATING, _VALIDATING)
_REVIEWS: Final = ("v1", "v1beta1")
_UIDS: Final = uuid.UUID("8f4f3f0e-51b5-4c4a-8d53-2c9a9a3c1f7e")
_USUAL_SECONDS: Final = 10
_USUAL_PORT: Final = 443
_REFUSED: Final = 400


class WebhookAdmission:
    """The webhooks of one cluster.

    Args:
        store: the cluster.
        programs: evaluates match conditions.

    """

    def __init__(self, store: PolicyStore, programs: PolicyPrograms) -> None:
        self._store = store
        self._programs = programs

    def mutated(self, request: Request, key: ObjectKey, *, dry_run: bool) -> tuple[Manifest, list[str]]:
        """Return an object as mutating webhooks change it, and what they warn of.

        Raises:
            ApiError: one refuses it, or cannot be asked.
            WebhookNeededError: one has to be asked.

        """
        manifest, warned = request.manifest, list[str]()
        for hook in self._hooks(_MUTATING):
            seen = Request(manifest=manifest, old=request.old, operation=request.operation, namespace=request.namespace)
            answer = self._answer(hook, seen, key, dry_run=dry_run)
            if answer is not None:
                manifest = _patched(hook, manifest, answer)
                warned += map(str, items_at(answer, "warnings"))
        return manifest, warned

    def validate(self, request: Request, key: ObjectKey, *, dry_run: bool) -> list[str]:
        """Return what validating webhooks warn of.

        Raises:
            ApiError: one refuses the request, or cannot be asked.
            WebhookNeededError: one has to be asked.

        """
        warned = list[str]()
        for hook in self._hooks(_VALIDATING):
            answer = self._answer(hook, request, key, dry_run=dry_run)
            if answer is not None:
                warned += map(str, items_at(answer, "warnings"))
        return warned

    def _hooks(self, kind: GroupKind) -> Iterator[Manifest]:
        if known_answers() is None:
            return
        for each in self._store.list(kind):
            yield from objects_at(each, "webhooks")

    def _answer(self, hook: Manifest, request: Request, key: ObjectKey, *, dry_run: bool) -> Manifest | None:
        """Return the response of a webhook that is about a request; None where it is not, or does not matter."""
        if key.group_kind in CONFIGURATIONS or not self._means(hook, request, key):
            return None
        name = text_at(hook, "name")
        try:
            response = _response(self._asked(hook, request, key, dry_run=dry_run))
        except InputError as error:
            if text_at(hook, "failurePolicy") == "Ignore":
                return None
            why = f'failed calling webhook "{name}": {error.message}'
            details = Details(causes=(Cause("", why),))
            message = f"Internal error occurred: {why}"
            raise ApiError("InternalError", message, code=500, details=details) from error
        if not flag_at(response, "allowed"):
            raise _denied(name, mapping_at(response, "status"))
        return response

    def _means(self, hook: Manifest, request: Request, key: ObjectKey) -> bool:
        rules = objects_at(hook, "rules")
        spaces = {request.namespace: self._labels(request.namespace)} if request.namespace else {}
        constraints: Json = {
            "resourceRules": rules,
            "namespaceSelector": mapping_at(hook, "namespaceSelector"),
            "objectSelector": mapping_at(hook, "objectSelector"),
        }
        if not rules or not admits(constraints, request, spaces):
            return False
        conditions = objects_at(hook, "matchConditions")
        if not conditions:
            return True
        wrong, holds = self._programs.conditions(conditions, request, key, requester())
        if wrong and text_at(hook, "failurePolicy") != "Ignore":
            raise ApiError("Forbidden", f"{plurals_of(key.kind)[0]} {key.name!r} is forbidden: {wrong}")
        return holds and not wrong

    def _labels(self, namespace: str) -> dict[str, str]:
        found = self._store.get(ObjectKey("", "Namespace", "", namespace))
        return dict(labels_of(found)) if found is not None else {}

    def _asked(self, hook: Manifest, request: Request, key: ObjectKey, *, dry_run: bool) -> WebhookAnswer:
        """Return the answer of a webhook.

        Raises:
            InputError: nobody can be asked.
            WebhookNeededError: it has to be asked.

        """
        seconds = number_at(hook, "timeoutSeconds", default=_USUAL_SECONDS)
        url, authority = self._place(hook)
        url = f"{url}?timeout={seconds}s"
        review = _review(hook, request, key, dry_run=dry_run)
        question = hashlib.sha256(canonical([text_at(hook, "name"), url, _timeless(review)])).hexdigest()
        review["request"]["uid"] = str(uuid.uuid5(_UIDS, question))
        found = (known_answers() or {}).get(question)
        if found is None:
            call = WebhookCall(key=question, url=url, authority=authority, seconds=seconds, review=review)
            raise WebhookNeededError(call)
        return found

    def _place(self, hook: Manifest) -> tuple[str, str]:
        client = mapping_at(hook, "clientConfig")
        try:
            authority = base64.b64decode(text_at(client, "caBundle")).decode()
        except ValueError:
            authority = ""
        if text_at(client, "url"):
            return text_at(client, "url"), authority
        service = mapping_at(client, "service")
        name, namespace = text_at(service, "name"), text_at(service, "namespace")
        port, path = number_at(service, "port", default=_USUAL_PORT), text_at(service, "path")
        url = f"https://{name}.{namespace}.svc:{port}/{path.lstrip('/')}"
        seconds = number_at(hook, "timeoutSeconds", default=_USUAL_SECONDS)
        found = self._store.get(ObjectKey(*SERVICE, namespace, name))
        if found is None:
            raise InputError(f'failed to call webhook: Post "{url}?timeout={seconds}s": service "{name}" not found')
        address = f"{text_at(found, 'spec', 'clusterIP')}:{port}"
        why = f"dial tcp {address}: connect: no route to host"
        raise InputError(f'failed to call webhook: Post "{url}?timeout={seconds}s": {why}')


def _response(answer: WebhookAnswer) -> Manifest:
    """Return what a webhook responded.

    Raises:
        InputError: nothing.

    """
    if answer.problem:
        raise InputError(f"failed to call webhook: {answer.problem}")
    found = mapping_at(answer.review, "response")
    if not found:
        raise InputError("received invalid webhook response: webhook response was absent")
    return found


def _timeless(review: Manifest) -> Json:
    """Return a review without what another moment would tell otherwise."""
    request = {**review["request"]}
    for part in ("object", "oldObject"):
        if request[part] is not None:
            meta = {name: value for name, value in request[part]["metadata"].items() if name != "managedFields"}
            request[part] = {**request[part], "metadata": meta}
    return {**review, "request": request}


def _review(hook: Manifest, request: Request, key: ObjectKey, *, dry_run: bool) -> Manifest:
    version = next((each for each in items_at(hook, "admissionReviewVersions") if each in _REVIEWS), _REVIEWS[0])
    is_deleted = request.operation == "DELETE"
    group, short = split_api_version(request.manifest["apiVersion"])
    kind = {"group": group, "version": short, "kind": key.kind}
    resource = {"group": group, "version": short, "resource": plurals_of(key.kind)[0]}
    options = {"CREATE": "CreateOptions", "UPDATE": "UpdateOptions", "DELETE": "DeleteOptions"}[request.operation]
    told: Manifest = {
        "uid": "",
        "kind": kind,
        "resource": resource,
        "requestKind": kind,
        "requestResource": resource,
        "name": key.name,
        **({"namespace": key.namespace} if key.namespace else {}),
        "operation": request.operation,
        "userInfo": requester().info(),
        "object": None if is_deleted else request.manifest,
        "oldObject": request.manifest if is_deleted else request.old,
        "dryRun": dry_run,
        "options": {"kind": options, "apiVersion": f"{META}/v1"},
    }
    return {"kind": "AdmissionReview", "apiVersion": f"admission.k8s.io/{version}", "request": told}


def _patched(hook: Manifest, manifest: Manifest, response: Manifest) -> Manifest:
    """Return an object with the JSON patch of a webhook applied."""
    encoded = text_at(response, "patch")
    if not encoded:
        return manifest
    try:
        text = base64.b64decode(encoded, validate=True).decode()
        found: Manifest = json_patch.apply(manifest, json_patch.parse(text))
    except (ValueError, InputError) as error:
        why = f'failed calling webhook "{text_at(hook, "name")}": received invalid webhook response: {error}'
        message = f"Internal error occurred: {why}"
        raise ApiError("InternalError", message, code=500, details=Details(causes=(Cause("", why),))) from error
    same = all(found.get(part) == manifest[part] for part in ("apiVersion", "kind"))
    named = mapping_at(found, "metadata")
    same = same and all(named.get(part) == manifest["metadata"].get(part) for part in ("name", "namespace"))
    if not same:
        why = f'admission webhook "{text_at(hook, "name")}" attempted to modify what the object is'
        raise ApiError("BadRequest", why, code=_REFUSED)
    return found


def _denied(name: str, status: Manifest) -> ApiError:
    """Return the refusal of a webhook (``errors.ToStatusErr``)."""
    said, reason = text_at(status, "message"), text_at(status, "reason")
    code = max(int(number_at(status, "code", default=0)), _REFUSED)
    by = f'admission webhook "{name}" denied the request'
    message = f"{by}: {said or reason}" if said or reason else f"{by} without explanation"
    return ApiError(reason, message, code=code)
