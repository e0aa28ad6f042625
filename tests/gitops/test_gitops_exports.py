"""The public names of the vocabulary are one list, and importing the package loads none of them."""

import subprocess
import sys

import pytest

from nixernetes import gitops

PACKAGES = (gitops, gitops.flux, gitops.argocd)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_name_that_type_checkers_see_loads(package: object) -> None:
    assert dir(package) == sorted(package.__all__)
    assert all(getattr(package, name) is not None for name in package.__all__)
    assert not hasattr(package, "mkGitRepository")


def test_importing_the_vocabulary_loads_no_models() -> None:
    code = "import sys; from nixernetes import gitops; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_name_of_the_guide_leads_to_the_one_here() -> None:
    with pytest.raises(AttributeError, match="did you mean GitRepository"):
        _ = gitops.mkGitRepository
