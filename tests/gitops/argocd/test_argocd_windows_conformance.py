"""Sync windows decide what Argo CD itself decided."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.gitops.argocd.projects.windows import can_sync, is_active, matching_windows
from nixernetes.objects.manifest import Json

_FILE = SHARED / "conformance" / "sync_windows.json"
_CASES: list[Json] = json.loads(_FILE.read_text())["cases"] if _FILE.is_file() else []


def _answer(case: Json) -> Json:
    windows = case["windows"]
    at, started = (datetime.fromisoformat(case[name]) if name in case else None for name in ("at", "started"))
    if case["op"] == "match":
        destination = case["destination"]
        written = [destination[part] for part in ("server", "name") if destination.get(part)]
        found = matching_windows({"syncWindows": windows}, case["application"], destination["namespace"], written)
        return [number for number, window in enumerate(windows) if any(window is one for one in found)]
    assert at is not None
    if case["op"] == "can":
        return can_sync(windows, at, manual=case["manual"], started=started)
    opened = [is_active(window, at) for window in windows]
    closed = [not is_open and window["kind"] == "allow" for is_open, window in zip(opened, windows, strict=True)]
    return sum(opened if case["op"] == "active" else closed)


@needs_shared
@pytest.mark.parametrize("kind", sorted({case["kind"] for case in _CASES}))
def test_argo_cd_decides_the_same(kind: str) -> None:
    wrong = []
    for case in (case for case in _CASES if case["kind"] == kind):
        try:
            found = _answer(case)
        except ValueError:
            found = "error"
        if found != case["expected"]:
            wrong.append((case, found))
    assert wrong == []
