"""Objects, lists and events in the shape that a client asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.conversions import converted
from nixernetes.cluster.server.encoding import encoded, json_bytes
from nixernetes.cluster.server.media import JSON, Form
from nixernetes.cluster.server.requests import ApiResponse
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.statuses import failure
from nixernetes.cluster.server.watching import Told
from nixernetes.cluster.strategies.daemon_sets import without_template_generation
from nixernetes.cluster.tables.tables import TableForm, builtin_table, custom_table
from nixernetes.objects.fields import text_at
from nixernetes.objects.manifest import Manifest

__all__ = ["TABLE", "WatchWriter", "check_include", "listed", "shaped"]

TABLE = "Table"
_PARTIAL = "PartialObjectMetadata"


def shaped(manifest: Manifest, served: Served, form: Form, now: str) -> Manifest:
    """Return an object in the shape that a client asks for.

    Args:
        manifest: the object.
        served: what it is.
        form: the shape.
        now: the present, for ages.

    """
    if form.shape.kind == f"{_PARTIAL}List":
        raise _unshaped(form, f"not a list ({_go_type(served)})")
    if form.shape.kind == _PARTIAL:
        return _partial(manifest, form)
    if form.shape.kind == TABLE:
        meta = {"resourceVersion": text_at(manifest, "metadata", "resourceVersion")}
        return _table([manifest], served, form, meta, now)
    return manifest


def listed(items: Sequence[Manifest], served: Served, form: Form, meta: Manifest, now: str) -> Manifest:
    """Return a list in the shape that a client asks for; items of built-in lists do not say what they are."""
    if form.shape.kind == _PARTIAL:
        raise _unshaped(form, f"a list ({_go_type(served)}List)")
    if form.shape.kind == f"{_PARTIAL}List":
        return {
            "kind": f"{_PARTIAL}List",
            "apiVersion": f"{form.shape.group}/{form.shape.version}",
            "metadata": meta,
            "items": [_partial(each, form) for each in items] or None,
        }
    if form.shape.kind == TABLE:
        return _table(items, served, form, meta, now)
    whole = [dict(each) for each in items]
    if not served.is_custom:
        for each in whole:
            del each["apiVersion"], each["kind"]
    else:
        meta = {"continue": "", **meta}
    return {"kind": f"{served.kind.kind}List", "apiVersion": served.api_version, "metadata": meta, "items": whole}


def _unshaped(form: Form, what: str) -> ApiError:
    return ApiError("NotAcceptable", f"you requested {form.shape.kind}, but the requested object is {what}")


def _go_type(served: Served) -> str:
    """Return the Go type of a kind's objects, as refusals name it."""
    if served.is_custom:
        return "*unstructured.Unstructured"
    return f"*{served.kind.group.partition('.')[0] or 'core'}.{served.kind.kind}"


def _partial(manifest: Manifest, form: Form) -> Manifest:
    return {
        "kind": _PARTIAL,
        "apiVersion": f"{form.shape.group}/{form.shape.version}",
        "metadata": without_template_generation(manifest)["metadata"],
    }


def _table(items: Sequence[Manifest], served: Served, form: Form, meta: Manifest, now: str) -> Manifest:
    table, moment = table_of(served), datetime.fromisoformat(now)
    return {
        "kind": TABLE,
        "apiVersion": f"{form.shape.group}/{form.shape.version}",
        "metadata": meta,
        "columnDefinitions": table.heads(),
        "rows": [table.row(each, moment, shown=_shown(each, form)) for each in items],
    }


def table_of(served: Served) -> TableForm:
    """Return how objects of a kind become rows."""
    return custom_table(served.printer) if served.is_custom else builtin_table(served.kind)


def _shown(item: Manifest, form: Form) -> Manifest | None:
    if form.include == "None":
        return None
    return item if form.include == "Object" else _partial(item, form)


def check_include(include: str) -> str:
    """Return what of an object goes with its row.

    Raises:
        ApiError: BadRequest, it is no word for that.

    """
    if include not in ("", "Metadata", "Object", "None"):
        raise ApiError("BadRequest", f'unrecognized includeObject value: "{include}"')
    return include or "Metadata"


class WatchWriter:
    """Writes the events of one watch.

    Args:
        served: what is watched.
        form: the form that the client accepts.
        now: returns the present, for ages.

    """

    def __init__(self, served: Served, form: Form, now: Callable[[], str]) -> None:
        self._served = served
        self._form = form
        self._now = now
        self._is_first = True

    @property
    def content_type(self) -> str:
        """Return the media type of the stream."""
        return JSON

    def write(self, told: Told) -> bytes:
        """Write one event."""
        manifest = told.object
        if told.type not in ("BOOKMARK", "ERROR"):
            manifest = shaped(converted(manifest, self._served.api_version), self._served, self._form, self._now())
            if self._form.shape.kind == TABLE and not self._is_first:
                manifest = {**manifest, "columnDefinitions": None}
            self._is_first = False
        elif told.type == "BOOKMARK" and self._form.shape.kind.startswith(_PARTIAL):
            manifest = _partial(manifest, self._form)
        return json_bytes({"type": told.type, "object": manifest}) + b"\n"

    def refused(self, error: ApiError) -> ApiResponse:
        """Return a watch that ends at once with a refusal."""
        return ApiResponse(status=200, body=encoded({"type": "ERROR", "object": failure(error)}, Form()) + b"\n")
