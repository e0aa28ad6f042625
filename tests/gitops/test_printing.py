"""What is declared can be looked at: ``print`` shows manifests, ``repr`` and rich what was written, secrets hidden."""

import pytest
from rich.pretty import pretty_repr

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import compile_platform
from nixernetes.objects import yamls

SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token"}, "stringData": {"token": "hunter2"}}
TLS = {"cert_data": "Y2VydA==", "key_data": "hunter2"}
REPOSITORY = gitops.GitOpsRepository(name="config", url="https://git.example.com/config", environments=["staging"])


def platform(**fields: object) -> gitops.Platform:
    app = gitops.App(name="web", namespace="web", manifests=[SECRET])
    return gitops.Platform(**{"name": "shop", "repository": REPOSITORY, "engine": "both", "apps": [app], **fields})


def test_a_platform_shows_what_build_writes_and_hides_secrets() -> None:
    files = compile_platform(platform(), lambda path: pytest.fail(f"reads {path}"))
    manifests = [yamls.parse(data) for path, data in files.items() if not path.endswith("kustomization.yaml")]
    text = platform().to_yaml()
    assert [document.data for document in yamls.parse_all(text)] == manifests
    assert all(f"# {path}\n" in text for path in files if not path.endswith("kustomization.yaml"))
    assert str(platform()) == text.replace("hunter2", "'***'").rstrip()
    assert "hunter2" not in repr(platform())


def test_files_that_apps_read_are_left_out_and_their_delivery_is_shown() -> None:
    apps = [
        gitops.App(name="files", namespace="web", folders="web", environments={"staging": {"replicas": 3}}),
        gitops.App(name="overlay", namespace="web", kustomize="overlay"),
        gitops.App(name="chart", namespace="web", chart={"path": "chart"}),
    ]
    kinds = {(found["kind"], found["metadata"]["name"]) for found in documents(platform(apps=apps, engine="flux"))}
    assert {("Kustomization", "files"), ("Kustomization", "overlay"), ("HelmRelease", "chart")} <= kinds
    assert "Deployment" not in {kind for kind, _ in kinds}


def documents(shown: gitops.Platform) -> list[yamls.Json]:
    return [document.data for document in yamls.parse_all(shown.to_yaml())]


def test_a_platform_that_is_wrong_prints_what_is_wrong() -> None:
    wrong = gitops.Platform(name="shop")
    assert str(wrong).startswith("Platform(name='shop')\n")
    assert "give either repository=" in str(wrong)
    with pytest.raises(InputError, match="give either repository="):
        wrong.to_yaml()


def test_a_repository_and_a_deployment_show_what_reads_them() -> None:
    assert yamls.parse(REPOSITORY.to_yaml())["spec"]["url"] == "https://git.example.com/config"
    with pytest.raises(InputError, match="GitOpsRepository config: has no url: give it"):
        gitops.GitOpsRepository(name="config").to_yaml()
    deployment = gitops.SingleClusterDeployment(name="edge", git_repository="https://git.example.com/config")
    kinds = [document.data["kind"] for document in yamls.parse_all(deployment.to_yaml())]
    assert kinds == ["GitRepository", "Kustomization", "Kustomization"]


def test_secrets_are_written_out_only_by_to_yaml() -> None:
    secret = gitops.RepositorySecret(name="config", url="https://git.example.com/config", password="hunter2")
    config = gitops.argocd.ClusterConfig(bearer_token="hunter2", tls_client_config=TLS)
    webhook = gitops.WebhookNotification(url="https://hooks.example.com/x", password="hunter2")
    for shown in (secret, config, webhook):
        assert "hunter2" not in str(shown) + repr(shown) + pretty_repr(shown)
        assert "hunter2" in shown.to_yaml()


def test_repr_and_rich_show_what_was_written_and_no_more() -> None:
    apps = gitops.Kustomization(name="apps", source_ref={"kind": "GitRepository", "name": "config"})
    assert repr(apps) == (
        "Kustomization(name='apps', namespace='flux-system', interval='10m', "
        "source_ref=SourceReference(kind='GitRepository', name='config'), prune=True)"
    )
    assert pretty_repr(apps).splitlines()[:3] == ["Kustomization(", "    name='apps',", "    namespace='flux-system',"]
    assert repr(gitops.App(name="web", folders="web")) == "App(name='web', folders=(PosixPath('web'),))"
