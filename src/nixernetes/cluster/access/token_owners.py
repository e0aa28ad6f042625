"""Whose a token is: its account has to be there, and so has what the token is bound to.

After kubernetes v1.34.4, ``pkg/serviceaccount/claims.go`` and ``apiserver/pkg/authentication/serviceaccount``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from nixernetes.cluster.access.tokens import AccountToken, BoundTo, TokenSigner
from nixernetes.cluster.access.users import User, service_account
from nixernetes.errors import InputError
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import NODE, POD, SECRET, SERVICE_ACCOUNT
from nixernetes.objects.manifest import Manifest

__all__ = ["AccountStore", "TokenOwners"]

_GROUP: Final = "authentication.kubernetes.io"
_KINDS: Final = {"pod": POD, "secret": SECRET, "node": NODE}
_LEEWAY: Final = timedelta(minutes=1)  # for which what is deleted still counts as there


class AccountStore(Protocol):
    """What holds service accounts, and what their tokens are bound to."""

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind by namespace and name."""
        ...

    def now(self) -> str:
        """Return the present."""
        ...


class TokenOwners:
    """Knows the owners of tokens.

    Args:
        store: the cluster.
        signer: knows its tokens.

    """

    def __init__(self, store: AccountStore, signer: TokenSigner) -> None:
        self._store = store
        self._signer = signer

    def of(self, text: str) -> tuple[User, tuple[str, ...]]:
        """Return the service account that a token is of, and who is to accept the token.

        Raises:
            InputError: it is no token of an account that is there, or what it is bound to is gone.

        """
        now = datetime.fromisoformat(self._store.now())
        token = self._signer.read(text, now)
        account = self._there(SERVICE_ACCOUNT, token.namespace, token.name, now)
        if account is None or account["metadata"].get("uid") != token.uid:
            raise InputError("invalid bearer token")
        for each in _conditions(token):
            place = "" if each.kind == "node" else token.namespace
            found = self._there(_KINDS[each.kind], place, each.name, now)
            if found is None:
                raise InputError("invalid bearer token, service account token has been invalidated")
            uid = text_at(found, "metadata", "uid")
            if uid != each.uid:
                claim = "node ref claim" if each.kind == "node" else f"service account {each.kind} ref claim"
                raise InputError(f"invalid bearer token, {each.kind} UID ({uid}) does not match {claim} ({each.uid})")
        extra = {f"{_GROUP}/credential-id": (f"JTI={token.identity}",)}
        for each in token.bound:
            if each.kind != "secret":
                extra[f"{_GROUP}/{each.kind}-name"] = (each.name,)
                extra |= {f"{_GROUP}/{each.kind}-uid": (each.uid,)} if each.uid else {}
        return service_account(token.namespace, token.name, token.uid, extra), token.audiences

    def _there(self, kind: GroupKind, namespace: str, name: str, now: datetime) -> Manifest | None:
        found = self._store.rows(kind).get((namespace, name))
        deleted = text_at(found, "metadata", "deletionTimestamp")
        return found if not deleted or datetime.fromisoformat(deleted) >= now - _LEEWAY else None


def _conditions(token: AccountToken) -> list[BoundTo]:
    """Return what has to be there: of a pod and its node, the pod alone."""
    is_of_pod = any(each.kind == "pod" for each in token.bound)
    return [each for each in token.bound if each.kind != "node" or not is_of_pod]
