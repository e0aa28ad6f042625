"""The public names of the vocabulary are one sorted list, and importing the package loads none of them."""

import ast
import subprocess
import sys
from pathlib import Path

from nixernetes import gitops


def test_the_names_are_sorted_and_each_one_loads() -> None:
    assert gitops.__all__ == sorted(gitops._MODULES)
    for name in gitops.__all__:
        assert getattr(gitops, name) is not None


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(gitops.__file__).read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.asname or alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {
        name: "nixernetes.gitops" + ("" if module == name else f".{module}") for name, module in gitops._MODULES.items()
    }


def test_importing_the_vocabulary_loads_no_models() -> None:
    code = "import sys; from nixernetes import gitops; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(gitops, "mkGitRepository")


def test_the_names_of_each_half_are_sorted_and_load() -> None:
    assert dir(gitops) == gitops.__all__
    for half in (gitops.flux, gitops.argocd):
        assert dir(half) == half.__all__ == sorted(half._MODULES)
        for name in half.__all__:
            assert getattr(half, name) is not None
        assert not hasattr(half, "mkGitRepository")
