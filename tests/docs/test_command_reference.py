"""The reference of commands says what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_is_made_from_the_code() -> None:
    made = runpy.run_path(str(ROOT / "scripts/make_command_reference.py"))["page"]()
    assert (ROOT / "docs/commands.md").read_text() == made, "run scripts/make_command_reference.py"
