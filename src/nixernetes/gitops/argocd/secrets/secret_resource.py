"""The Secrets that Argo CD reads: one field a key, values hidden wherever they could be printed (section 16).

They are written as ``stringData``. A Secret that is read keeps its form: keys that stood base64 under ``data`` go back
there.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import BeforeValidator, SecretStr, StrictStr, ValidationInfo, model_validator

from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import guide
from nixernetes.gitops.values import Bool, Many, Namespace, Text
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE, ARGOCD_SECRET_TYPE

__all__ = ["Count", "Flag", "SecretResource", "SecretText"]


_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


def _flag(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value not in (*_TRUE, *_FALSE):
        raise ValueError("must be True or False")
    return value


def _count(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    if not isinstance(value, str) or not value.isdigit():
        raise ValueError("must be a whole number, not negative")
    return value


Flag: TypeAlias = Annotated[StrictStr, BeforeValidator(_flag)]  # a Secret holds text: "true" or "false"
Count: TypeAlias = Annotated[StrictStr, BeforeValidator(_count)]
SecretText: TypeAlias = SecretStr  # prints as ******; .get_secret_value() tells it


class SecretResource(Resource):
    """A Secret with a label that says what it is for."""

    API_VERSION: ClassVar[str] = "v1"
    KIND: ClassVar[str] = "Secret"
    PLURAL: ClassVar[str] = "secrets"
    TYPES: ClassVar[tuple[str, ...]] = ()  # the values of the label; the first is written
    KEYS: ClassVar[dict[str, str]] = {}  # field to key, where the key is not the field in camelCase

    namespace: Namespace | None = guide(ARGOCD_NAMESPACE, required=False)
    type: Literal["Opaque"] | None = None
    """The type of the Secret. Kubernetes' default: `Opaque`."""
    immutable: Bool | None = None
    """Whether the Secret can never change. Kubernetes' default: False."""
    base64_keys: Many[Text] | None = None
    """The keys that are written in base64 under `data`, and not as text under `stringData`."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with the label that tells Argo CD what the Secret is for."""
        del info
        labels = fields.get("labels")
        return {**fields, "labels": {ARGOCD_SECRET_TYPE: cls.TYPES[0], **(labels if isinstance(labels, dict) else {})}}

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        found = (self.labels or {}).get(ARGOCD_SECRET_TYPE)
        if found not in self.TYPES:
            raise ValueError(f"labels: {ARGOCD_SECRET_TYPE} must be {' or '.join(self.TYPES)}")
        return self

    def body(self, payload: Manifest) -> Manifest:
        """Return type, immutable, and the keys: as text, or base64 where they were read so."""
        encoded = set(payload.get("base64Keys") or ())
        text: dict[str, str] = {}
        data: dict[str, str] = {}
        for name, value in payload.items():
            if name in ("type", "immutable", "base64Keys"):
                continue
            key = self._keys().get(name, name)
            plain = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            if key in encoded:
                data[key] = base64.b64encode(plain.encode("utf-8", "surrogateescape")).decode()
            else:
                text[key] = plain
        found = {name: payload[name] for name in ("type", "immutable") if name in payload}
        return found | ({"data": data} if data else {}) | ({"stringData": text} if text else {})

    @classmethod
    def fields_of(cls, body: Manifest) -> Manifest:
        """Return the fields for the keys of ``data`` and ``stringData``.

        Raises:
            ValueError: a part of the body is not a Secret's, or is not base64.

        """
        unknown = sorted(body.keys() - {"type", "immutable", "data", "stringData"})
        if unknown:
            raise ValueError(f"a Secret has no field {unknown[0]}: it has data, stringData, type and immutable")
        names = {key: name for name, key in cls._keys().items()}
        found: dict[str, Json] = {name: body[name] for name in ("type", "immutable") if name in body}
        encoded: dict[str, Json] = body.get("data") or {}
        for key, value in encoded.items():
            found[names.get(key, key)] = _decoded(key, value)
        for key, value in (body.get("stringData") or {}).items():
            if key in encoded:
                raise ValueError(f"{key} is in data and in stringData: write it once")
            found[names.get(key, key)] = value
        return {**found, "base64Keys": list(encoded)} if encoded else found

    @classmethod
    def _keys(cls) -> dict[str, str]:
        """Wire name of a field to the Secret's key, where they differ."""
        return {str(cls.model_fields[name].alias): key for name, key in cls.KEYS.items()}


def _decoded(key: str, value: Json) -> str:
    try:
        return base64.b64decode(str(value), validate=True).decode("utf-8", "surrogateescape")
    except binascii.Error:
        raise ValueError(f"data.{key}: is not base64: write it under stringData as text") from None
