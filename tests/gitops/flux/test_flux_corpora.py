"""Flux objects of real repositories: what their schema admits is read without loss, what it refuses is refused."""

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


def is_valid(manifest: dict[str, Any]) -> bool:
    """Tell what an API server says that serves the versions of today: others it does not know."""
    file = schemas.CRDS / f"{manifest['apiVersion'].replace('/', '_')}_{manifest['kind']}.json"
    return file.exists() and jsonschema_rs.is_valid(
        schemas.schema_of(manifest["apiVersion"], manifest["kind"]), manifest
    )


def is_read(path: Path, manifest: dict[str, Any]) -> bool:
    try:
        found = getattr(gitops, manifest["kind"]).from_manifest(manifest, place=str(path))
    except InputError:
        return False
    assert found.manifest() == manifest
    return True


@needs_shared
@pytest.mark.slow
def test_real_objects_are_read_without_loss_exactly_when_they_are_valid() -> None:
    """Patches, placeholders of substitutions and old versions are refused, by us as by their schema."""
    outcomes = [(is_read(path, manifest), is_valid(manifest), path) for path, manifest in flux_documents()]
    assert [path for read, valid, path in outcomes if read != valid] == []
    assert {read for read, _, _ in outcomes} == {True, False}
    assert len(outcomes) > 200
