"""``values.schema.json`` of charts, so that helm reads nothing but the chart: no ``$ref`` leads elsewhere.

helm (3.17, ``pkg/chartutil/jsonschema.go``) hands the schema of each chart to a library that fetches what a ``$ref``
names, over HTTP or from the disk. A reference to elsewhere is left out here: what it stands for is not checked, all
else is.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile

from nixernetes.adapters.registries.archives import unpacked
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["read_by_helm"]

_SCHEMA = "values.schema.json"
_MAX_DEPTH = 16  # archives in archives
_NAMED = ("properties", "patternProperties", "definitions", "$defs", "dependencies", "dependentSchemas")
_DATA = ("const", "enum", "default", "examples")  # values, which a reference may take for a schema all the same


def read_by_helm(path: str, data: bytes, depth: int = 0) -> bytes:
    """Return a file of a chart as helm may read it: schemas, and archives of subcharts that hold them, are changed.

    Args:
        path: the file, below the chart.
        data: its content.
        depth: how many archives are around it.

    Raises:
        InputError: a schema is not JSON, and may name what it must not.
        RemoteError: a subchart's archive is broken.

    """
    folders, _, name = path.rpartition("/")
    if name == _SCHEMA:
        return _closed(path, data)
    if name.endswith(".tgz") and folders.rpartition("/")[2] == "charts":
        return _repacked(path, data, depth + 1)
    return data


def _closed(path: str, data: bytes) -> bytes:
    if b"$ref" not in data and b"\\" not in data:  # an escape may spell it too
        return data
    try:
        schema, _ = json.JSONDecoder().raw_decode(data.decode(errors="replace").lstrip(" \t\r\n"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"the schema is not JSON: {error}", subject=path) from error
    return json.dumps(_local(schema)).encode() if _leads_out(schema) else data


def _leads_out(value: Json) -> bool:
    if isinstance(value, dict):
        reference = value.get("$ref")
        return _is_foreign(reference) or any(map(_leads_out, value.values()))
    return isinstance(value, list) and any(map(_leads_out, value))


def _is_foreign(reference: Json) -> bool:
    return isinstance(reference, str) and not reference.startswith("#")


def _local(schema: Json) -> Json:
    """Return a schema without references to elsewhere, and without the bases that would make others lead there."""
    if isinstance(schema, list):
        return [_local(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Json] = {}
    for name, value in schema.items():
        if name in ("$ref", "$id", "id") and _is_foreign(value):
            continue
        if name in _DATA:
            if not _leads_out(value):
                found[name] = value
        elif name in _NAMED and isinstance(value, dict):
            found[name] = {each: _local(inner) for each, inner in value.items()}
        else:
            found[name] = _local(value)
    return found


def _repacked(path: str, data: bytes, depth: int) -> bytes:
    if depth > _MAX_DEPTH:
        raise InputError(f"subcharts are nested deeper than {_MAX_DEPTH}", subject=path)
    files = unpacked(data, path)
    changed = {name: read_by_helm(name, content, depth) for name, content in files.items()}
    if all(changed[name] is content for name, content in files.items()):
        return data
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in changed.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return gzip.compress(packed.getvalue(), compresslevel=1, mtime=0)
