"""Tokens for service accounts (kubernetes v1.34.4, ``pkg/registry/core/serviceaccount/storage/token.go``)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from nixernetes.cluster.access.tokens import ISSUER, AccountToken, BoundTo, TokenSigner
from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.server.serving import Served, not_found
from nixernetes.cluster.server.writes.writing import WriteStore
from nixernetes.cluster.validation import invalid_field, resource_name
from nixernetes.objects.api_groups import AUTHENTICATION
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import at, items_at, mapping_at, number_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, split_api_version
from nixernetes.objects.kinds import NODE, POD, SECRET, SERVICE_ACCOUNT
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["TokenRequests"]

_UIDS: Final = uuid.UUID("5e0d1f0a-0f0a-4c57-9c35-3b8c0a2f5c11")
_LEAST_SECONDS: Final = 600
_MOST_SECONDS: Final = 1 << 32
_SECONDS: Final = 3600
_PROJECTED_SECONDS: Final = 3607  # by which a server knows the tokens that kubelets ask for unasked
_EXTENDED: Final = timedelta(days=365)  # how long those are accepted, for clients that never read them again
_KIND: Final = "TokenRequest"
_BINDABLE: Final = {POD: "pod", NODE: "node", SECRET: "secret"}

Owned = Callable[[Manifest, str, str], Manifest]


class TokenRequests:
    """Gives tokens to accounts.

    Args:
        store: the cluster.
        signer: signs them.
        owned: returns what was sent with its owner.

    """

    def __init__(self, store: WriteStore, signer: TokenSigner, owned: Owned) -> None:
        self._store = store
        self._signer = signer
        self._owned = owned
        self._handed_out = 0

    def answer(self, served: Served, manifest: Manifest, manager: str) -> Manifest:
        """Return a request with its token.

        Raises:
            ApiError: the account is not there, or the request makes no sense.

        """
        _check_place(served, manifest)
        account = self._store.rows(SERVICE_ACCOUNT).get((served.namespace, served.name))
        if account is None:
            raise not_found(served)
        uid, spec = account["metadata"]["uid"], mapping_at(manifest, "spec")
        _check_uid(served, text_at(manifest, "metadata", "uid"), uid)
        seconds = number_at(spec, "expirationSeconds", default=_SECONDS)
        if not _LEAST_SECONDS <= seconds <= _MOST_SECONDS:
            less = "less than 10 minutes" if seconds < _LEAST_SECONDS else "larger than 2^32 seconds"
            message = f"Invalid value: {seconds}: may not specify a duration {less}"
            raise invalid_field(ObjectKey(AUTHENTICATION, _KIND, "", ""), "spec.expirationSeconds", message)
        bound = self._bound(served, mapping_at(spec, "boundObjectRef"))
        audiences = tuple(map(str, items_at(spec, "audiences"))) or (ISSUER,)
        self._handed_out += 1
        identity = str(uuid.uuid5(_UIDS, f"{uid}/{self._store.revision}/{self._handed_out}"))
        now = datetime.fromisoformat(self._store.now())
        token = AccountToken(served.namespace, served.name, uid, audiences, identity, bound)
        owned = self._owned({**manifest, "spec": {**spec, "expirationSeconds": seconds}}, manager, "token")
        meta = {
            "name": served.name,
            "namespace": served.namespace,
            "uid": uid,
            "creationTimestamp": self._store.now(),
            **mapping_at(owned, "metadata"),
        }
        told: Json = {"audiences": list(audiences), "expirationSeconds": seconds}
        told["boundObjectRef"] = at(spec, "boundObjectRef")
        status = {
            "token": self._signed(token, now, seconds),
            "expirationTimestamp": timestamp(now + timedelta(seconds=seconds)),
        }
        return {**owned, "metadata": meta, "spec": told, "status": status}

    def _signed(self, token: AccountToken, now: datetime, seconds: int) -> str:
        ends = now + timedelta(seconds=seconds)
        is_of_pod = any(each.kind == "pod" for each in token.bound)
        if is_of_pod and seconds == _PROJECTED_SECONDS and token.audiences == (ISSUER,):
            return self._signer.signed(token, now, now + _EXTENDED, ends)
        return self._signer.signed(token, now, ends)

    def _bound(self, served: Served, reference: Manifest) -> tuple[BoundTo, ...]:
        """Return what a token is bound to, and the node of a pod.

        Raises:
            ApiError: it is not there, is another one, or is of a kind that no token is bound to.

        """
        if not reference:
            return ()
        group, version = split_api_version(text_at(reference, "apiVersion"))
        kind, name = GroupKind(group, text_at(reference, "kind")), text_at(reference, "name")
        if kind not in _BINDABLE:
            shown = f"{group}/{version}, Kind={kind.kind}"
            raise ApiError("BadRequest", f"cannot bind token to object of type {shown}")
        found = self._store.rows(kind).get(("" if kind == NODE else served.namespace, name))
        if found is None:
            plural = resource_name(kind)
            raise ApiError("NotFound", f'{plural} "{name}" not found', details=Details(name=name, kind=plural))
        if kind == POD and text_at(found, "spec", "serviceAccountName") != served.name:
            why = "to pod running with different serviceaccount name."
            raise ApiError("BadRequest", f'cannot bind token for serviceaccount "{served.name}" {why}')
        uid, wanted = text_at(found, "metadata", "uid"), text_at(reference, "uid")
        if wanted and wanted != uid:
            why = (
                f"the UID in the bound object reference ({wanted}) does not match the UID in record. "
                "The object might have been deleted and then recreated"
            )
            raise _conflict(kind.kind, "", name, why)
        bound = (BoundTo(_BINDABLE[kind], name, uid),)
        node = text_at(found, "spec", "nodeName") if kind == POD else ""
        if not node:
            return bound
        host = self._store.rows(NODE).get(("", node))
        return (*bound, BoundTo("node", node, text_at(host, "metadata", "uid")))


def _check_place(served: Served, manifest: Manifest) -> None:
    for field, known in (("name", served.name), ("namespace", served.namespace)):
        told = text_at(manifest, "metadata", field)
        if told and told != known:
            why = f'Invalid value: "{told}": must match the service account {field} if specified'
            raise invalid_field(ObjectKey(AUTHENTICATION, _KIND, "", served.name), f"metadata.{field}", why)


def _check_uid(served: Served, told: str, uid: str) -> None:
    if told and told != uid:
        why = f"the UID in the token request ({told}) does not match the UID of the service account ({uid})"
        raise _conflict(_KIND, AUTHENTICATION, served.name, why)


def _conflict(kind: str, group: str, name: str, why: str) -> ApiError:
    place = f"{kind}.{group}" if group else kind
    details = Details(name=name, group=group, kind=kind)
    return ApiError("Conflict", f'Operation cannot be fulfilled on {place} "{name}": {why}', details=details)
