"""Claims, data of ConfigMaps and Secrets, bindings of roles (``pkg/apis/core/validation``, ``pkg/apis/rbac``)."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.languages.go.json_errors import json_problem
from nixernetes.languages.quantities import parse
from nixernetes.objects.api_groups import RBAC
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import SERVICE_ACCOUNT_TOKEN, TLS_SECRET_TYPE
from nixernetes.schemas.config_keys import config_key_problem
from nixernetes.schemas.problems import (
    FieldPath,
    MapKey,
    Problem,
    ProblemKind,
    forbidden,
    invalid,
    required,
    unsupported,
)

__all__ = ["RULES"]

_MODES: Final = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_LARGEST: Final = 1024 * 1024  # bytes of the data of one object
_ACCOUNT: Final = "kubernetes.io/service-account.name"
_KEYS_OF: Final = {
    TLS_SECRET_TYPE: ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/basic-auth": ("username", "password"),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}
_JSON_OF: Final = {
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
}


def _claim(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    modes = items_at(value, "accessModes")
    if not modes:
        yield required((*path, "accessModes"), "at least 1 access mode is required")
    for number, mode in enumerate(modes):
        if mode not in _MODES:
            yield replace(unsupported((*path, "accessModes", number), mode, _MODES), field=(*path, "accessModes"))
    if "ReadWriteOncePod" in modes and len(set(map(str, modes))) > 1:
        yield forbidden((*path, "accessModes"), "may not use ReadWriteOncePod with other access modes")
    size = _size(mapping_at(value, "resources", "requests").get("storage"))
    if size is not None and size <= 0:
        shown = mapping_at(value, "resources", "requests")["storage"]
        wrong = invalid((*path, "resources", "requests", "storage"), str(shown), "must be greater than zero")
        yield replace(wrong, field=(*path, "resources", MapKey("storage")))
    if mapping_at(value, "resources", "requests").get("storage") is None:
        yield replace(required((*path, "resources", "storage")), field=(*path, "resources", MapKey("storage")))


def _size(written: Json) -> int | None:
    try:
        return parse(str(written)).nano if written is not None else None
    except InputError:
        return None  # said already


def _data(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    size = 0
    for part in ("data", "binaryData", "stringData"):
        for key, text in mapping_at(value, part).items():
            here = (*path, part, MapKey(key))
            wrong = config_key_problem(key)
            if wrong:
                yield invalid(here, key, wrong)
            size += len(text) if isinstance(text, str) else 0
            if part == "binaryData" and key in mapping_at(value, "data"):
                yield invalid((*path, "data", MapKey(key)), key, "duplicate of key present in binaryData")
    if size > _LARGEST * 3 // 2:  # base64 is a third longer than what counts
        yield Problem((*path, "data"), ProblemKind.INVALID, f"Too long: may not be more than {_LARGEST} bytes")


def _secret(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    """Yield the keys that a Secret of a type must have; what is written as text is there, too."""
    given = {**mapping_at(value, "data"), **mapping_at(value, "stringData")}
    kind = text_at(value, "type")
    missing = [key for key in _KEYS_OF.get(kind, ()) if key not in given]
    if kind == "kubernetes.io/basic-auth" and len(missing) < len(_KEYS_OF[kind]):
        missing = []  # one of the two will do
    for key in missing:
        yield required((*path, "data", MapKey(key)))
    for key in (each for each in _JSON_OF.get(kind, ()) if each in given):
        wrong = _json_problem(value, key)
        if wrong:
            yield invalid((*path, "data", MapKey(key)), "<secret contents redacted>", wrong)
    if kind == SERVICE_ACCOUNT_TOKEN and not mapping_at(value, "metadata", "annotations").get(_ACCOUNT):
        yield required((*path, "metadata", "annotations", MapKey(_ACCOUNT)))


def _json_problem(value: Mapping[str, Json], key: str) -> str:
    """Return why the content of a key is no JSON object, or ``""``: at most one character of it is told."""
    text = mapping_at(value, "stringData").get(key)
    if text is None:
        encoded = mapping_at(value, "data").get(key)
        try:
            text = b64decode(encoded or "", validate=True).decode(errors="replace")
        except (ValueError, TypeError):
            return ""  # not base64: said already
    if not isinstance(text, str) or not text:
        return "unexpected end of JSON input"
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return json_problem(text)
    if found is None or isinstance(found, dict):
        return ""
    words = {str: "string", list: "array", bool: "bool"}
    return f"json: cannot unmarshal {words.get(type(found), 'number')} into Go value of type map[string]interface {{}}"


def _binding(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    reference = mapping_at(value, "roleRef")
    if reference and text_at(reference, "apiGroup") not in ("", RBAC):
        yield unsupported((*path, "roleRef", "apiGroup"), text_at(reference, "apiGroup"), (RBAC,))
    if reference and not text_at(reference, "name"):
        yield required((*path, "roleRef", "name"))


def _cluster_binding(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if text_at(value, "roleRef", "kind") == "Role":
        yield unsupported((*path, "roleRef", "kind"), "Role", ("ClusterRole",))
    for number, subject in enumerate(objects_at(value, "subjects")):
        if text_at(subject, "kind") == "ServiceAccount" and not text_at(subject, "namespace"):
            yield required((*path, "subjects", number, "namespace"))


def _rule(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    if not items_at(value, "verbs"):
        yield required((*path, "verbs"), "verbs must contain at least one value")
    if not items_at(value, "nonResourceURLs"):
        if not items_at(value, "apiGroups"):
            yield required((*path, "apiGroups"), "resource rules must supply at least one api group")
        if not items_at(value, "resources"):
            yield required((*path, "resources"), "resource rules must supply at least one resource")


def _role(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    for number, rule in enumerate(objects_at(value, "rules")):
        urls = items_at(rule, "nonResourceURLs")
        if urls:
            detail = "namespaced rules cannot apply to non-resource URLs"
            yield invalid((*path, "rules", number, "nonResourceURLs"), urls, detail)


RULES: Final = {
    "PersistentVolumeClaimSpec": (_claim,),
    "ConfigMap": (_data,),
    "Secret": (_data, _secret),
    "Role": (_role,),
    "RoleBinding": (_binding,),
    "ClusterRoleBinding": (_binding, _cluster_binding),
    "PolicyRule": (_rule,),
}
