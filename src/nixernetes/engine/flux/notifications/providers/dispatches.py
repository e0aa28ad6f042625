"""One event for one Provider, and what its Secrets say (``extractAuthFromSecret`` of ``event_handlers.go``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from nixernetes.engine.events import RecordedEvent
from nixernetes.engine.notices.encoding import go_json
from nixernetes.errors import InputError, NixernetesError
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.objects import yamls
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Dispatch", "Login", "ProviderError", "commit_of", "event_body", "login_of", "reason_in_words"]

LONGEST_MESSAGE: Final = 39_000
_HASH: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CLASSES: Final = re.compile(r"[a-z]+|[A-Z]+|\d+|[^a-zA-Z\d]+")


class ProviderError(NixernetesError):
    """A provider cannot be used as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What the Secret of a Provider holds: each may be ``""``."""

    token: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    data: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """One event for one Provider.

    Attributes:
        provider: who is told.
        uid: the uid of the Provider.
        address: where: of its Secret, else of its spec.
        login: what its Secret holds.
        event: what happened.
        metadata: what is told of it besides.
        commit_status: the id of the commit status, for Git hosts.
        alert: namespace, name and uid of the Alert.

    """

    provider: Provider
    uid: str = ""
    address: str = ""
    login: Login = field(default_factory=Login)
    event: RecordedEvent
    metadata: Mapping[str, str]
    commit_status: str = ""
    alert: tuple[str, str, str] = ("", "", "")

    @property
    def is_error(self) -> bool:
        """Whether the event tells of a failure."""
        return self.event.type == "Warning"

    @property
    def severity(self) -> str:
        """``info`` or ``error``."""
        return "error" if self.is_error else "info"

    @property
    def message(self) -> str:
        """What is told, as long as events may be."""
        return self.event.message[:LONGEST_MESSAGE]

    @property
    def username(self) -> str:
        """The name to log in or to speak under: of the Secret, else of the spec."""
        return self.login.username or self.provider.username or ""

    @property
    def channel(self) -> str:
        """The channel, room, subject or project, or ``""``."""
        return self.provider.channel or ""

    @property
    def api_token(self) -> str:
        """The token, or the password in its place, as types with an API of Git hosts take it."""
        return self.login.token or self.login.password

    @property
    def subject(self) -> str:
        """The object as messages name it: ``kind/name.namespace``."""
        key = self.event.key
        return f"{key.kind.lower()}/{key.name}.{key.namespace}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The metadata in order."""
        return sorted(self.metadata.items())


def login_of(secret: Mapping[str, str]) -> Login:
    """Return what a Secret holds to log in with.

    Half of a pair (a user without a password, a certificate without its key) makes the others count for nothing.

    Raises:
        ProviderError: its headers are not a map.

    """
    headers: dict[str, str] = {}
    if "headers" in secret:
        try:
            headers = {str(name): str(text) for name, text in (yamls.parse(secret["headers"]) or {}).items()}
        except (InputError, AttributeError):
            raise ProviderError("failed to read headers from secret: they are not a YAML map") from None
    pairs = (("username", "password"), ("tls.crt", "tls.key"))
    if any((one in secret) != (other in secret) for one, other in pairs):
        return Login(headers=headers, data=secret)
    return Login(
        token=secret.get("token", ""),
        username=secret.get("username", ""),
        password=secret.get("password", ""),
        headers=headers,
        data=secret,
    )


def event_of(dispatch: Dispatch) -> Manifest:
    """Return the event as an object of ``event.v1beta1``, in the order of its fields in Go."""
    event = dispatch.event
    involved = {
        "kind": event.key.kind,
        "namespace": event.key.namespace,
        "name": event.key.name,
        "uid": event.uid,
        "apiVersion": event.api_version,
        "resourceVersion": event.resource_version,
    }
    whole: dict[str, Json] = {
        "involvedObject": {name: text for name, text in involved.items() if text},
        "severity": dispatch.severity,
        "timestamp": timestamp(event.time),
        "message": dispatch.message,
        "reason": event.reason,
        "metadata": dict(dispatch.facts),
        "reportingController": event.controller,
        "reportingInstance": f"{event.controller}-0",
    }
    return whole if dispatch.metadata else {name: value for name, value in whole.items() if name != "metadata"}


def event_body(dispatch: Dispatch) -> bytes:
    """Return the event as notification-controller writes it."""
    return go_json(event_of(dispatch))


def reason_in_words(dispatch: Dispatch) -> str:
    """Return the reason of an event as words: ``HealthCheckFailed`` is ``health check failed``."""
    words: list[str] = []
    for part in _CLASSES.findall(dispatch.event.reason):
        if words and part[0].islower() and words[-1][-1:].isupper():
            head, initial = words[-1][:-1], words[-1][-1]
            words[-1:] = [*([head] if head else []), initial + part]
        else:
            words.append(part)
    return " ".join(words).lower()


def commit_of(dispatch: Dispatch) -> str:
    """Return the hash of the commit that an event is about.

    Raises:
        ProviderError: it is about none.

    """
    revision = dispatch.metadata.get("revision", "")
    if not revision:
        raise ProviderError("missing revision metadata")
    found = revision.rpartition(":")[2] if ":" in revision else revision.rpartition("/")[2]
    if not _HASH.fullmatch(found):
        raise ProviderError(f"failed to extract commit hash from '{revision}' revision")
    return found
