"""Filters of Receivers in CEL: which objects a request is about (``receiver_resource_filter.go``, 1.9.3).

``res`` is an object's metadata, ``req`` the body of the request where that is JSON, an empty map else; ``claims`` those
of the token of a ``generic-oidc`` Receiver. All of the filters that stand over an object must accept it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache

from nixernetes.engine.webhooks import HookRequest
from nixernetes.errors import InputError
from nixernetes.gitops.flux.notifications.receiver import Receiver, ReceiverResource
from nixernetes.languages.cel import Environment, Program
from nixernetes.languages.cel.hosts.flux import compiled, flux
from nixernetes.languages.cel.types import BOOL, DYN, STRING, map_of
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["acceptance", "broken_filter"]

_JSON = "application/json"


@cache
def _environment(*, has_claims: bool) -> Environment:
    anything = map_of(STRING, DYN)
    declared = {"res": anything, "req": anything}
    return flux().declaring({**declared, "claims": anything} if has_claims else declared)


def broken_filter(receiver: Receiver) -> str:
    """Return what is wrong with a filter of a Receiver, as its controller says it, or ``""``."""
    has_claims = receiver.type == "generic-oidc"
    if receiver.resource_filter:
        problem = _problem(receiver.resource_filter, has_claims=has_claims)
        if problem:
            return f"invalid resourceFilter expression: {problem}"
    for index, resource in enumerate(receiver.resources):
        problem = _problem(resource.filter, has_claims=has_claims) if resource.filter else ""
        if problem:
            where = f'resources[{index}] (kind="{resource.kind}", name="{resource.name}")'
            return f"invalid filter expression for {where}: {problem}"
    return ""


def _problem(text: str, *, has_claims: bool) -> str:
    try:
        _compiled(text, has_claims=has_claims)
    except InputError as error:
        return error.message
    return ""


def _compiled(text: str, *, has_claims: bool) -> Program:
    return compiled(_environment(has_claims=has_claims), text, BOOL)


def acceptance(
    receiver: Receiver, request: HookRequest, claims: Mapping[str, Json] | None = None
) -> Callable[[ReceiverResource, Manifest], bool]:
    """Return what tells whether a request is about an object that a Receiver lists.

    Raises:
        InputError: there are filters, and the body is not the JSON that the request says it is; the answer may
            raise it too: a filter has no value, or not a boolean.

    """
    if not receiver.resource_filter and not any(each.filter for each in receiver.resources):
        return lambda _resource, _object: True
    values: dict[str, Json] = {"req": _body(request)}
    if claims is not None:
        values["claims"] = dict(claims)

    def accepts(resource: ReceiverResource, found: Manifest) -> bool:
        filters = filter(None, (receiver.resource_filter, resource.filter))
        return all(_holds(text, found, values) for text in filters)

    return accepts


def _body(request: HookRequest) -> Json:
    kinds = request.header("Content-Type").split(",")
    if not any(kind.partition(";")[0].strip().lower() == _JSON for kind in kinds):
        return {}
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise InputError("failed to parse request body as JSON") from error
    if not isinstance(found, dict):
        raise InputError("failed to parse request body as JSON: it is not an object")
    return found


def _holds(text: str, found: Manifest, values: Mapping[str, Json]) -> bool:
    meta = {
        "apiVersion": text_at(found, "apiVersion"),
        "kind": text_at(found, "kind"),
        "metadata": mapping_at(found, "metadata"),
    }
    try:
        value = _compiled(text, has_claims="claims" in values).evaluate({**values, "res": meta})
    except InputError as error:
        raise InputError(f"failed to evaluate the CEL expression '{text}': {error.message}") from error
    return value is True
