"""Kustomize's own test cases: equal documents in equal order, errors where it has errors."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.objects import yamls
from nixernetes.render.kustomize import BuildOptions, DocumentCache, KustomizeError, build
from nixernetes.render.tree import MemoryTree

SUITES = SHARED / "conformance" / "kustomize"
# Case -> why it is not asked. Every other case holds.
EXCEPTIONS = {"TestPatchTransformerPatchEmpty": "Kustomize 5.8 passes over a patch that holds nothing"}
CACHE = DocumentCache()


def _cases() -> list[Path]:
    suites = ("krusty", "kbuiltin", "kreplace", "v581")
    return sorted(path.parent for suite in suites for path in SUITES.glob(f"{suite}/*/case.json"))


def _options(case: dict[str, Any]) -> BuildOptions:
    given = case.get("opts") or {}
    anywhere = given.get("LoadRestrictions") == "types.LoadRestrictionsNone"
    return BuildOptions(load_restrictor="none" if anywhere else "rootOnly", cache=CACHE, spell=lambda path: f"/{path}")


@needs_shared
@pytest.mark.parametrize("folder", _cases(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_kustomizes_own_cases_hold(folder: Path) -> None:
    if folder.name in EXCEPTIONS:
        pytest.skip(EXCEPTIONS[folder.name])
    case = json.loads((folder / "case.json").read_text())
    root = folder / "files"
    tree = MemoryTree({str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()})
    if case["expect"] == "error":
        with pytest.raises(KustomizeError) as caught:
            build(tree, case["run"], _options(case))
        assert [text for text in case["err_contains"] if text not in str(caught.value)] == []
        return
    expected = [each.data for each in yamls.parse_all((folder / "expected.yaml").read_text()) if each.data is not None]
    assert [each.manifest for each in build(tree, case["run"], _options(case))] == expected
