"""Answers as bytes: JSON, YAML or protobuf, whole or as what a client wants of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from nixernetes.cluster.server.media import JSON, YAML, Form
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["encoded", "json_bytes"]

_write: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def json_bytes(value: Json) -> bytes:
    """Write a value as JSON."""
    return _write(value).encode("utf-8", "surrogatepass")


def _yaml(manifest: Manifest) -> bytes:
    return yamls.dump(manifest, sort_keys=True).encode()


_WRITERS: Final[dict[str, Callable[[Manifest], bytes]]] = {JSON: json_bytes, YAML: _yaml}


def encoded(manifest: Manifest, form: Form) -> bytes:
    """Write an object in the form that a client accepts."""
    if form.pretty and form.media == JSON:
        return json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"
    return _WRITERS[form.media](manifest)
