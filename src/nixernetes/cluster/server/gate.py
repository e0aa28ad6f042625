"""Who asks, for whom, and whether they may: authentication, impersonation, authorization.

After apiserver v0.34.4, ``pkg/endpoints/filters``: ``authentication.go``, ``impersonation.go``, ``authorization.go``.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from typing import Final

from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.token_owners import TokenOwners
from nixernetes.cluster.access.tokens import ISSUER
from nixernetes.cluster.access.users import (
    ADMINISTRATORS,
    ANONYMOUS,
    AUTHENTICATED,
    User,
    account_of,
    service_account,
)
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.selectors.parsing import parse_fields
from nixernetes.cluster.server.paths import Target
from nixernetes.cluster.server.requests import ApiRequest
from nixernetes.errors import InputError
from nixernetes.objects.api_groups import AUTHENTICATION

__all__ = ["AccessGate"]

_BEARER: Final = "bearer "
_PREFIX: Final = "impersonate-"
_EXTRA: Final = "impersonate-extra-"
_WRITES: Final = {"POST": "create", "PUT": "update", "PATCH": "patch"}
_ADMINISTRATOR: Final = User(name="kubernetes-admin", groups=(ADMINISTRATORS, AUTHENTICATED))


class AccessGate:
    """Lets in who may come in.

    Args:
        tokens: the tokens of the administrator.
        owners: knows the tokens of service accounts.
        authorizer: decides.

    """

    def __init__(self, tokens: Collection[str], owners: TokenOwners, authorizer: Authorizer) -> None:
        self._tokens = [token.encode() for token in tokens]
        self._owners = owners
        self._authorizer = authorizer

    def admit(self, request: ApiRequest, what: Target | None) -> User:
        """Return who asks; refuse who may not.

        Raises:
            ApiError: Unauthorized or Forbidden.

        """
        user = self._authenticated(request)
        if request.impersonated:
            user = self._impersonated(user, request)
        if not user.is_administrator:
            self._authorizer.check(wish_of(user, request, what))
        return user

    def _authenticated(self, request: ApiRequest) -> User:
        header = request.headers.get("authorization", "")
        if header[: len(_BEARER)].lower() == _BEARER:
            told = header[len(_BEARER) :].strip()
            if any(hmac.compare_digest(told.encode("utf-8", "replace"), token) for token in self._tokens):
                return _ADMINISTRATOR
            try:
                user, audiences = self._owners.of(told)
            except InputError as error:
                raise ApiError("Unauthorized", "Unauthorized") from error
            if ISSUER not in audiences:
                raise ApiError("Unauthorized", "Unauthorized")
            return user
        if request.peer is not None:
            name, groups = request.peer
            return User(name=name, groups=(*groups, AUTHENTICATED))
        return ANONYMOUS

    def _impersonated(self, user: User, request: ApiRequest) -> User:
        """Return the user that another one acts as.

        Raises:
            ApiError: Forbidden, or that no user is named.

        """
        told = request.impersonated
        names = [value for name, value in told if name == "impersonate-user"]
        groups = tuple(value for name, value in told if name == "impersonate-group")
        uids = [value for name, value in told if name == "impersonate-uid"]
        extra: dict[str, tuple[str, ...]] = {}
        for name, value in told:
            if name.startswith(_EXTRA):
                extra[name.removeprefix(_EXTRA)] = (*extra.get(name.removeprefix(_EXTRA), ()), value)
        if not names:
            shown = " ".join(f"{{Group  {group}    }}" for group in groups)
            why = f'Internal Server Error: "{request.path}": requested [{shown}] without impersonating a user'
            raise ApiError("PlainText", why, code=500)
        for kind, name, group in _references(names[0], groups, uids, extra):
            account = account_of(name) if kind == "serviceaccounts" else None
            self._authorizer.check(
                Attributes(
                    user=user,
                    verb="impersonate",
                    group=group,
                    resource=kind.partition("/")[0],
                    subresource=kind.partition("/")[2],
                    namespace=account[0] if account else "",
                    name=account[1] if account else name,
                )
            )
        return _as(names[0], groups, uids[0] if uids else "", extra)


def _references(
    name: str, groups: tuple[str, ...], uids: list[str], extra: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, str, str]]:
    """Return what has to be allowed to act as a user: resource, name and group of each."""
    found = [("serviceaccounts" if account_of(name) else "users", name, "")]
    found += [("groups", group, "") for group in groups]
    found += [("uids", uid, AUTHENTICATION) for uid in uids]
    found += [(f"userextras/{key}", value, AUTHENTICATION) for key, values in extra.items() for value in values]
    return found


def _as(name: str, groups: tuple[str, ...], uid: str, extra: Mapping[str, tuple[str, ...]]) -> User:
    account = account_of(name)
    if account is not None and not groups:
        return service_account(*account, uid, extra)
    if name == ANONYMOUS.name:
        return User(name=name, uid=uid, groups=groups or ANONYMOUS.groups, extra=extra)
    everyone = () if AUTHENTICATED in groups else (AUTHENTICATED,)
    return User(name=name, uid=uid, groups=(*groups, *everyone), extra=extra)


def wish_of(user: User, request: ApiRequest, what: Target | None) -> Attributes:
    """Return what a request wants (``requestinfo.go``)."""
    if what is None:
        return Attributes(user=user, verb=request.method.lower(), path=request.path)
    return Attributes(
        user=user,
        verb=_verb(request, what),
        group=what.group,
        resource=what.resource,
        subresource=what.subresource,
        namespace=what.namespace or (what.name if what.resource == "namespaces" and not what.group else ""),
        name=what.name or _selected_name(request),
    )


def _selected_name(request: ApiRequest) -> str:
    """Return the one name that a list or a watch selects; ``""`` for more than one."""
    text = request.query.text("fieldSelector")
    if not text or request.method not in ("GET", "HEAD"):
        return ""
    try:
        return parse_fields(text).exact("metadata.name") or ""
    except ApiError:
        return ""


def _verb(request: ApiRequest, what: Target) -> str:
    if request.method in ("GET", "HEAD"):
        if what.is_watch or (request.query.flag("watch") and not what.name):
            return "watch"
        return "get" if what.name else "list"
    if request.method == "DELETE":
        return "delete" if what.name else "deletecollection"
    return _WRITES.get(request.method, request.method.lower())
