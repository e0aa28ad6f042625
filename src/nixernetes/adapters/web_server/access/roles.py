"""The file of roles: who may look and who may change what, by name and by group; read strictly.

Whoever matches nothing may do nothing. Of several entries that match, one that makes an operator wins, and the grants
of all of them add up.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.alias_generators import to_camel

from nixernetes.adapters.web_server.access.standing import Grant, Role, Standing
from nixernetes.errors import InputError
from nixernetes.objects import yamls

__all__ = ["OidcSettings", "RoleEntry", "RolesFile", "TlsSettings", "read_roles"]

_MOST_BYTES: Final = 256 * 1024
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_Patterns = Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=1, max_length=200)]
_ALL: Final = ["*"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, alias_generator=to_camel)


class RoleEntry(_Strict):
    """Who has a role, and what an operator may change."""

    role: Annotated[Role, Field(strict=False)]
    people: list[str] = []
    groups: list[str] = []
    clusters: _Patterns = _ALL
    projects: _Patterns = _ALL
    deliveries: _Patterns = _ALL

    @model_validator(mode="after")
    def _makes_sense(self) -> RoleEntry:
        if not self.people and not self.groups:
            raise ValueError("names nobody: give people or groups")
        bounds = {"clusters", "projects", "deliveries"} & self.model_fields_set
        if self.role is Role.VIEWER and bounds:
            raise ValueError(f"a viewer sees everything: {', '.join(sorted(bounds))} is for operators")
        return self

    def is_of(self, name: str, groups: Iterable[str]) -> bool:
        """Tell whether somebody has this role."""
        return name in self.people or bool({*groups} & {*self.groups})


class OidcSettings(_Strict):
    """The issuer that says who somebody is."""

    issuer: Annotated[str, Field(pattern=r"^https?://")]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_file: str = ""
    scopes: list[str] = ["openid", "profile", "email", "groups"]
    name_claim: str = "email"
    groups_claim: str = "groups"

    @field_validator("scopes")
    @classmethod
    def _is_openid(cls, scopes: list[str]) -> list[str]:
        if "openid" not in scopes:
            raise ValueError("openid must be one of them")
        return scopes


class TlsSettings(_Strict):
    """What encrypts the page; files beside this one, or absolute."""

    certificate: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(min_length=1)]


class RolesFile(_Strict):
    """All of the file."""

    url: str = ""
    tls: TlsSettings | None = None
    roles: Annotated[list[RoleEntry], Field(min_length=1, max_length=1000)]
    tokens: dict[str, str] = {}
    oidc: OidcSettings | None = None

    @field_validator("tokens")
    @classmethod
    def _are_digests(cls, tokens: dict[str, str]) -> dict[str, str]:
        for name, digest in tokens.items():
            if not _DIGEST.fullmatch(digest):
                raise ValueError(f"{name}: write sha256: and the SHA-256 of the token in hex, never the token itself")
        return tokens

    @model_validator(mode="after")
    def _lets_somebody_in(self) -> RolesFile:
        if not self.tokens and self.oidc is None:
            raise ValueError("nobody could come in: give tokens or oidc")
        return self

    def standing(self, name: str, groups: Iterable[str]) -> Standing | None:
        """Return what somebody may do; None for nothing."""
        held = [*groups]
        found = [entry for entry in self.roles if entry.is_of(name, held)]
        if not found:
            return None
        grants = tuple(
            Grant(clusters=tuple(each.clusters), projects=tuple(each.projects), deliveries=tuple(each.deliveries))
            for each in found
            if each.role is Role.OPERATOR
        )
        return Standing(role=Role.OPERATOR if grants else Role.VIEWER, name=name, grants=grants)

    def name_of(self, token: str) -> str:
        """Return whose token it is, ``""`` for nobody's; takes as long for any token."""
        given = "sha256:" + hashlib.sha256(token.encode(errors="replace")).hexdigest()
        found = ""
        for name, digest in self.tokens.items():
            if secrets.compare_digest(given, digest):
                found = name
        return found


def read_roles(file: Path) -> RolesFile:
    """Read a file of roles.

    Raises:
        InputError: it cannot be read, is not of its form, or has a key that it does not know.

    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"the roles cannot be read: {error.strerror}", subject=str(file)) from error
    if len(data) > _MOST_BYTES:
        raise InputError("the roles are larger than 256 KiB", subject=str(file))
    value = yamls.parse(data.decode(errors="replace"), file=str(file))
    try:
        return RolesFile.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        unknown = first["type"] == "extra_forbidden"
        why = "there is no such key" if unknown else first["msg"].removeprefix("Value error, ")
        raise InputError(f"{where}: {why}", subject=str(file)) from error
