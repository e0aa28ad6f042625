"""What a server says of a body that it cannot read (apimachinery pkg/runtime/serializer, v0.34.4)."""

from __future__ import annotations

from typing import Final

import yaml

from nixernetes.cluster.api import ApiError
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["bad_kind", "json_word", "of_yaml", "unrecognized", "untyped", "wrong_kind"]

_SHOWN: Final = 30  # bytes of a body in a message
_STRUCT: Final = (
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
)
_SCHEME: Final = 'in scheme "pkg/runtime/scheme.go:110"'
_ANCHOR: Final = "found an alias that nothing defines"
# Versions that are served no more, and are known still: what is written in one of them is of a known kind.
_LEGACY: Final = frozenset(
    [
        *(f"apps/v1beta1/{kind}" for kind in ("ControllerRevision", "Deployment", "Scale", "StatefulSet")),
        *(f"apps/v1beta2/{kind}" for kind in ("ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet")),
        *("apps/v1beta2/Scale", "apps/v1beta2/StatefulSet", "autoscaling/v2beta1/HorizontalPodAutoscaler"),
        *("autoscaling/v2beta2/HorizontalPodAutoscaler", "batch/v1beta1/CronJob"),
        *(f"extensions/v1beta1/{kind}" for kind in ("DaemonSet", "Deployment", "Ingress", "NetworkPolicy")),
        *("extensions/v1beta1/ReplicaSet", "networking.k8s.io/v1beta1/Ingress", "policy/v1beta1/PodDisruptionBudget"),
        *(f"rbac.authorization.k8s.io/{v}/{k}" for v in ("v1alpha1", "v1beta1") for k in ("ClusterRole", "Role")),
        *(
            f"rbac.authorization.k8s.io/{v}/{k}Binding"
            for v in ("v1alpha1", "v1beta1")
            for k in ("ClusterRole", "Role")
        ),
    ]
)


def unrecognized(kind: str, body: bytes, why: str) -> ApiError:
    """Return the refusal of a body in which no object is found."""
    return ApiError(
        "BadRequest", f"the object provided is unrecognized (must be of type {kind}): {why} ({_part(body)})"
    )


def _part(body: bytes) -> str:
    """Return the beginning of a body: as it is where it is JSON, else in hexadecimal (``summarizeData``)."""
    part, rest = body[:_SHOWN], " ..." if len(body) > _SHOWN else ""
    return (part.decode("utf-8", "replace") if part[:1] == b"{" else part.hex()) + rest or "<empty>"


def untyped(value: Json) -> str:
    """Return why neither version nor kind of a value can be read, or ``""``."""
    head = "couldn't get version/kind; json parse error: json: cannot unmarshal"
    if value is not None and not isinstance(value, dict):
        return f"{head} {json_word(value)} into Go value of type {_STRUCT}"
    for name in ("apiVersion", "kind"):
        told = (value or {}).get(name)
        if told is not None and not isinstance(told, str):
            return f"{head} {json_word(told)} into Go struct field .{name} of type string"
    version = (value or {}).get("apiVersion") or ""
    return f"unexpected GroupVersion string: {version}" if version.count("/") > 1 else ""


def of_yaml(error: InputError) -> str:
    """Return what Go's YAML reader says of broken YAML (``go-yaml``, ``parser.fail``)."""
    found = error.__cause__
    if not isinstance(found, yaml.MarkedYAMLError):
        text = error.message.removeprefix("broken YAML: ")
        return "yaml: unknown anchor referenced" if text.startswith(_ANCHOR) else f"yaml: {text}"
    line = (found.context_mark.line if found.context_mark else 0) or (
        found.problem_mark.line if found.problem_mark else 0
    )
    if line and isinstance(found, yaml.scanner.ScannerError):
        line += 1
    return f"yaml: {f'line {line}: ' if line else ''}{found.problem}"


def bad_kind(kind: str, api_version: str, wanted: str, *, is_known: bool) -> str:
    """Return why an object of another kind or version cannot be handled, or ``""`` where only its version differs."""
    if not is_known and f"{api_version}/{kind}" not in _LEGACY:
        return f'no kind "{kind}" is registered for version "{api_version}" {_SCHEME}'
    return "" if kind == wanted else "unknown conversion"


def wrong_kind(kind: str, api_version: str, wanted: str, version: str, *, is_known: bool) -> ApiError:
    """Return the refusal of an object of another kind or version than the path names.

    Args:
        kind: the kind of the object.
        api_version: its version.
        wanted: the kind of the path.
        version: the version of the path.
        is_known: whether there is such a kind in such a version.

    """
    why, short = bad_kind(kind, api_version, wanted, is_known=is_known), api_version.rpartition("/")[2]
    if not why:
        message = f"the API version in the data ({api_version}) does not match the expected API version ({version})"
        return ApiError("BadRequest", message)
    if why == "unknown conversion":
        package = version.partition("/")[0].partition(".")[0] if "/" in version else "core"
        why = f"converting ({short}.{kind}) to ({package}.{wanted}): unknown conversion"
    return ApiError("BadRequest", f'{kind} in version "{short}" cannot be handled as a {wanted}: {why}')


def json_word(value: Json) -> str:
    """Return what Go calls a JSON value."""
    return {str: "string", list: "array", bool: "bool", dict: "object"}.get(type(value), "number")
