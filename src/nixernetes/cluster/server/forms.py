"""Objects, lists and events in the shape that a client asks for."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.encoding import encoded, json_bytes
from nixernetes.cluster.server.media import JSON, Form
from nixernetes.cluster.server.requests import ApiResponse
from nixernetes.cluster.server.serving import Served
from nixernetes.cluster.server.statuses import failure
from nixernetes.cluster.server.versions import converted
from nixernetes.cluster.server.watching import Told
from nixernetes.objects.manifest import Manifest

__all__ = ["WatchWriter", "listed", "shaped"]

_PARTIAL = "PartialObjectMetadata"


def shaped(manifest: Manifest, served: Served, form: Form) -> Manifest:
    """Return an object in the shape that a client asks for."""
    if form.shape.kind.startswith(_PARTIAL):
        return _partial(manifest, form)
    del served
    return manifest


def listed(items: Sequence[Manifest], served: Served, form: Form, meta: Manifest) -> Manifest:
    """Return a list in the shape that a client asks for; items of built-in lists do not say what they are."""
    if form.shape.kind.startswith(_PARTIAL):
        return {
            "kind": f"{_PARTIAL}List",
            "apiVersion": f"{form.shape.group}/{form.shape.version}",
            "metadata": meta,
            "items": [_partial(each, form) for each in items],
        }
    whole = [dict(each) for each in items]
    if not served.is_custom:
        for each in whole:
            del each["apiVersion"], each["kind"]
    else:
        meta = {"continue": "", **meta}
    return {"kind": f"{served.kind.kind}List", "apiVersion": served.api_version, "metadata": meta, "items": whole}


def _partial(manifest: Manifest, form: Form) -> Manifest:
    return {
        "kind": _PARTIAL,
        "apiVersion": f"{form.shape.group}/{form.shape.version}",
        "metadata": manifest["metadata"],
    }


class WatchWriter:
    """Writes the events of one watch.

    Args:
        served: what is watched.
        form: the form that the client accepts.

    """

    def __init__(self, served: Served, form: Form) -> None:
        self._served = served
        self._form = form

    @property
    def content_type(self) -> str:
        """Return the media type of the stream."""
        return JSON

    def write(self, told: Told) -> bytes:
        """Write one event."""
        manifest = told.object
        if told.type not in ("BOOKMARK", "ERROR"):
            manifest = shaped(converted(manifest, self._served.api_version), self._served, self._form)
        elif told.type == "BOOKMARK" and self._form.shape.kind.startswith(_PARTIAL):
            manifest = _partial(manifest, self._form)
        return json_bytes({"type": told.type, "object": manifest}) + b"\n"

    def refused(self, error: ApiError) -> ApiResponse:
        """Return a watch that ends at once with a refusal."""
        return ApiResponse(status=200, body=encoded({"type": "ERROR", "object": failure(error)}, Form()) + b"\n")
