"""The page about repositories and deployments says what the examples do; together the pages map the whole guide."""

import re
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes import gitops

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/vocabulary-platform.md").read_text()
PAGES = "".join(path.read_text() for path in sorted(ROOT.glob("docs/vocabulary*.md")))
EXAMPLES = sorted(ROOT.glob("examples/1*/gitops.py"))
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(" ", 1)[0])
def test_every_python_block_is_a_part_of_a_platform(block: str) -> None:
    assert any(block in path.read_text() for path in EXAMPLES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_platform_of_the_examples_has_a_golden_tree(path: Path) -> None:
    """What the golden trees are compared with stands in tests/app/test_build_golden.py."""
    assert (ROOT / "tests/app/golden" / path.parent.name).is_dir()


def test_every_name_on_the_page_is_in_the_vocabulary() -> None:
    named = {name for name in re.findall(r"`gitops\.(\w+)", PAGE) if not name.startswith("mk")}
    assert named - set(gitops.__all__) == set()


@needs_shared
def test_every_name_of_the_guide_is_mapped_to_a_name_that_exists() -> None:
    guide = (SHARED / "guide/GITOPS.md").read_text()
    names = set(re.findall(r"\bgitops\.(mk\w+|presets\.\w+)", guide))
    assert len(names) > 10
    mapped = dict(re.findall(r"^\| `gitops\.([\w.]+)` \| `gitops\.([\w.]+)` \|$", PAGES, flags=re.MULTILINE))
    assert names - mapped.keys() == set()
    for target in mapped.values():
        found = gitops
        for part in target.split("."):
            found = getattr(found, part)
