"""What a client of a cluster sees: reads, writes, errors and events. The embedded cluster fulfils it, a remote may too.

Objects handed out are shared and frozen by convention: the store never changes one after handing it out (it replaces
it), and callers copy before they change anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from nixernetes.errors import NixernetesError
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Manifest

__all__ = [
    "Api",
    "ApiError",
    "Cause",
    "Details",
    "Event",
    "EventType",
    "Outcome",
    "Propagation",
    "Reader",
    "Watcher",
    "Writer",
    "filed",
]


class Outcome(StrEnum):
    """What happened to an object; the one set of words in engine, command line and pages alike."""

    CREATED = "created"
    CONFIGURED = "configured"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    SKIPPED = "skipped"


class Propagation(StrEnum):
    """What a delete does to dependents (``metav1.DeletionPropagation``)."""

    BACKGROUND = "Background"
    FOREGROUND = "Foreground"
    ORPHAN = "Orphan"


@dataclass(frozen=True, slots=True)
class Cause:
    """One of several things that are wrong (``metav1.StatusCause``).

    Attributes:
        reason: ``FieldValueInvalid``, ``FieldValueRequired``, ``FieldManagerConflict``, ...; or ``""``.
        message: what is wrong.
        field: the path of the field, as ``spec.replicas``; ``""`` where it is not about one.

    """

    reason: str
    message: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """What a refusal is about (``metav1.StatusDetails``).

    Attributes:
        name: the name of the object.
        group: the group of its kind; ``""`` for the core group.
        kind: the plural resource, or for what is invalid the kind.
        uid: the object's uid, where a server tells it.
        causes: what is wrong, one by one.

    """

    name: str = ""
    group: str = ""
    kind: str = ""
    uid: str = ""
    causes: tuple[Cause, ...] = ()


class ApiError(NixernetesError):
    """A refusal of the API server.

    Args:
        reason: ``metav1.StatusReason``: NotFound, AlreadyExists, Conflict, Invalid, Forbidden, BadRequest, ...; or
            NoMatch, for a kind that the server does not know (what clients call ``NoKindMatchError``); ``""`` where
            a server gives none.
        message: the text that kubectl would print after ``Error from server (Reason):``.
        subject: the object.
        code: the HTTP status where it is not the one of the reason; 0 for that one.
        details: what it is about; None where a server tells nothing.
        retry_after: seconds after which a client may ask again; 0 when it is told nothing.

    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        subject: str = "",
        code: int = 0,
        details: Details | None = None,
        retry_after: int = 0,
    ) -> None:
        super().__init__(message, subject=subject)
        self.reason = reason
        self.code = code
        self.details = details
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.message


class EventType(StrEnum):
    """The types of watch events."""

    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True)
class Event:
    """One change: its type, the object after it (the last state, for DELETED), and the object before it, if any."""

    type: EventType
    object: Manifest
    old: Manifest | None = None


class Reader(Protocol):
    """Reads objects."""

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def list(
        self, kind: GroupKind, *, namespace: str | None = None, labels: Mapping[str, str] | None = None
    ) -> list[Manifest]:
        """Return the objects of a kind, sorted by namespace and name.

        Args:
            kind: which kind.
            namespace: only this one; None means all.
            labels: labels that must all be there with these values.

        """
        ...

    def is_namespaced(self, kind: GroupKind) -> bool | None:
        """Tell whether a served kind is namespaced; None when the kind is not served here (no such CRD)."""
        ...

    def is_served(self, manifest: Manifest) -> bool:
        """Tell whether the kind of an object is served in the version that the object has."""
        ...


class Writer(Protocol):
    """Changes objects."""

    def apply(
        self, manifest: Manifest, *, manager: str, force: bool = False, dry_run: bool = False, lenient: bool = False
    ) -> Manifest:
        """Server-side apply; return the object as it is (or, for a dry run, would be) stored.

        A lenient one takes the manifest as the patch of a client that merges by itself: fields that the kind has not
        are dropped, where an applied configuration with them is refused.

        Raises:
            ApiError: Invalid, NotFound (the namespace or the kind), Conflict (another manager owns a field), ...

        """
        ...

    def update(self, manifest: Manifest, *, manager: str, subresource: str = "") -> Manifest:
        """Replace an object, or with ``subresource="status"`` only its status; creates nothing.

        Raises:
            ApiError: NotFound, Conflict (``metadata.resourceVersion`` is given and old), Invalid.

        """
        ...

    def create(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Create an object.

        Raises:
            ApiError: AlreadyExists, Invalid, NotFound (the namespace or the kind).

        """
        ...

    def delete(self, key: ObjectKey, *, propagation: Propagation = Propagation.BACKGROUND) -> None:
        """Delete an object; with finalizers it stays, with ``metadata.deletionTimestamp``, until they are gone.

        Raises:
            ApiError: NotFound.

        """
        ...


class Watcher(Protocol):
    """Tells of changes."""

    def watch(self, callback: Callable[[Event], None]) -> None:
        """Call back after each change, in order; the callback must only take note, never write."""
        ...


class Api(Reader, Writer, Watcher, Protocol):
    """A whole cluster, as the engine uses it."""


def filed(api: Reader, key: ObjectKey) -> ObjectKey:
    """Return the key under which a cluster holds an object.

    A namespace counts for nothing where a kind belongs to the whole cluster: clients leave it out of the path (REST
    mappings of scope ``root``), and the server takes it off what it stores (``rest.BeforeCreate`` of apiserver).
    """
    is_whole = bool(key.namespace) and api.is_namespaced(key.group_kind) is False
    return key._replace(namespace="") if is_whole else key
