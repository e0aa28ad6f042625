"""An object as an API server keeps it: two that are spelled differently and mean the same are equal then.

Defaults are filled in, quantities are written canonically, ``stringData`` is ``data``, null and empty fields are not
there, and what only the server writes is left out. Custom kinds are kept as they are written, but for their metadata:
of defaults their definition knows.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects import schema
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.kinds import NAMESPACE, SECRET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field
from nixernetes.objects.well_known import KUBECTL_LAST_APPLIED, NAMESPACE_NAME
from nixernetes.schemas.defaults import COMPUTED, DEFAULTS, holds
from nixernetes.schemas.filling import defaulted

__all__ = ["stored"]

_QUANTITY: Final = "io.k8s.apimachinery.pkg.api.resource.Quantity"
_SERVERS_OWN: Final = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")
_MEANT: Final = frozenset(
    (
        "allocateLoadBalancerNodePorts",
        "allowPrivilegeEscalation",
        "automountServiceAccountToken",
        "enableServiceLinks",
        "hostUsers",
        "runAsNonRoot",
    )
)  # booleans whose false is not what leaving them out means
_EMPTY_MEANS_NOTHING: Final = ("resources", "securityContext", "status", "strategy", "updateStrategy")
_MAX_DEPTH: Final = 60


def stored(manifest: Manifest, definition: Manifest | None = None) -> Manifest:
    """Return an object as an API server keeps it, without its API version and status.

    Args:
        manifest: the object.
        definition: the CustomResourceDefinition of its kind, for the defaults of custom kinds.

    """
    root = schema.of(text_at(manifest, "apiVersion"), text_at(manifest, "kind"))
    found = {name: value for name, value in manifest.items() if name not in ("apiVersion", "kind", "status")}
    if group_kind(manifest) == SECRET:
        found = _secret(found)
    if definition is not None:
        found = defaulted(_open_api(definition, manifest), found)
    if root is not None:
        found = _struct(root, found, 0)
    return {**found, "metadata": _metadata(found.get("metadata"), group_kind(manifest))}


def _metadata(metadata: Json, kind: GroupKind) -> Json:
    if not isinstance(metadata, dict):
        return {}
    found = {name: value for name, value in metadata.items() if name not in _SERVERS_OWN}
    for field in ("labels", "annotations"):
        values = found.get(field)
        if isinstance(values, dict):
            kept = {name: value for name, value in values.items() if name != KUBECTL_LAST_APPLIED}
            if kind == NAMESPACE and field == "labels":
                kept.pop(NAMESPACE_NAME, None)
            found[field] = kept
    return {name: value for name, value in found.items() if value not in (None, {}, [], "")}


def _secret(manifest: Manifest) -> Manifest:
    found = {name: value for name, value in manifest.items() if name != "stringData"}
    data = {name: _canonical(value) for name, value in mapping_at(manifest, "data").items()}
    for name, text in mapping_at(manifest, "stringData").items():
        data[name] = base64.b64encode(str("" if text is None else text).encode()).decode()
    return {**found, "data": data} if data else {name: value for name, value in found.items() if name != "data"}


def _canonical(value: Json) -> Json:
    """Return base64 without line breaks; what is none stays what it is."""
    if not isinstance(value, str):
        return "" if value is None else value
    try:
        return base64.b64encode(base64.b64decode("".join(value.split()), validate=True)).decode()
    except (binascii.Error, ValueError):
        return value


def _value(field: Field | None, value: Json, depth: int) -> Json:
    if field is None or depth > _MAX_DEPTH:
        return value
    if field.type_name == _QUANTITY:
        return _quantity(value)
    if isinstance(value, dict):
        if field.type_name:
            return _struct(field, value, depth)
        inner = field.field("")
        return {name: _value(inner, item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        inner = field.items()
        return [_value(inner, item, depth + 1) for item in value]
    return value


def _struct(field: Field, value: dict[str, Json], depth: int) -> dict[str, Json]:
    short = field.type_name.rpartition(".")[2]
    found: dict[str, Json] = {}
    for name, item in value.items():
        kept = _value(field.field(name), item, depth + 1)
        if not _is_left_out(name, kept):
            found[name] = kept
    for name, default in DEFAULTS.get(short, {}).items():
        if name not in found:
            found[name] = default
        elif isinstance(default, dict) and isinstance(found[name], dict) and holds(default, found[name]):
            found[name] = _filled(found[name], default)
    compute = COMPUTED.get(short)
    if compute is not None:
        found |= compute(found)
    return found


def _filled(value: dict[str, Json], defaults: dict[str, Json]) -> dict[str, Json]:
    found = {**defaults, **value}
    for name, default in defaults.items():
        if isinstance(default, dict) and isinstance(found[name], dict):
            found[name] = _filled(found[name], default)
    return found


def _is_left_out(name: str, value: Json) -> bool:
    """Tell whether leaving a field out means the same."""
    if value is None or value in ("", []) or (value is False and name not in _MEANT):
        return True
    return value == {} and (name in _EMPTY_MEANS_NOTHING or name in _MAPS)


_MAPS: Final = frozenset(
    ("annotations", "binaryData", "data", "labels", "limits", "matchLabels", "nodeSelector", "parameters", "requests")
)


def _quantity(value: Json) -> Json:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    try:
        return str(quantities.parse(str(value)))
    except InputError:
        return value


def _open_api(definition: Manifest, manifest: Manifest) -> Json:
    version = text_at(manifest, "apiVersion").rpartition("/")[2]
    for each in mapping_at(definition, "spec").get("versions") or ():
        if text_at(each, "name") == version:
            return mapping_at(each, "schema", "openAPIV3Schema")
    return {}
