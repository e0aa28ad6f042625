"""The page about the vocabulary says what the examples do, and the examples run."""

import re
import runpy
from pathlib import Path

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.objects import yamls

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/vocabulary.md").read_text()
EXAMPLES = sorted(ROOT.glob("examples/0*/gitops.py"))
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(" ", 1)[0])
def test_every_python_block_is_a_part_of_a_runnable_example(block: str) -> None:
    assert any(block in path.read_text() for path in EXAMPLES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_example_runs_and_has_a_readme(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(path), run_name="__main__")
    printed = capsys.readouterr().out
    assert printed
    assert (path.parent / "README.md").read_text().startswith("# ")
    if "apiVersion" in printed:
        for manifest in (document.data for document in yamls.parse_all(printed)):
            if manifest["kind"] in gitops.__all__:
                assert getattr(gitops, manifest["kind"]).from_manifest(manifest).manifest() == manifest


def test_every_name_on_the_page_is_in_the_vocabulary() -> None:
    named = {name for name in re.findall(r"`gitops\.(\w+)", PAGE) if not name.startswith("mk")}
    assert named - set(gitops.__all__) == set()


def test_the_refusal_on_the_page_is_what_is_said() -> None:
    with pytest.raises(InputError) as caught:
        gitops.GitRepository(name="config", url="git@github.com:myorg/config", interval="1d")
    lines = caught.value.message.splitlines()
    assert caught.value.subject == "GitRepository/flux-system/config"
    assert all(line in PAGE for line in lines)
