"""The JSON schema of ``nixernetes.yaml``, for editors; made from the model, so that it cannot say anything else."""

from __future__ import annotations

import json

from pydantic import BaseModel

from nixernetes.objects.manifest import Json
from nixernetes.settings.model import RepositorySettings

__all__ = ["schema_of", "schema_text"]


def schema_text() -> str:
    """Return the JSON schema, as it stands in ``docs/nixernetes.schema.json``."""
    return schema_of(RepositorySettings, "nixernetes.yaml")


def schema_of(model: type[BaseModel], title: str) -> str:
    """Return the JSON schema of a file that a model reads, as a text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_plain(model.model_json_schema(by_alias=True)),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _plain(schema: Json) -> Json:
    """Leave out the titles that pydantic makes out of names, and ``null``: a key that is not wanted is left out."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    forms = [each for each in kept.get("anyOf", []) if each != {"type": "null"}]
    if len(forms) == 1:
        kept = {**forms[0], **{key: value for key, value in kept.items() if key not in ("anyOf", "default")}}
    return {key: _plain(value) for key, value in kept.items()}
