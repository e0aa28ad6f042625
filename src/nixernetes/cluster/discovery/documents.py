"""The paths of discovery: what a client reads before it asks for objects."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from nixernetes.cluster.discovery.registry import Registry
from nixernetes.cluster.server.encoding import encoded
from nixernetes.cluster.server.media import JSON, PROTOBUF, Form, accepted
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.server.serving import unknown_resource
from nixernetes.objects.manifest import Manifest

__all__ = ["DiscoveryDocuments"]

_HEALTH: Final = ("/healthz", "/livez", "/readyz")
_PATHS: Final = ("/api", "/api/v1", "/apis", "/apis/", "/openapi/v2", "/openapi/v3", *_HEALTH, "/version")
_AGGREGATED: Final = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class DiscoveryDocuments:
    """Answers what a server says of itself.

    Args:
        registry: tells what is served at the moment.
        version: the Kubernetes version, as ``1.34.4``.
        address: host and port of the server.

    """

    def __init__(self, registry: Callable[[], Registry], *, version: str, address: str) -> None:
        self._registry = registry
        self._version = version
        self._address = address

    def answer(self, request: ApiRequest) -> ApiResponse | None:
        """Return the document at a path; None where there is none."""
        parts = request.path.strip("/").split("/")
        match parts:
            case ["version"]:
                return _whole(self._about(), request)
            case [("api" | "apis") as root]:
                return self._root(request, core=root == "api")
            case ["api", version]:
                return self._found(self._registry().resource_list("", version), request, known=True)
            case ["apis", group]:
                return self._found(self._registry().group(group), request)
            case ["apis", group, version]:
                registry = self._registry()
                return self._found(registry.resource_list(group, version), request, known=registry.is_builtin(group))
            case [""]:
                return _whole({"paths": self._paths()}, request)
        return None

    def _root(self, request: ApiRequest, *, core: bool) -> ApiResponse:
        form = accepted(request.headers.get("accept", ""), discovery=True)
        registry = self._registry()
        if not form.shape.kind:
            return _whole(registry.versions(self._address) if core else registry.group_list(), request)
        body = encoded(registry.aggregated(core=core), Form())
        tag = f'"{hashlib.sha256(body).hexdigest().upper()}"'
        headers = (("etag", tag), ("vary", "Accept"), ("cache-control", "public"))
        if request.headers.get("if-none-match") == tag:
            return ApiResponse(status=304, content_type="", headers=headers)
        return ApiResponse(status=200, content_type=_AGGREGATED, body=body, headers=headers)

    def _found(self, document: Manifest | None, request: ApiRequest, *, known: bool = False) -> ApiResponse | None:
        if document is None and known:  # a version that a group of the server's own has not
            raise unknown_resource()
        return None if document is None else _whole(document, request)

    def _about(self) -> Manifest:
        major, minor, *_ = self._version.split(".")
        return {
            "major": major,
            "minor": minor,
            "emulationMajor": major,
            "emulationMinor": minor,
            "minCompatibilityMajor": major,
            "minCompatibilityMinor": str(int(minor) - 1),
            "gitVersion": f"v{self._version}",
            "gitCommit": "nixernetes",
            "gitTreeState": "clean",
            "buildDate": "2026-01-01T00:00:00Z",
            "goVersion": "go1.24.0",
            "compiler": "gc",
            "platform": "linux/amd64",
        }

    def _paths(self) -> list[str]:
        found = {
            "/api",
            "/api/v1",
            "/apis",
            "/apis/",
            "/healthz",
            "/livez",
            "/openapi/v2",
            "/openapi/v3",
            "/readyz",
            "/version",
        }
        for each in self._registry().all():
            if each.group:
                found |= {f"/apis/{each.group}", f"/apis/{each.group}/{each.version}"}
        return sorted(found)


def _whole(document: Manifest, request: ApiRequest) -> ApiResponse:
    form = accepted(request.headers.get("accept", ""), discovery=True)
    media = JSON if form.media == PROTOBUF else form.media
    return ApiResponse(status=200, content_type=media, body=encoded(document, Form(media)))
