"""Users, as an API server knows them (apiserver pkg/authentication/user, v0.34.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.objects.manifest import Manifest

__all__ = ["ADMINISTRATORS", "ANONYMOUS", "AUTHENTICATED", "User", "service_account"]

ADMINISTRATORS: Final = "system:masters"
AUTHENTICATED: Final = "system:authenticated"
UNAUTHENTICATED: Final = "system:unauthenticated"
_ACCOUNT: Final = "system:serviceaccount:"
_ACCOUNTS: Final = "system:serviceaccounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Someone who asks.

    Attributes:
        name: the name.
        uid: what tells two of one name apart; ``""`` for nothing.
        groups: the groups.
        extra: more that is known.

    """

    name: str
    uid: str = ""
    groups: tuple[str, ...] = ()
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_administrator(self) -> bool:
        """Whether everything is allowed."""
        return ADMINISTRATORS in self.groups

    def info(self) -> Manifest:
        """Return what reviews tell of a user (``authentication.k8s.io/v1`` UserInfo)."""
        told: Manifest = {"username": self.name}
        if self.uid:
            told["uid"] = self.uid
        if self.groups:
            told["groups"] = list(self.groups)
        if self.extra:
            told["extra"] = {name: list(values) for name, values in sorted(self.extra.items())}
        return told


ANONYMOUS: Final = User(name="system:anonymous", groups=(UNAUTHENTICATED,))


def service_account(
    namespace: str, name: str, uid: str = "", extra: Mapping[str, tuple[str, ...]] | None = None
) -> User:
    """Return a service account as a user."""
    groups = (_ACCOUNTS, f"{_ACCOUNTS}:{namespace}", AUTHENTICATED)
    return User(name=f"{_ACCOUNT}{namespace}:{name}", uid=uid, groups=groups, extra=extra or {})


def account_of(user: str) -> tuple[str, str] | None:
    """Return namespace and name of the service account that a user is; None for another user."""
    namespace, colon, name = user.removeprefix(_ACCOUNT).partition(":")
    return (namespace, name) if user.startswith(_ACCOUNT) and colon and namespace and name else None
