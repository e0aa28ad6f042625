"""The small functions of the guide's library: seconds, names, URLs, summaries."""

import doctest
from importlib import import_module

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError


@pytest.mark.parametrize(
    ("interval", "seconds"), [("30s", 30), ("1m", 60), ("10m", 600), ("1h", 3600), ("1h30m", 5400), ("60000ms", 60)]
)
def test_an_interval_in_seconds(interval: str, seconds: int) -> None:
    assert gitops.sync_interval_seconds(interval) == seconds


@pytest.mark.parametrize("interval", ["1d", "", "10", "-1m", "0s", "1500ms", "soon"])
def test_what_is_no_interval_is_refused(interval: str) -> None:
    with pytest.raises(InputError):
        gitops.sync_interval_seconds(interval)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/myorg/config.git", "config"),
        ("https://github.com/myorg/config", "config"),
        ("https://github.com/myorg/config/", "config"),
        ("https://user@dev.azure.com/org/project/_git/repo", "repo"),
        ("https://git.example.com:8443/a/b/c.git?x=1", "c"),
        ("ssh://git@example.com:2222/org/my.repo.git", "my.repo"),
        ("git@github.com:myorg/config.git", "config"),
        ("git@host:config.git", "config"),
        ("host:path/config", "config"),
        ("http://[::1]:3000/org/config", "config"),
    ],
)
def test_the_name_of_a_repository(url: str, name: str) -> None:
    assert gitops.is_git_url(url)
    assert gitops.repository_name(url) == name


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "config",
            "./config",
            "/srv/config",
            "C:/config",
            "https://",
            "https://github.com",
            "https://github.com/",
        ),
        *("ftp://example.com/x", "https://exa mple.com/x", "https:///x", "file:///srv/x", "git@host:", "x://y:z"),
    ],
)
def test_what_is_no_git_url_has_no_name(url: str) -> None:
    assert not gitops.is_git_url(url)
    with pytest.raises(InputError, match="is not the URL of a Git repository"):
        gitops.repository_name(url)


def test_a_summary_names_sources_deliveries_and_clusters() -> None:
    repo = gitops.GitRepository(name="config", url="https://example.com/config")
    summary = gitops.deployment_summary(
        [
            repo,
            gitops.Kustomization(name="apps", source_ref=repo),
            gitops.Kustomization(name="edge", source_ref=repo, kube_config={"secret_ref": "edge"}),
            gitops.Provider(name="slack", type="slack"),
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "Application",
                "metadata": {"name": "app", "namespace": "argocd"},
                "spec": {
                    "source": {"repoURL": "https://example.com/config"},
                    "destination": {"server": "https://kubernetes.default.svc"},
                },
            },
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "ApplicationSet",
                "metadata": {"name": "apps", "namespace": "argocd"},
                "spec": {"generators": [{"clusters": {}}]},
            },
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "east", "labels": {"argocd.argoproj.io/secret-type": "cluster"}},
                "stringData": {"server": "https://east.example.com", "name": "east"},
            },
        ]
    )
    assert summary.sources == ("GitRepository/flux-system/config", "https://example.com/config")
    assert summary.deliveries == (
        "Application/argocd/app",
        "ApplicationSet/argocd/apps",
        "Kustomization/flux-system/apps",
        "Kustomization/flux-system/edge",
    )
    assert summary.clusters == ("https://east.example.com", "in-cluster", "kubeconfig edge")
    assert summary.others == ("Provider/flux-system/slack",)
    assert summary.counts == {"sources": 2, "deliveries": 4, "clusters": 3, "others": 1}
    assert str(summary) == "2 sources, 4 deliveries, 3 clusters, 1 other"
    assert gitops.deployment_summary([]).counts["deliveries"] == 0


@pytest.mark.parametrize(
    "module",
    ["git_urls", "intervals", "summary", "flux.sources.git_repository", "flux.kustomization", "flux.helm_release"],
)
def test_the_examples_in_docstrings_are_true(module: str) -> None:
    loaded = import_module(f"nixernetes.gitops.{module}")
    result = doctest.testmod(loaded, extraglobs={name: getattr(gitops, name) for name in gitops.__all__})
    assert result.attempted
    assert not result.failed
