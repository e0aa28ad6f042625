"""The id of a commit status: by default of the object and the Provider, or what an expression says."""

from __future__ import annotations

from functools import cache

from nixernetes.engine.flux.notifications.providers.dispatches import ProviderError
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.languages.cel import CelError, Environment
from nixernetes.languages.cel.hosts.flux import flux
from nixernetes.languages.cel.types import DYN, STRING
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = ["broken_status", "default_status", "expressed_status"]


@cache
def _environment() -> Environment:
    return flux().declaring({"event": DYN, "alert": DYN, "provider": DYN})


def default_status(uid: str, key: ObjectKey) -> str:
    """Return ``<kind>/<name>/<first part of the Provider's uid>``, in lower case."""
    return f"{key.kind}/{key.name}/{uid.partition('-')[0]}".lower()


def broken_status(text: str) -> str:
    """Return what is wrong with an expression for the id of a commit status, or ``""``."""
    try:
        _environment().compile(text, result=STRING)
    except CelError as error:
        return f"failed to parse the CEL expression '{text}': {error.message}"
    return ""


def expressed_status(provider: Provider, event: Manifest, alert: Manifest, found: Manifest) -> str:
    """Return what ``spec.commitStatusExpr`` says of an event, its Alert and its Provider.

    Raises:
        ProviderError: it is broken, or has no value, or not a text.

    """
    text = provider.commit_status_expr or ""
    failed = "failed to create commit status: failed to evaluate the spec.commitStatusExpr CEL expression for the event"
    try:
        program = _environment().compile(text, result=STRING)
        value = program.evaluate({"event": event, "alert": alert, "provider": found})
    except CelError as error:
        raise ProviderError(f"{failed}: {error}") from error
    if not isinstance(value, str):
        raise ProviderError(f"{failed}: the expression must return a string")
    return value
