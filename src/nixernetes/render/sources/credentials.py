"""How to authenticate at a registry or a Helm repository, as Kubernetes Secrets say it (Flux, section 1.5)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from nixernetes.errors import InputError
from nixernetes.objects.well_known import DOCKER_INDEX, DOCKER_REGISTRY

__all__ = ["ANONYMOUS", "DOCKER_HUB", "Credentials", "from_docker_config", "from_secret"]

_DOCKER_CONFIG = ".dockerconfigjson"
DOCKER_HUB: Final = (DOCKER_REGISTRY, DOCKER_INDEX, "registry-1.docker.io")  # as written, indexed, and asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who asks, and how the connection is made. What is secret is not part of the representation.

    Attributes:
        username: the name, or ``""``.
        password: the password or token.
        ca: certificates (PEM) to trust instead of the machine's, or ``""``.
        certificate: the client certificate (PEM), or ``""``.
        key: the key (PEM) of the client certificate.
        insecure: whether a registry is spoken to by plain HTTP.
        pass_credentials: whether a Helm repository's charts on another host get the credentials too.

    """

    username: str = ""
    password: str = field(default="", repr=False)
    ca: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    insecure: bool = False
    pass_credentials: bool = False


ANONYMOUS: Final = Credentials()


def from_secret(
    url: str,
    secret: Mapping[str, str] | None = None,
    certificates: Mapping[str, str] | None = None,
    *,
    insecure: bool = False,
    pass_credentials: bool = False,
) -> Credentials:
    """Return the credentials that a source's Secrets give.

    Args:
        url: the source's URL; chooses the entry of a ``.dockerconfigjson``.
        secret: the decoded data of ``secretRef``: ``username`` and ``password``, or ``.dockerconfigjson``.
        certificates: the decoded data of ``certSecretRef``: ``ca.crt``, ``tls.crt`` and ``tls.key``.
        insecure: ``spec.insecure``.
        pass_credentials: ``spec.passCredentials``.

    Raises:
        InputError: a Secret lacks a half of a pair, or is malformed. Values are never part of the message.

    """
    data = secret or {}
    if _DOCKER_CONFIG in data:
        username, password = from_docker_config(data[_DOCKER_CONFIG], url)
    else:
        username, password = data.get("username", ""), data.get("password", "")
        if bool(username) != bool(password):
            raise InputError("invalid secret data: required fields 'username' and 'password'")
    given = {**data, **(certificates or {})}
    certificate, key = given.get("tls.crt", ""), given.get("tls.key", "")
    if bool(certificate) != bool(key):
        raise InputError("invalid secret data: 'tls.crt' and 'tls.key' must come together")
    return Credentials(
        username=username,
        password=password,
        ca=given.get("ca.crt", ""),
        certificate=certificate,
        key=key,
        insecure=insecure,
        pass_credentials=pass_credentials,
    )


def from_docker_config(text: str, url: str) -> tuple[str, str]:
    """Return (username, password) of the entry for a URL's registry; two empty strings where there is none.

    The longest entry that the URL begins with wins, so a path may have its own.

    Raises:
        InputError: the text is no docker configuration.

    """
    try:
        entries = json.loads(text).get("auths") or {}
        named = {_place(name): entry for name, entry in entries.items() if isinstance(entry, dict)}
    except (ValueError, AttributeError, RecursionError):
        raise InputError("invalid docker configuration: it must be a JSON object with 'auths'") from None
    wanted = _place(url)
    fitting = [name for name in named if wanted == name or wanted.startswith(f"{name}/")]
    if not fitting:
        return "", ""
    entry = named[max(fitting, key=len)]
    if entry.get("auth"):
        return _decoded(str(entry["auth"]))
    return str(entry.get("username") or ""), str(entry.get("password") or "")


def _decoded(auth: str) -> tuple[str, str]:
    try:
        username, _, password = base64.b64decode(auth, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise InputError("invalid docker configuration: an 'auth' is not base64") from None
    return username, password.strip("\0")


def _place(url: str) -> str:
    """Return host and path of an entry or URL; the names of Docker Hub are one."""
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
    except ValueError:  # no URL, and so the place of nothing else
        return url
    path = parts.path.strip("/")
    if parts.netloc in DOCKER_HUB:
        return DOCKER_HUB[0] if path in ("", "v1", "v2") else f"{DOCKER_HUB[0]}/{path}"
    return f"{parts.netloc}/{path}" if path else parts.netloc
