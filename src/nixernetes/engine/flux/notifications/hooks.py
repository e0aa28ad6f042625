"""notification-controller: what a request to the path of a Receiver does (Flux, section 11.5).

A request is verified as its type says, and then each object that the Receiver lists is asked to reconcile, whatever
the request is about, unless a filter says otherwise. Tokens of issuers (``gcr``, ``generic-oidc``) are verified with
the keys that the user gives; without them such requests are refused, since nobody is asked for keys.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs

from nixernetes.cluster.api import Api
from nixernetes.engine.flux.admission import read
from nixernetes.engine.flux.notifications.receiver_filters import acceptance
from nixernetes.engine.flux.notifications.receiver_tokens import claims_of, read_gcr
from nixernetes.engine.issuers import Issuers
from nixernetes.engine.webhooks import HookAnswer, HookRequest, is_signed
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.notifications.receiver import Receiver, ReceiverResource
from nixernetes.health.conditions import condition
from nixernetes.objects import kinds, manifest as manifests, selectors
from nixernetes.objects.clocks import Clock, timestamp
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import FLUX_REQUESTED_AT
from nixernetes.render.references import reader

__all__ = ["DEFAULTED_KINDS", "answer_hook", "receivers_at"]

# Whose version the controller knows by itself (``defaultFluxAPIVersions``); of others each request fails without one.
DEFAULTED_KINDS: Final = (
    "Bucket",
    "HelmChart",
    "HelmRepository",
    "GitRepository",
    "OCIRepository",
    "ImageRepository",
    "ArtifactGenerator",
)
_MANAGER: Final = "notification-controller"
_ALGORITHMS: Final = ("sha1", "sha256", "sha512")
_FORM: Final = "application/x-www-form-urlencoded"


class _RefusedError(NixernetesError):
    """A request is not what its Receiver takes."""


def receivers_at(api: Api, path: str) -> list[Manifest]:
    """Return the Receivers of a cluster that a path means."""
    if api.is_namespaced(kinds.RECEIVER) is None:
        return []
    return [each for each in api.list(kinds.RECEIVER) if text_at(each, "status", "webhookPath") == path]


def answer_hook(
    api: Api, found: Manifest, request: HookRequest, clock: Clock, issuers: Issuers | None = None
) -> HookAnswer:
    """Answer a request to a Receiver, and ask what it lists to reconcile.

    Args:
        api: the cluster of the Receiver.
        found: the Receiver.
        request: the request.
        clock: tells the moment of the request.
        issuers: the keys of issuers of tokens that are given.

    """
    receiver = read(Receiver, found).resource
    if receiver is None or receiver.suspend or not condition(found, "Ready").is_true:
        return HookAnswer(status=503, text="unable to process the request: the Receiver is suspended or not ready")
    key = key_of(found)
    secret = receiver.secret_ref.name if receiver.secret_ref is not None else ""
    data = reader(api.get)("Secret", key.namespace, secret) or {}
    try:
        request, claims = _proven(receiver, data, request, issuers or Issuers(), clock)
    except (InputError, _RefusedError) as error:
        return HookAnswer(status=400, text=error.message)
    try:
        accepts = acceptance(receiver, request, claims)
    except InputError as error:
        return HookAnswer(status=500, text=error.message)
    failures = []
    for resource in receiver.resources:
        try:
            for each in _meant(api, resource, key.namespace):
                if accepts(resource, each):
                    _ask(api, each, clock)
        except NixernetesError as error:
            failures.append(str(error))
    return HookAnswer(status=500, text="; ".join(failures)) if failures else HookAnswer(status=200)


def _meant(api: Api, resource: ReceiverResource, namespace: str) -> Iterator[Manifest]:
    if not resource.api_version and resource.kind not in DEFAULTED_KINDS:
        raise _RefusedError(f"apiVersion must be specified for kind '{resource.kind}'")
    kind = next(each for each in resource.KINDS if each.kind == resource.kind)
    place = resource.namespace or namespace
    if resource.is_one():
        found = api.get(ObjectKey(*kind, place, resource.name))
        if found is None:
            raise _RefusedError(f"unable to read {resource.kind} '{place}/{resource.name}': it is not there")
        yield found
    elif resource.match_labels is None:
        raise _RefusedError("matchLabels field not set when using wildcard '*' as name")
    elif api.is_namespaced(kind) is not None:
        wanted = resource.match_labels or {}
        for each in api.list(kind, namespace=place):
            if selectors.matches({"matchLabels": dict(wanted)}, labels_of(each)):
                yield each


def _ask(api: Api, found: Manifest, clock: Clock) -> None:
    changed = manifests.copy(found)
    changed["metadata"]["annotations"] = {**annotations_of(changed), FLUX_REQUESTED_AT: _moment(found, clock)}
    api.update(changed, manager=_MANAGER)


def _moment(found: Manifest, clock: Clock) -> str:
    """Return the moment; one that was told already gets a fraction more, so that two requests are two."""
    now, before = timestamp(clock.now()), annotations_of(found).get(FLUX_REQUESTED_AT, "")
    return f"{before}1" if before.startswith(now) else now


def _proven(
    receiver: Receiver, data: Mapping[str, str], request: HookRequest, issuers: Issuers, clock: Clock
) -> tuple[HookRequest, Mapping[str, Json] | None]:
    """Verify a request; return it, with the body that counts, and the claims of its token where filters see them."""
    if receiver.type == "generic-oidc":
        return request, claims_of(receiver, request, issuers, clock.now())
    if receiver.type == "gcr":
        return read_gcr(data, request, issuers, clock.now()), None
    _verify(receiver, data, request)
    return request, None


def _verify(receiver: Receiver, data: Mapping[str, str], request: HookRequest) -> None:
    _CHECKS[receiver.type](data.get("token", ""), request)
    header = _EVENTS.get(receiver.type)
    if header is not None and receiver.events:
        event = request.header(header)
        if event.lower() not in (each.lower() for each in receiver.events):
            raise _RefusedError(f"the event {event!r} is not authorised: {', '.join(receiver.events)} are")


def _generic(token: str, request: HookRequest) -> None:
    """Take anything: the secret path is the credential."""
    del token, request


def _signed(token: str, request: HookRequest) -> None:
    _check_signature(request.header("X-Signature"), token, request.body, "X-Signature")


def _check_signature(given: str, token: str, body: bytes, header: str) -> None:
    algorithm, _, digest = given.partition("=")
    if not given:
        raise _RefusedError(f"the signature is missing: the header {header}")
    if algorithm not in _ALGORITHMS or not is_signed(body, token, digest, algorithm):
        raise _RefusedError(f"{header} is not the signature of the body")


def _of_github(token: str, request: HookRequest) -> None:
    kind = request.header("Content-Type").partition(";")[0].strip()
    if kind not in ("application/json", _FORM):
        raise _RefusedError(f"the content type {kind!r} is not supported: use application/json")
    if kind == _FORM and "payload" not in parse_qs(request.body.decode(errors="replace")):
        raise _RefusedError("the form has no field payload")
    header = "X-Hub-Signature-256" if request.header("X-Hub-Signature-256") else "X-Hub-Signature"
    _check_signature(request.header(header), token, request.body, header)


def _of_gitlab(token: str, request: HookRequest) -> None:
    _check_token(request.header("X-Gitlab-Token"), token, "X-Gitlab-Token")


def _of_harbor(token: str, request: HookRequest) -> None:
    _check_token(request.header("Authorization"), token, "Authorization")


def _check_token(given: str, token: str, header: str) -> None:
    if not hmac.compare_digest(given.encode(errors="replace"), token.encode()):
        raise _RefusedError(f"the header {header} is not the token")


def _of_nexus(token: str, request: HookRequest) -> None:
    given = request.header("X-Nexus-Webhook-Signature")
    if not given:
        raise _RefusedError("the signature is missing: the header X-Nexus-Webhook-Signature")
    if not is_signed(request.body, token, given, "sha1"):
        raise _RefusedError("X-Nexus-Webhook-Signature is not the signature of the body")
    _decoded(request)


def _of_registry(token: str, request: HookRequest) -> None:
    """Take what is JSON, of registries that sign nothing."""
    del token
    _decoded(request)


def _of_cdevents(token: str, request: HookRequest) -> None:
    del token
    context = mapping_at(_decoded(request), "context")
    missing = [name for name in ("version", "id", "source", "type", "timestamp") if not text_at(context, name)]
    if missing:
        raise _RefusedError(f"not a CDEvent: its context has no {', '.join(missing)}")


def _decoded(request: HookRequest) -> Json:
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise _RefusedError("the body cannot be decoded: it is not JSON") from error
    if not isinstance(found, dict):
        raise _RefusedError("the body cannot be decoded: it is not an object")
    return found


_CHECKS: Final[Mapping[str, Callable[[str, HookRequest], None]]] = {
    "generic": _generic,
    "generic-hmac": _signed,
    "github": _of_github,
    "gitlab": _of_gitlab,
    "bitbucket": _of_github,
    "harbor": _of_harbor,
    "dockerhub": _of_registry,
    "quay": _of_registry,
    "acr": _of_registry,
    "nexus": _of_nexus,
    "cdevents": _of_cdevents,
}
_EVENTS: Final[Mapping[str, str]] = {
    "github": "X-GitHub-Event",
    "gitlab": "X-Gitlab-Event",
    "bitbucket": "X-Event-Key",
    "cdevents": "Ce-Type",
}
