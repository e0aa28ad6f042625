"""The data of ConfigMaps and Secrets (``pkg/apis/core/validation``)."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Final

from nixernetes.languages.go.json_errors import json_problem
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import SERVICE_ACCOUNT_TOKEN, TLS_SECRET_TYPE
from nixernetes.schemas.config_keys import config_key_problem
from nixernetes.schemas.problems import FieldPath, MapKey, Problem, invalid, required, too_long

__all__ = ["RULES"]

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


def _data(value: Mapping[str, Json], path: FieldPath) -> Iterator[Problem]:
    size, is_secret = 0, text_at(value, "kind") == "Secret"
    for part in ("data", "binaryData", "stringData"):
        for key, text in mapping_at(value, part).items():
            here = (*path, part, MapKey(key))
            wrong = config_key_problem(key)
            if wrong:
                yield invalid(here, key, wrong)
            encoded = part == "binaryData" or (part == "data" and is_secret)
            size += _bytes(text, encoded=encoded) if isinstance(text, str) else 0
            if part == "binaryData" and key in mapping_at(value, "data"):
                yield invalid((*path, "data", MapKey(key)), key, "duplicate of key present in binaryData")
    if size > _LARGEST:
        yield too_long((*path, "data" if is_secret else ""), _LARGEST)  # of a ConfigMap no field is named


def _bytes(text: str, *, encoded: bool) -> int:
    """Return how many bytes a text counts for: where it is in base64, those that it stands for."""
    return len(text) * 3 // 4 - text[-2:].count("=") if encoded else len(text.encode())


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


RULES: Final = {"ConfigMap": (_data,), "Secret": (_data, _secret)}
