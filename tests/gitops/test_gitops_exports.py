"""The public names of the vocabulary are one list, and importing the package loads none of them."""

import subprocess
import sys

import pytest

from nixernetes import gitops

PACKAGES = (gitops, gitops.flux, gitops.argocd)
PUBLIC = """
Alert App AppOverrides AppProject Application ApplicationSet Bucket Cluster ClusterPath ClusterSecret
DeploymentSummary ExternalArtifact GitOpsRepository GitRepository HealthCheck HelmChart HelmChartRef
HelmRelease HelmRepository ImagePolicy ImageRepository ImageUpdateAutomation Kustomization
MultiClusterDeployment NotificationsConfig OCIRepository Platform Provider Receiver Reference
RepositoryCredentials RepositorySecret Resource SingleClusterDeployment Spec SyncPolicy WebhookNotification
argocd deployment_summary flux health_checks is_git_url presets repository_name sync_interval_seconds
"""


def test_the_public_names_are_these() -> None:
    assert gitops.__all__ == PUBLIC.split()


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


@pytest.mark.parametrize(("package", "name"), [(gitops, "AppDict"), (gitops.flux, "GitRefDict")])
def test_the_dict_of_a_class_may_be_named_where_python_reads_annotations(package: object, name: str) -> None:
    assert getattr(package, name) is dict
    assert not hasattr(package, "NothingDict")
