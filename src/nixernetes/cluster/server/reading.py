"""Reads: one object, a list, a watch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.conversions import converted
from nixernetes.cluster.history import History, HistoryStore
from nixernetes.cluster.server.continuing import continued, token
from nixernetes.cluster.server.forms import WatchWriter, listed, shaped
from nixernetes.cluster.server.media import Form
from nixernetes.cluster.server.options import ListOptions, version_of
from nixernetes.cluster.server.requests import ApiResponse
from nixernetes.cluster.server.selecting import ObjectSelection
from nixernetes.cluster.server.serving import Served, not_found
from nixernetes.cluster.server.watching import Told, Watches
from nixernetes.objects.manifest import Manifest

__all__ = ["Reads"]

_TOO_LARGE: Final = "ResourceVersionTooLarge"
_INITIAL_END: Final = "k8s.io/initial-events-end"
_SECONDS: Final = 2700  # a real server ends a watch after 30 to 60 minutes


class Reads:
    """Answers reads of one cluster.

    Args:
        store: the cluster.
        history: its changes.
        watches: the open watches.

    """

    def __init__(self, store: HistoryStore, history: History, watches: Watches) -> None:
        self._store = store
        self._history = history
        self._watches = watches

    def get(self, served: Served, form: Form) -> Manifest:
        """Return one object, in the version and shape that is asked for.

        Raises:
            ApiError: NotFound.

        """
        found = self.find(served)
        return shaped(converted(found, served.api_version), served, form, self._store.now())

    def check_version(self, text: str) -> None:
        """Refuse to read one object at a version that is none, or that is still to come.

        Raises:
            ApiError: a server's own fault, or Timeout.

        """
        if text and version_of(text, watch=True) > self._history.revision:
            raise too_large(int(text), self._history.revision)

    def find(self, served: Served) -> Manifest:
        """Return one object as it is stored.

        Raises:
            ApiError: NotFound.

        """
        found = self._store.rows(served.kind).get((served.namespace, served.name))
        if found is None:
            raise not_found(served)
        return found

    def list(self, served: Served, options: ListOptions, form: Form) -> Manifest:
        """Return a list.

        Raises:
            ApiError: BadRequest, Invalid, Expired (too old a revision) or Timeout (one that is still to come).

        """
        selection = ObjectSelection.read(served, options)
        revision, start = self._revision(options)
        rows = self._store.rows(served.kind)
        if revision != self._history.revision:
            rows = self._history.rows_at(revision, served.kind)
        keys = sorted(key for key in rows if not served.namespace or key[0] == served.namespace)
        texts = [f"{namespace}/{name}" if served.is_namespaced else name for namespace, name in keys]
        found = [(text, rows[key]) for text, key in zip(texts, keys, strict=True) if text >= start]
        found.sort(key=lambda row: row[0])
        kept = [row for row in found if selection.matches(row[1])]
        meta: Manifest = {"resourceVersion": str(revision)}
        is_cached = options.version == 0 and not options.goes_on  # a cache answers, which has no pages
        if options.limit and len(kept) > options.limit and not is_cached:
            meta["continue"] = token(revision, kept[options.limit][0])
            if selection.is_all:
                meta["remainingItemCount"] = len(kept) - options.limit
            kept = kept[: options.limit]
        items = [converted(row[1], served.api_version) for row in kept]
        return listed(items, served, form, meta, self._store.now())

    def _revision(self, options: ListOptions) -> tuple[int, str]:
        """Return the revision whose state is listed, and the key at which it begins."""
        now = self._history.revision
        if options.goes_on:
            if options.version:
                raise ApiError("BadRequest", "specifying resource version is not allowed when using continue")
            revision, start = continued(options.goes_on)
            if self._history.forgot(revision):
                raise _expired(
                    "The provided continue parameter is too old to display a consistent list result. You "
                    "must start a new list without the continue parameter."
                )
            return min(revision, now), start
        if options.version is not None and options.version > now:
            raise too_large(options.version, now)
        if options.match == "Exact" and options.version is not None:
            if self._history.forgot(options.version):
                raise _expired("The resourceVersion for the provided list is too old.")
            return options.version, ""
        return now, ""

    def watch(self, served: Served, options: ListOptions, form: Form) -> ApiResponse:
        """Open a watch.

        Raises:
            ApiError: BadRequest or Invalid.

        """
        selection = ObjectSelection.read(served, options)
        writer = WatchWriter(served, form, self._store.now)
        now, version = self._history.revision, options.version
        if version is not None and version > now:
            raise too_large(version, now)
        first: list[Told]
        if options.initial or not version:
            first = [Told("ADDED", each) for each in self._rows(served, selection.matches)]
            if options.initial or (options.initial is None and not options.match and options.bookmarks):
                first.append(self._bookmark(served, now, initial=True))
        elif self._history.forgot(version):
            error = _expired(f"too old resource version: {version} ({self._history.oldest})")
            return writer.refused(error)
        else:
            changes = self._history.since(version, served.kind)
            seen = (selection.seen(change) for change in changes)
            first = [told for told in seen if told is not None]
        watch = self._watches.open(served.kind, selection.matches, writer.write, first)
        return ApiResponse(
            status=200, content_type=writer.content_type, stream=watch, seconds=options.seconds or _SECONDS
        )

    def _rows(self, served: Served, matches: Callable[[Manifest], bool]) -> Sequence[Manifest]:
        rows = self._store.rows(served.kind)
        keys = sorted(key for key in rows if not served.namespace or key[0] == served.namespace)
        return [rows[key] for key in keys if matches(rows[key])]

    def _bookmark(self, served: Served, revision: int, *, initial: bool = False) -> Told:
        meta: Manifest = {"resourceVersion": str(revision)}
        if initial:
            meta["annotations"] = {_INITIAL_END: "true"}
        return Told("BOOKMARK", {"kind": served.kind.kind, "apiVersion": served.api_version, "metadata": meta})


def too_large(version: int, now: int) -> ApiError:
    """Return the refusal of a revision that is still to come; a real server waits three seconds for it."""
    cause = Cause(_TOO_LARGE, "Too large resource version")
    message = f"Timeout: Too large resource version: {version}, current: {now}"
    return ApiError("Timeout", message, details=Details(causes=(cause,)), retry_after=1)


def _expired(message: str) -> ApiError:
    return ApiError("Expired", message, code=410)
