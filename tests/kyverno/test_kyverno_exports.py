"""The public names of Kyverno are one list, importing them loads no models, and the page about them runs."""

import re
import subprocess
import sys
from pathlib import Path

from nixernetes import kyverno
from nixernetes.gitops.resource import Resource

ROOT = Path(__file__).resolve().parents[2]
KINDS = """
CleanupPolicy ClusterCleanupPolicy ClusterPolicy DeletingPolicy GeneratingPolicy ImageValidatingPolicy MutatingPolicy
NamespacedDeletingPolicy NamespacedGeneratingPolicy NamespacedImageValidatingPolicy NamespacedMutatingPolicy
NamespacedValidatingPolicy Policy PolicyException RuleException ValidatingPolicy
"""


def test_the_public_kinds_are_these() -> None:
    loaded = {name: getattr(kyverno, name) for name in kyverno.__all__}
    kinds = [name for name, model in loaded.items() if isinstance(model, type) and issubclass(model, Resource)]
    assert sorted(kinds) == KINDS.split()


def test_importing_the_vocabulary_loads_no_models() -> None:
    code = "import sys; from nixernetes import kyverno; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_page_runs(capsys: object) -> None:
    del capsys
    blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/kyverno.md").read_text(), re.DOTALL | re.MULTILINE)
    assert blocks
    exec(compile("".join(blocks), "docs/kyverno.md", "exec"), {})  # noqa: S102  # what readers copy
