"""The site is built without a broken link, holds every page, and asks no other host for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//|<link\b(?![^>]*rel=["']?canonical)[^>]*href=["']?(?:https?:)?//"""
)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("material") is None, reason="the extra docs is not installed: make docs installs it")
def test_the_site_is_whole_and_asks_nobody(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    pages = {path.relative_to(tmp_path).with_suffix("").as_posix() for path in tmp_path.rglob("*.html")}
    wanted = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(wanted - pages) == []
    for page in tmp_path.rglob("*.html"):
        text = page.read_text()
        assert ELSEWHERE.search(text) is None, page
        assert "<!-- setup" not in text, page
    for style in tmp_path.rglob("*.css"):
        assert re.search(r"url\(\s*[\"']?(?:https?:)?//", style.read_text()) is None, style
    assert (tmp_path / "search" / "search_index.json").exists()


def test_every_page_has_its_place_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text()
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in sorted(pages) if f": {page}" not in menu] == []
