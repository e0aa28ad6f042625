"""Receivers whose senders prove themselves with tokens of an issuer: ``generic-oidc`` and ``gcr``.

As ``receiver_oidc.go``, ``receiver_claims.go`` and ``authenticateGCRRequest`` of notification-controller 1.9.3, but
that the keys of issuers are those that the user gives.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final

from nixernetes.engine.issuers import Issuers
from nixernetes.engine.webhooks import HookRequest
from nixernetes.errors import InputError
from nixernetes.gitops.flux.notifications.receiver import OIDCProvider, Receiver
from nixernetes.languages.cel import Environment, Program
from nixernetes.languages.cel.hosts.flux import compiled, flux
from nixernetes.languages.cel.types import BOOL, DYN, STRING, map_of
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Json

__all__ = ["broken_claims", "claims_of", "read_gcr"]

_AUDIENCE: Final = "notification-controller"
_GOOGLE: Final = "https://accounts.google.com"


@cache
def _environment() -> Environment:
    anything = map_of(STRING, DYN)
    return flux().declaring({"claims": anything, "vars": anything})


def broken_claims(receiver: Receiver) -> str:
    """Return what is wrong with an expression about the claims of a token, or ``""``."""
    for index, provider in enumerate(receiver.oidc_providers or ()):
        named = [(f'variable "{each.name}"', each.expression, False) for each in provider.variables or ()]
        named += [(f'validation "{each.message}"', each.expression, True) for each in provider.validations]
        for what, text, is_truth in named:
            try:
                _compiled(text, is_truth=is_truth)
            except InputError as error:
                about = f'oidcProviders[{index}] (issuerURL="{provider.issuer_url}")'
                return f"{about}: invalid expression for {what}: {error.message}"
    return ""


def _compiled(text: str, *, is_truth: bool) -> Program:
    return compiled(_environment(), text, *((BOOL, DYN) if is_truth else ()))


def claims_of(receiver: Receiver, request: HookRequest, issuers: Issuers, now: datetime) -> dict[str, Json]:
    """Return the claims of the token of a request to a ``generic-oidc`` Receiver.

    Raises:
        InputError: it proves nothing.

    """
    from nixernetes.engine.tokens import bearer_of, issuer_named, verified_claims  # noqa: PLC0415  # takes long to import

    token = bearer_of(request.header("Authorization"))
    issuer = issuer_named(token)
    provider = next((each for each in receiver.oidc_providers or () if each.issuer_url == issuer), None)
    if provider is None:
        raise InputError(f'no oidcProvider configured for issuer "{issuer}"')
    claims = verified_claims(issuers, token, issuer, provider.audience or _AUDIENCE, now)
    _validate(provider, claims)
    return claims


def _validate(provider: OIDCProvider, claims: dict[str, Json]) -> None:
    variables: dict[str, Json] = {}
    values = {"claims": claims, "vars": variables}
    for each in provider.variables or ():
        try:
            variables[each.name] = _compiled(each.expression, is_truth=False).evaluate(values)
        except InputError as error:
            raise InputError(f'failed to evaluate variable "{each.name}": {error.message}') from error
    failures = []
    for rule in provider.validations:
        try:
            holds = _compiled(rule.expression, is_truth=True).evaluate(values)
        except InputError as error:
            raise InputError(f"failed to evaluate validation: {error.message}") from error
        if holds is not True:
            failures.append(rule.message)
    if failures:
        raise InputError(f"token validation failed: {'; '.join(failures)}")


def read_gcr(data: Mapping[str, str], request: HookRequest, issuers: Issuers, now: datetime) -> HookRequest:
    """Verify a request of Google's registry, and return it with the message that it carries as its body.

    Raises:
        InputError: it proves nothing, or cannot be read.

    """
    from nixernetes.engine.tokens import bearer_of, verified_claims  # noqa: PLC0415  # takes long to import

    for name in ("email", "audience"):
        if not data.get(name):
            raise InputError(f"invalid secret data: required field '{name}' for GCR receiver")
    token = bearer_of(request.header("Authorization"))
    claims = verified_claims(issuers, token, _GOOGLE, data["audience"], now)
    if claims.get("iss") not in (_GOOGLE, _GOOGLE.removeprefix("https://")):
        raise InputError(f"cannot authenticate GCR request: token issuer is not {_GOOGLE}")
    if claims.get("email") != data["email"] or claims.get("email_verified") is not True:
        raise InputError("cannot authenticate GCR request: the token is of another account, or it is not verified")
    try:
        raw = base64.b64decode(text_at(json.loads(request.body), "message", "data"))
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError("cannot decode GCR webhook payload")
    body = {name: text_at(found, name) for name in ("action", "digest", "tag")}
    return replace(request, body=json.dumps(body).encode())
