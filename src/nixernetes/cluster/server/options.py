"""The options of requests: parameters of the URL, and bodies of deletions (apimachinery pkg/apis/meta/v1/types.go)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details, Propagation
from nixernetes.cluster.server.requests import UrlQuery
from nixernetes.objects.api_groups import META
from nixernetes.objects.fields import at, items_at, text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["DeleteOptions", "ListOptions", "WriteOptions", "field_manager", "invalid_options", "version_of"]

_MATCHES: Final = ("Exact", "NotOlderThan", "")
_VALIDATIONS: Final = ("", "Ignore", "Strict", "Warn")
_PROPAGATIONS: Final = ("Orphan", "Background", "Foreground")
_LONGEST_MANAGER: Final = 128
_UNTOLD_MANAGER: Final = "unknown"
_FORBIDDEN_MATCH: Final = "resourceVersionMatch is forbidden unless resourceVersion is provided"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """What of a collection is asked for.

    Attributes:
        labels: the label selector, as text.
        fields: the field selector, as text.
        limit: the most objects of a page; 0 for all.
        goes_on: the token of the page before.
        version: from which version; None where none is stated.
        match: ``Exact``, ``NotOlderThan`` or ``""``.
        watch: whether changes are asked for.
        bookmarks: whether a watch may be told of revisions without a change.
        initial: whether a watch begins with what is there: as asked; None where nothing is said.
        seconds: after how long a watch is ended; 0 for the server's choice.

    """

    labels: str = ""
    fields: str = ""
    limit: int = 0
    goes_on: str = ""
    version: int | None = None
    match: str = ""
    watch: bool = False
    bookmarks: bool = False
    initial: bool | None = None
    seconds: int = 0

    @classmethod
    def read(cls, query: UrlQuery, *, is_watch: bool = False) -> ListOptions:
        """Read the parameters of a list or a watch.

        Raises:
            ApiError: BadRequest or Invalid.

        """
        watch = is_watch or query.flag("watch")
        match, text = query.text("resourceVersionMatch"), query.text("resourceVersion")
        goes_on = query.text("continue")
        initial = query.flag("sendInitialEvents") if query.has("sendInitialEvents") else None
        options = cls(
            labels=query.text("labelSelector"),
            fields=query.text("fieldSelector"),
            limit=max(_number(query, "limit"), 0),
            goes_on=goes_on,
            version=None,
            match=match,
            watch=watch,
            bookmarks=query.flag("allowWatchBookmarks"),
            initial=initial,
            seconds=max(_number(query, "timeoutSeconds"), 0),
        )
        _check_versions(options, text)
        if text:
            object.__setattr__(options, "version", version_of(text, watch=watch))
        return options


def _check_versions(options: ListOptions, text: str) -> None:
    """Refuse what does not go together (apimachinery pkg/apis/meta/internalversion/validation, v0.34.4)."""
    found = _watch_causes(options) if options.watch else _list_causes(options, text)
    if found:
        raise invalid_options("ListOptions", found)


def _watch_causes(options: ListOptions) -> list[Cause]:
    match, found, name = options.match, [], "resourceVersionMatch"
    if options.initial is not None and match != "NotOlderThan":
        found.append(_forbidden(name, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"))
    elif options.initial is None and match:
        found.append(
            _forbidden(name, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
        )
    if match and match != "NotOlderThan":
        message = f'Unsupported value: "{match}": supported values: "NotOlderThan"'
        found.append(Cause("FieldValueNotSupported", message, name))
    if options.goes_on:
        found.append(_forbidden("continue", "continue is forbidden for watch"))
    return found


def _list_causes(options: ListOptions, text: str) -> list[Cause]:
    match, found, name = options.match, [], "resourceVersionMatch"
    if options.initial is not None:
        found.append(_forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
    if match and options.goes_on:
        found.append(_forbidden(name, "resourceVersionMatch is forbidden when continue is provided"))
    if match and not text:
        found.append(_forbidden(name, _FORBIDDEN_MATCH))
    if match not in _MATCHES:
        told = ", ".join(f'"{each}"' for each in _MATCHES)
        message = f'Unsupported value: "{match}": supported values: {told}'
        found.append(Cause("FieldValueNotSupported", message, name))
    if match == "Exact" and text == "0":
        found.append(_forbidden(name, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
    return found


def _forbidden(name: str, why: str) -> Cause:
    return Cause("FieldValueForbidden", f"Forbidden: {why}", name)


def invalid_options(kind: str, causes: Sequence[Cause]) -> ApiError:
    """Return the refusal of options."""
    told = [f"{cause.field}: {cause.message}" for cause in causes]
    what = told[0] if len(told) == 1 else f"[{', '.join(told)}]"
    details = Details(group=META, kind=kind, causes=tuple(causes))
    return ApiError("Invalid", f'{kind}.{META} "" is invalid: {what}', details=details)


def version_of(text: str, *, watch: bool) -> int:
    """Return a resourceVersion; a list is told of one that is none in other words than all other reads.

    Raises:
        ApiError: it is no number.

    """
    if re.fullmatch(r"\d{1,20}", text):
        return int(text)
    head = "" if watch else "invalid resource version: "
    why = f'{head}resourceVersion: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid syntax'
    raise ApiError("" if watch else "BadRequest", why, code=500 if watch else 400)


def _number(query: UrlQuery, name: str) -> int:
    text = query.text(name)
    if not text:
        return 0
    if not re.fullmatch(r"[+-]?\d{1,18}", text):
        raise ApiError("BadRequest", f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """How an object is written.

    Attributes:
        manager: the field manager.
        dry_run: whether nothing is stored.
        validation: what is done about fields that a kind has not: ``Strict``, ``Warn`` or ``Ignore``.
        force: whether an apply takes fields from other managers.

    """

    manager: str
    dry_run: bool = False
    validation: str = "Warn"
    force: bool = False

    @classmethod
    def read(cls, query: UrlQuery, user_agent: str, kind: str, *, applies: bool = False) -> WriteOptions:
        """Read the parameters of a write.

        Args:
            query: the parameters.
            user_agent: the client's name for itself, whose first part is the field manager where none is named.
            kind: ``CreateOptions``, ``UpdateOptions`` or ``PatchOptions``.
            applies: whether it is a server-side apply.

        Raises:
            ApiError: Invalid.

        """
        manager, validation = query.text("fieldManager"), query.text("fieldValidation")
        found = _dry_run_causes(query.texts("dryRun"))
        if applies and not manager:
            found.append(Cause("FieldValueRequired", "Required value: is required for apply patch", "fieldManager"))
        if query.has("force") and not applies:
            found.append(_forbidden("force", "may not be specified for non-apply patch"))
        found += _manager_causes(manager)
        if validation not in _VALIDATIONS:
            told = ", ".join(f'"{each}"' for each in _VALIDATIONS)
            message = f'Unsupported value: "{validation}": supported values: {told}'
            found.append(Cause("FieldValueNotSupported", message, "fieldValidation"))
        if found:
            raise invalid_options(kind, found)
        return cls(
            manager=manager or field_manager(user_agent),
            dry_run=query.has("dryRun"),
            validation=validation or "Warn",
            force=query.flag("force"),
        )


def field_manager(user_agent: str) -> str:
    """Return the field manager of a client that names none."""
    return user_agent.partition("/")[0][:_LONGEST_MANAGER] or _UNTOLD_MANAGER


def _manager_causes(manager: str) -> list[Cause]:
    found = []
    if len(manager.encode()) > _LONGEST_MANAGER:
        message = f"Too long: may not be more than {_LONGEST_MANAGER} bytes"
        found.append(Cause("FieldValueTooLong", message, "fieldManager"))
    broken = next((at for at, char in enumerate(manager) if not char.isprintable()), None)
    if broken is not None:
        char = manager[broken]
        message = f'Invalid value: "{manager}": invalid character {char!r} (at position {broken})'
        found.append(Cause("FieldValueInvalid", message, "fieldManager"))
    return found


def _dry_run_causes(values: Sequence[str]) -> list[Cause]:
    if not values or set(values) == {"All"}:
        return []
    told = "[" + ", ".join(f'"{each}"' for each in values) + "]"
    message = f'Unsupported value: {told}: supported values: "All"'
    return [Cause("FieldValueNotSupported", message, "dryRun")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOptions:
    """How an object is deleted.

    Attributes:
        propagation: what happens to dependents; None for the kind's own choice.
        grace: seconds that it may take; None for the kind's own choice.
        uid: only where the object has this uid; ``""`` for any.
        version: only where it has this resourceVersion; ``""`` for any.
        dry_run: whether nothing is deleted.

    """

    propagation: Propagation | None = None
    grace: int | None = None
    uid: str = ""
    version: str = ""
    dry_run: bool = False

    @classmethod
    def read(cls, query: UrlQuery, body: Manifest | None) -> DeleteOptions:
        """Read the body of a deletion, or without one the parameters.

        Raises:
            ApiError: Invalid.

        """
        told = body or _from_query(query)
        propagation = text_at(told, "propagationPolicy")
        if not propagation and at(told, "orphanDependents") is not None:
            propagation = "Orphan" if at(told, "orphanDependents") is True else "Background"
        dry_run = [str(each) for each in items_at(told, "dryRun")] or list(query.texts("dryRun"))
        found = _dry_run_causes(dry_run)
        if propagation and propagation not in _PROPAGATIONS:
            message = (
                f'Unsupported value: "{propagation}": supported values: "Foreground", "Background", "Orphan", "nil"'
            )
            found.append(Cause("FieldValueNotSupported", message, "propagationPolicy"))
        if text_at(told, "propagationPolicy") and at(told, "orphanDependents") is not None:
            message = f'Invalid value: "{propagation}": orphanDependents and deletionPropagation cannot be both set'
            found.append(Cause("FieldValueInvalid", message, "propagationPolicy"))
        if found:
            raise invalid_options("DeleteOptions", found)
        grace = at(told, "gracePeriodSeconds")
        return cls(
            propagation=Propagation(propagation) if propagation else None,
            grace=grace if isinstance(grace, int) else None,
            uid=text_at(told, "preconditions", "uid"),
            version=text_at(told, "preconditions", "resourceVersion"),
            dry_run=bool(dry_run),
        )


def _from_query(query: UrlQuery) -> Manifest:
    told: Manifest = {}
    if query.has("propagationPolicy"):
        told["propagationPolicy"] = query.text("propagationPolicy")
    if query.has("orphanDependents"):
        told["orphanDependents"] = query.flag("orphanDependents")
    if query.text("gracePeriodSeconds"):
        told["gracePeriodSeconds"] = _number(query, "gracePeriodSeconds")
    return told
