"""A platform that changes all the time holds no more memory than one that does not."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

SOAK = Path(__file__).resolve().parents[2] / "benchmarks" / "soak.py"


@pytest.mark.slow
def test_a_thousand_changes_leave_nothing_behind() -> None:
    """Objects under ever new names come and go, sources and charts move on; whatever is remembered goes with them."""
    soak = runpy.run_path(str(SOAK))["Soak"]()
    soak.run(2_700)
    before = soak.blocks()
    soak.run(3_700)
    assert soak.blocks() - before < 100  # a tenth of the smallest thing that each change could leave
