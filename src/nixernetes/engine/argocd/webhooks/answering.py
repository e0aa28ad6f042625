"""The answer to a request at ``/api/webhook`` of a control plane, and the refreshes that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.engine.argocd.requests import request_refresh
from nixernetes.engine.argocd.webhooks.affected import is_affected
from nixernetes.engine.argocd.webhooks.pushes import PushError, read_push
from nixernetes.engine.webhooks import HookAnswer, HookRequest
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.kinds import APPLICATION
from nixernetes.render.references import reader

__all__ = ["answer_webhook"]

_SECRET: Final = "argocd-secret"  # noqa: S105  # the name of an object
_TOO_LARGE: Final = (
    "Webhook processing failed: The payload is either too large or corrupted. Please check the payload size "
    "(must be under 50 MB) and ensure it is valid JSON"
)


def answer_webhook(api: Api, request: HookRequest) -> HookAnswer:
    """Answer a request, and refresh the Applications that it concerns.

    Args:
        api: the control plane.
        request: the request.

    """
    try:
        push = read_push(request, _secrets(api))
    except PushError as error:
        if error.message == "error parsing payload":
            return HookAnswer(status=400, text=_TOO_LARGE)
        if error.message == "Unknown webhook event":
            return HookAnswer(status=400, text=error.message)
        return HookAnswer(status=error.status, text=f"Webhook processing failed: {escape(error.message)}")
    for app in api.list(APPLICATION) if any(push.urls) else ():
        try:
            read = ReadApplication.decode(app)
        except InputError:
            continue  # its own conditions say what is wrong with it
        if is_affected(app, read, push):
            try:
                request_refresh(api, read.key.namespace, read.key.name)
            except NixernetesError:
                continue  # an admission policy refuses it: the next comparison comes by itself
    return HookAnswer(status=200)


def _secrets(api: Api) -> Mapping[str, str]:
    """Return the data of ``argocd-secret``, with ``$key`` replaced by what stands there."""
    data = reader(api.get)("Secret", namespace_of(api), _SECRET) or {}
    return {name: data.get(text[1:], text).strip() if text.startswith("$") else text for name, text in data.items()}
