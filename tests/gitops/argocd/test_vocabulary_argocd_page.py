"""The page about Argo CD says what the examples do, and what is said when something is refused."""

import re
from pathlib import Path

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.argocd.notifications.catalog import TRIGGERS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/vocabulary-argocd.md").read_text()
EXAMPLES = sorted(ROOT.glob("examples/0*/gitops.py"))
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split(" ", 1)[0])
def test_every_python_block_is_a_part_of_a_runnable_example(block: str) -> None:
    assert any(block in path.read_text() for path in EXAMPLES)


def test_every_name_on_the_page_is_in_the_vocabulary() -> None:
    named = {name for name in re.findall(r"`gitops\.(\w+)", PAGE) if not name.startswith("mk")}
    assert named - set(gitops.__all__) == set()


def test_the_refusal_on_the_page_is_what_is_said() -> None:
    with pytest.raises(InputError) as caught:
        gitops.WebhookNotification(url="https://x.example.com", insecure_skip_verify=True).flux()
    assert f"{caught.value.subject}: {caught.value.message}" in PAGE


def test_every_ready_trigger_is_on_the_page() -> None:
    assert all(f"`{trigger}`" in PAGE for trigger in TRIGGERS)
