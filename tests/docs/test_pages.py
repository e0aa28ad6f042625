"""Every block of README and docs does what it says, in order, in an empty folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.docs.pages import Reader, blocks, fences

from nixernetes.gitops.decoding import KINDS, decode
from nixernetes.objects import yamls
from nixernetes.objects.identity import group_kind

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = ("sh", "console", "python", "yaml", "json", "text", "mermaid", "makefile", "toml", "ini", "lua")
REASONS = (
    "it installs from the network",
    "it is run by the gate itself",
    "it needs a real cluster",
    "it needs a program that is not ours",
)


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if "```" in page.read_text()], ids=name)
def test_a_reader_gets_what_the_page_says(page: Path, tmp_path: Path) -> None:
    with Reader.at_work(tmp_path) as reader:
        for block in blocks(page.read_text()):
            if not block.reason and not (block.language == "python" and _is_part_of_example(block.text)):
                reader.follow(block)


def _is_part_of_example(text: str) -> bool:
    """Tell whether other tests run a block, as a part of an example."""
    return any(text in example.read_text() for example in ROOT.glob("examples/*/*.py"))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_says_what_it_is(page: Path) -> None:
    text = page.read_text()
    found = list(blocks(text))
    assert [f"line {each.line}" for each in found if each.language not in (*LANGUAGES, "setup")] == []
    assert [each.reason for each in found if each.reason not in ("", *REASONS)] == []
    bare = re.sub(r"^( *)(?:[-*]|\d+\.) ", lambda item: " " * len(item[0]), _without(text), flags=re.MULTILINE)
    assert re.findall(r"(?<=\n\n) {4,}\S.*", bare) == [], "a fence says what a block is, an indent does not"


def _is_wrong(problem: str) -> bool:
    """Tell whether a problem is one of a part of a manifest too: pages leave out what does not matter there."""
    return not problem.endswith(("is missing: give it", "problems"))


def _without(text: str) -> str:
    for fence in fences(text):
        text = text.replace(fence[0], "")
    return text


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_manifest_is_one(page: Path) -> None:
    for block in blocks(page.read_text()):
        if block.language != "yaml":
            continue
        for document in yamls.parse_all(block.text, file=f"{name(page)}, block of line {block.line}"):
            if isinstance(document.data, dict) and group_kind(document.data) in KINDS:
                problems = decode(document.data).problem.splitlines()
                assert [each for each in problems if _is_wrong(each)] == []
