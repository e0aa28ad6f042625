"""Whether a server is well: ``/healthz``, ``/livez``, ``/readyz`` (apiserver pkg/server/healthz, v0.34.4)."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster.server.requests import ApiRequest, ApiResponse

__all__ = ["health"]

_PLAIN: Final = "text/plain; charset=utf-8"
_CHECKS: Final = ("ping", "log", "etcd")
_READY: Final = ("etcd-readiness", "informer-sync", "shutdown")


def health(request: ApiRequest) -> ApiResponse:
    """Answer that a server is well, or one of the things that it looks at; of each of them where that is asked."""
    whole, _, one = request.path.strip("/").partition("/")
    known = (*_CHECKS, *(_READY if whole == "readyz" else ()))
    if one:
        is_known = one in known or one.startswith("poststarthook/")
        text = b"ok" if is_known else b"404 page not found\n"
        return ApiResponse(status=200 if is_known else 404, content_type=_PLAIN, body=text)
    if not request.query.has("verbose"):
        return ApiResponse(status=200, content_type=_PLAIN, body=b"ok")
    excluded = request.query.texts("exclude")
    lines = [f"[+]{name} {'excluded: ok' if name in excluded else 'ok'}" for name in known]
    body = "\n".join([*lines, f"{whole} check passed", ""]).encode()
    return ApiResponse(status=200, content_type=_PLAIN, body=body)
