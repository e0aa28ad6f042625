"""Flux objects of real repositories: what their schema admits is read without loss, what it refuses is refused."""

from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.gitops import schemas
from tests.shared import SHARED, needs_shared

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.objects import yamls


def flux_documents() -> list[tuple[Path, dict[str, Any]]]:
    found = []
    for path in sorted((SHARED / "corpora").rglob("*.yaml")):
        text = path.read_bytes()
        if b"toolkit.fluxcd.io/" not in text:
            continue
        for document in yamls.parse_all(text, file=str(path)):
            manifest = document.data
            if "toolkit.fluxcd.io/" in str(manifest.get("apiVersion")) and manifest["kind"] in gitops.__all__:
                found.append((path, manifest))
    return found


@needs_shared
@pytest.mark.slow
def test_real_objects_are_read_without_loss_exactly_when_they_are_valid() -> None:
    outcomes: Counter[str] = Counter()
    for path, manifest in flux_documents():
        kind = getattr(gitops, manifest["kind"])
        file = schemas.CRDS / f"{manifest['apiVersion'].replace('/', '_')}_{manifest['kind']}.json"
        valid = file.exists() and jsonschema_rs.is_valid(
            schemas.schema_of(manifest["apiVersion"], manifest["kind"]), manifest
        )
        try:
            assert kind.from_manifest(manifest, place=str(path)).manifest() == manifest
            outcomes["read"] += 1
            assert valid, path
        except InputError as error:
            outcomes["refused"] += 1
            assert not valid, error  # noqa: PT017
    assert outcomes["read"] > 200
    assert outcomes["refused"] == 6
