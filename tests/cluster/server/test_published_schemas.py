"""What a server publishes of its requests is what it takes, and what it answers is what it publishes.

``NIXERNETES_TEST_FUZZ=20`` makes so many objects of every kind; without it none are made: it takes minutes.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs
import pytest
from tests.cluster.server.client import APPLY, MERGE, ApiClient
from tests.cluster.server.from_schemas import PublishedSchemas

ROUNDS = int(os.environ.get("NIXERNETES_TEST_FUZZ") or "0")
BUG = re.compile(rb"Internal error occurred: [A-Z]\w+: ")
JSON = "application/json"


def documents(client: ApiClient) -> dict[str, Any]:
    """Return the documents that a server publishes, by path."""
    index = client.read("GET", "/openapi/v3")["paths"]
    return {path: client.read("GET", f"/openapi/v3/{path}") for path in sorted(index) if path.count("/")}


def creates(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the paths that objects are posted to, with the schema of the body."""
    for path, item in sorted(document["paths"].items()):
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        schema = next((each["schema"] for each in content.values() if "schema" in each), None)
        if schema is not None and "{name}" not in path:
            yield path.replace("{namespace}", "default"), schema


def checked(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Return what holds answers against a schema; dates and numbers are taken by type alone."""
    return jsonschema_rs.validator_for({**schema, "components": document["components"]}, validate_formats=False)


@pytest.mark.skipif(not ROUNDS, reason="NIXERNETES_TEST_FUZZ says how many objects of each kind are made")
def test_objects_of_every_kind_are_taken_or_refused_as_published() -> None:
    client, rng = ApiClient(), random.Random(os.environ.get("NIXERNETES_TEST_SEED", "1"))  # noqa: S311  # no secret
    taken, wrong = 0, set[str]()
    for document in documents(client).values():
        made = PublishedSchemas(document, rng)
        for path, schema in creates(document):
            validator = checked(document, schema)
            for number in range(ROUNDS):
                body = made.value(schema)
                meta = {"name": f"x-{number}", "labels": {"a": "b"}}
                body = {**body, "metadata": meta} if number % 4 else body
                taken += asked(client, path, body, validator, wrong)
    assert wrong == set()
    assert taken > 50, "many are right"


def asked(client: ApiClient, path: str, body: Any, validator: Any, wrong: set[str]) -> int:
    """Create, read, change, apply and delete an object; note what is not as published."""
    made = client.ask("POST", path, body)
    note(made.body, f"POST {path} {json.dumps(body)[:2000]}", wrong)
    if made.status != 201 or path.endswith(("reviews", "/bindings")):
        return 0
    found = json.loads(made.body)
    here = f"{path}/{found['metadata']['name']}" if "name" in found.get("metadata", {}) else path
    for error in validator.iter_errors(found):
        if error.instance is None:  # Go writes empty lists so
            continue
        wrong.add(f"{path}: /{'/'.join(map(str, error.instance_path))}: {error.message[:200]}")
    for method, sent, media in (
        ("GET", None, JSON),
        ("PUT", found, JSON),
        ("PATCH", {"metadata": {"labels": {"c": "d"}}}, MERGE),
        ("PATCH", {"apiVersion": found["apiVersion"], "kind": found["kind"]}, APPLY),
        ("DELETE", None, JSON),
    ):
        query = {"fieldManager": "x", "force": "true"} if media == APPLY else {}
        answer = client.ask(method, here, sent, media=media, **query)
        note(answer.body, f"{method} {here} {json.dumps(sent)[:2000]}", wrong)
        if method == "PUT" and answer.status not in (200, 409):
            wrong.add(f"PUT of what was created is refused: {here}: {answer.body[:500]!r}")
    return 1


def note(answer: bytes, what: str, wrong: set[str]) -> None:
    """Note a bug of the server."""
    found = BUG.search(answer)
    if found is not None:
        wrong.add(f"{what}: {answer[found.start() : found.start() + 200]!r}")
