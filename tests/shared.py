"""Where the reference material stands, and how tests that read it skip without it."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("NIXERNETES_SHARED") or Path(__file__).resolve().parents[2] / "shared")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"reference material is not at {SHARED}")
