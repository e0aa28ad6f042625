"""Kyverno's own answers to small mutations: strategic merges with anchors, JSON patches."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.mutation.json_patches import json_patched
from nixernetes.kyverno.engine.mutation.patches import merged

UNITS = SHARED / "conformance/kyverno/units"


@needs_shared
@pytest.mark.parametrize(
    ("file", "patch"), [("strategic_merge", merged), ("json_patch", json_patched)], ids=["strategic", "json"]
)
def test_patches_are_kyvernos(file: str, patch: Callable[[Any, Any], Any]) -> None:
    for case in json.loads((UNITS / f"{file}.json").read_text())["cases"]:
        try:
            found, error = patch(case["resource"], case["patch"]), ""
        except InputError as raised:
            found, error = None, raised.message
        assert found == case.get("result"), case
        assert error == case.get("error", ""), case
