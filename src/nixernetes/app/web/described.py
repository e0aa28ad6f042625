"""The API of the page as an OpenAPI document, made from the values that it gives."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from nixernetes._version import __version__
from nixernetes.app.web.changed_values import ChangeEvent
from nixernetes.app.web.pages import EXPORT, PAGES, REQUESTS
from nixernetes.app.web.views.questions import OF_ALL, OF_DELIVERIES
from nixernetes.objects.manifest import Json

__all__ = ["api_description"]

_REF: Final = "#/components/schemas/{model}"
_OF_OBJECT: Final = ("cluster", "group", "kind", "namespace", "name")
_OF_DELIVERY: Final = ("cluster", "kind", "namespace", "name")
_ASKED: Final = {
    "fleet": (("since",), "Clusters, deliveries, counts and health; of a run what changed since a revision alone."),
    "delivery": (_OF_DELIVERY, "One delivery: source, conditions, tree, history, events, findings."),
    "object": (
        (*_OF_OBJECT, *(f"by-{part}" for part in _OF_DELIVERY)),
        "One object: desired, live, the fields that differ, events, where it comes from.",
    ),
    **{name: ((), survey.text) for name, survey in OF_ALL.items()},
    **{name: (_OF_DELIVERY, view.text) for name, view in OF_DELIVERIES.items()},
    "logs": (
        (*_OF_OBJECT, "pod", "container", "tail", "after"),
        "The log of a container of a pod, or what controllers wrote about a delivery; after a cursor, what came since.",
    ),
    "findings": ((), "What check says of the repository."),
    "activity": ((), "What happened in the fleet, the latest first."),
    "review": (("base", "head"), "What the step between two revisions does; both as `nixernetes diff` takes them."),
    "rehearsal": (
        ("base", "head"),
        "How the step is rolled out, rehearsed in the background for as long as somebody asks each few seconds.",
    ),
    "revisions": ((), "The branches, tags and latest commits that can be compared."),
    "notifications": ((), "What was sent, or would have been, the latest first."),
    "reasons": ((), "Why not all is ready: each reason once, with who has it and who only waits."),
    "timeline": ((), "How the deliveries stood at each moment of the run."),
    "outcome": ((*_OF_OBJECT, "asked"), "How a request about an object stands, and what became of each part of it."),
    "clock": ((), "How time goes on, and what is let fail."),
    "permission": (_OF_OBJECT, "Whether whoever asks may change an object, and why not."),
    "removal": ((*_OF_OBJECT, "cascade"), "What deleting an object would do: what goes with it, and what stays."),
}


def api_description() -> dict[str, Json]:
    """Return the document."""
    schemas: dict[str, Json] = {}
    paths: dict[str, Json] = {}
    for name, (parameters, summary) in _ASKED.items():
        _add(schemas, PAGES[name])
        paths[f"/api/v1/{name}"] = {"get": _operation(name, parameters, summary)}
    paths["/api/v1/changes"] = {
        "get": {
            "operationId": "changes",
            "summary": "A stream of events `changed`: each with a ChangeEvent, `{}` where all may be new.",
            "responses": {"200": {"description": "The stream.", "content": {"text/event-stream": {}}}},
        }
    }
    _add(schemas, ChangeEvent)
    paths[f"/api/v1/{EXPORT}"] = {
        "get": {
            "operationId": EXPORT,
            "summary": "The review as one HTML file.",
            "parameters": [{"name": each, "in": "query", "schema": {"type": "string"}} for each in ("base", "head")],
            "responses": {"200": {"description": "The file.", "content": {"application/octet-stream": {}}}},
        }
    }
    for name, (request, page, summary) in REQUESTS.items():
        _add(schemas, request, is_sent=True)
        _add(schemas, page)
        paths.setdefault(f"/api/v1/{name}", {})["post"] = _change(name, request, page, summary)
    return {
        "openapi": "3.1.0",
        "info": {"title": "The page of nixernetes", "version": __version__},
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _add(schemas: dict[str, Json], value: type, *, is_sent: bool = False) -> None:
    schema = TypeAdapter(value).json_schema(ref_template=_REF, mode="validation" if is_sent else "serialization")
    schemas |= schema.pop("$defs", {})
    schemas[value.__name__] = schema


def _change(name: str, request: type, page: type, summary: str) -> Json:
    def content(value: type) -> Json:
        return {"application/json": {"schema": {"$ref": _REF.format(model=value.__name__)}}}

    return {
        "operationId": f"change-{name}",
        "summary": summary,
        "parameters": [{"name": "X-CSRF-Token", "in": "header", "required": True, "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": content(request)},
        "responses": {
            "200": {"description": "What came of it.", "content": content(page)},
            "400": {"description": "The request is not of its form, or cannot be done."},
            "403": {"description": "The session only looks, or the request does not come from the page."},
        },
    }


def _operation(name: str, parameters: tuple[str, ...], summary: str) -> Json:
    error = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    schema = {"$ref": _REF.format(model=PAGES[name].__name__)}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [{"name": each, "in": "query", "schema": {"type": "string"}} for each in parameters],
        "responses": {
            "200": {"description": "The page.", "content": {"application/json": {"schema": schema}}},
            "404": {"description": "It is not there.", "content": {"application/json": {"schema": error}}},
        },
    }
