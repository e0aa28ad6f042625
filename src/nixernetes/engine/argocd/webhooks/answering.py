"""The answer to a request at ``/api/webhook`` of a control plane, and the refreshes that follow from it.

The path stands for two of Argo CD's: that of ``argocd-server``, which refreshes Applications, and that of the
ApplicationSet controller. What either takes is taken; what both refuse is told as the first refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nixernetes.cluster.api import Api
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.engine.argocd.requests import request_refresh
from nixernetes.engine.argocd.webhooks.affected import is_affected
from nixernetes.engine.argocd.webhooks.pushes import PushError, read_push
from nixernetes.engine.argocd.webhooks.registries import is_pulled_by, is_registry_event, read_registry_push
from nixernetes.engine.argocd.webhooks.sets import is_set_affected, read_set_event
from nixernetes.engine.webhooks import HookAnswer, HookRequest
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import ARGOCD_SET_REFRESH
from nixernetes.render.references import reader

__all__ = ["answer_webhook"]

_SECRET: Final = "argocd-secret"  # noqa: S105  # the name of an object
_SETTINGS: Final = "argocd-cm"
_LARGEST: Final = "webhook.maxPayloadSizeMB"
_DEFAULT_LARGEST: Final = 50
_MEGABYTE: Final = 1024 * 1024
_MANAGER: Final = "argocd-applicationset-controller"
_FAILED: Final = "Webhook processing failed"
_UNAUTHORIZED: Final = 401
_OK: Final = 200

IsMeant = Callable[[Manifest, ReadApplication], bool]


def answer_webhook(api: Api, request: HookRequest) -> HookAnswer:
    """Answer a request, and refresh the Applications and generate the ApplicationSets that it concerns.

    Args:
        api: the control plane.
        request: the request.

    """
    largest = _largest(api)
    if len(request.body) > largest * _MEGABYTE:
        return _unreadable(largest)
    secrets = _secrets(api)
    answer = _of_applications(api, request, secrets, largest)
    sets = _of_sets(api, request, secrets)
    return HookAnswer(status=_OK) if sets and answer.status != _UNAUTHORIZED else answer


def _of_applications(api: Api, request: HookRequest, secrets: Mapping[str, str], largest: int) -> HookAnswer:
    try:
        meant = _meant(request, secrets)
    except PushError as error:
        if error.message == "error parsing payload":
            return _unreadable(largest)
        if error.message == "Unknown webhook event" or error.status == _UNAUTHORIZED:
            return HookAnswer(status=error.status, text=error.message)
        return HookAnswer(status=error.status, text=_FAILED)
    for app in api.list(APPLICATION) if meant is not None else ():
        try:
            read = ReadApplication.decode(app)
        except InputError:
            continue  # its own conditions say what is wrong with it
        if meant is not None and meant(app, read):
            try:
                request_refresh(api, read.key.namespace, read.key.name)
            except NixernetesError:
                continue  # an admission policy refuses it: the next comparison comes by itself
    return HookAnswer(status=_OK)


def _meant(request: HookRequest, secrets: Mapping[str, str]) -> IsMeant | None:
    """Return what tells which Applications a request concerns, None where it concerns none."""
    if is_registry_event(request):
        pushed = read_registry_push(request, secrets)
        return None if pushed is None else lambda _, read: is_pulled_by(read, pushed)
    push = read_push(request, secrets)
    return (lambda app, read: is_affected(app, read, push)) if any(push.urls) else None


def _of_sets(api: Api, request: HookRequest, secrets: Mapping[str, str]) -> bool:
    """Generate the ApplicationSets that a request concerns; return whether their controller takes it."""
    try:
        event = read_set_event(request, secrets)
    except PushError:
        return False
    for found in api.list(APPLICATION_SET):
        if is_set_affected(found, event):
            changed = manifests.copy(found)
            changed["metadata"].setdefault("annotations", {})[ARGOCD_SET_REFRESH] = "true"
            try:
                api.update(changed, manager=_MANAGER)
            except NixernetesError:
                continue  # same
    return True


def _unreadable(largest: int) -> HookAnswer:
    return HookAnswer(status=400, text=f"{_FAILED}: payload must be valid JSON under {largest} MB")


def _largest(api: Api) -> int:
    text = (reader(api.get)("ConfigMap", namespace_of(api), _SETTINGS) or {}).get(_LARGEST, "")
    return int(text) if text.isascii() and text.isdigit() and int(text[:6]) > 0 else _DEFAULT_LARGEST


def _secrets(api: Api) -> Mapping[str, str]:
    """Return the data of ``argocd-secret``, with ``$key`` replaced by what stands there."""
    data = reader(api.get)("Secret", namespace_of(api), _SECRET) or {}
    return {name: data.get(text[1:], text).strip() if text.startswith("$") else text for name, text in data.items()}
