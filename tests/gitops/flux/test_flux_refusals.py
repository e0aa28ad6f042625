"""What Flux refuses is refused when it is written, with the rule and the form that works."""

import re
from typing import Any

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError

REPO = {"kind": "GitRepository", "name": "repo"}
URL = "https://example.com/repo"


def git(**fields: Any) -> gitops.GitRepository:
    return gitops.GitRepository(**{"name": "repo", "url": URL, **fields})


def kustomization(**fields: Any) -> gitops.Kustomization:
    return gitops.Kustomization(**{"name": "apps", "source_ref": REPO, **fields})


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("git@github.com:myorg/config.git", "write ssh://git@github.com/myorg/config.git"),
        ("github.com:myorg/config.git", "write ssh://git@github.com/myorg/config.git"),
        ("git@host:/srv/git/config", "write ssh://git@host/srv/git/config"),
        ("git://example.com/config", "write https://example.com/config"),
        ("github.com/myorg/config", "write https://github.com/myorg/config"),
        ("file:///srv/config", "--source URL=PATH"),
        ("./config", "--source URL=PATH"),
        ("/srv/config", "--source URL=PATH"),
        ("oci://ghcr.io/myorg/config", "use an OCIRepository"),
        ("ftp://example.com/config", "must start with https://"),
        ("https://example.com\n", "must start with https://"),
    ],
)
def test_a_git_url_that_flux_refuses(url: str, advice: str) -> None:
    with pytest.raises(InputError, match=re.escape(advice)) as caught:
        git(url=url)
    assert f"GitRepository/flux-system/repo: url: {url!r}: must start with" in str(caught.value)


@pytest.mark.parametrize(
    ("interval", "advice"),
    [
        ("1d", "write 24h"),
        ("1d12h", "write 36h"),
        ("2w", "write 336h"),
        ("10 min", "write 10m"),
        ("1h 30min", "write 1h30m"),
        ("90sec", "write 90s"),
        ("60", "write 60s"),
        (60, 'write "60s"'),
        ("-1m", "such as 30s"),
        ("5us", "such as 30s"),
        ("", "such as 30s"),
        ("soon", "such as 30s"),
    ],
)
def test_an_interval_that_flux_refuses(interval: object, advice: str) -> None:
    with pytest.raises(InputError, match=re.escape(advice)):
        git(interval=interval)


@pytest.mark.parametrize(
    ("timeout", "advice"),
    [("1h", "write 60m"), ("1h30m", "write 90m"), ("1d", "write 1440m"), ("1.5h", "write 90m"), ("30", "write 30s")],
)
def test_the_timeout_of_a_source_takes_no_hours(timeout: str, advice: str) -> None:
    with pytest.raises(InputError, match=advice):
        git(timeout=timeout)
    assert kustomization(timeout="1h").timeout == "1h"


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("GitRepository", {"url": URL, "service_account_name": "x"}, "only be set when provider is azure or aws"),
        ("GitRepository", {"url": URL, "provider": "gitlab"}, "provider: 'gitlab': must be 'generic', 'aws'"),
        ("GitRepository", {"url": URL, "verify": {"mode": "HEAD"}}, "verify.secret_ref is missing"),
        ("GitRepository", {"url": URL, "branch": "main"}, "branch: GitRepository has no such field"),
        ("GitRepository", {"url": URL, "intervall": "1m"}, "did you mean interval?"),
        ("GitRepository", {"url": URL, "secretref": "x"}, "did you mean secret_ref?"),
        ("OCIRepository", {"url": "https://ghcr.io/org/app"}, "write oci://ghcr.io/org/app"),
        ("OCIRepository", {"url": "ghcr.io/org/app"}, "write oci://ghcr.io/org/app"),
        ("HelmRepository", {"url": "charts.bitnami.com/bitnami"}, "write https://charts.bitnami.com/bitnami"),
        (
            "HelmChart",
            {"chart": "a", "source_ref": REPO, "verify": {"provider": "cosign"}},
            "only for a chart of a HelmRepository",
        ),
        (
            "HelmChart",
            {"chart": "a", "source_ref": {**REPO, "namespace": "other"}},
            "source_ref.namespace: HelmChartSource has no such field",
        ),
        (
            "Bucket",
            {"bucket_name": "b", "endpoint": "e", "service_account_name": "x"},
            "service_account_name: is not for provider generic",
        ),
        (
            "Bucket",
            {"bucket_name": "b", "endpoint": "e", "provider": "gcp", "service_account_name": "x", "secret_ref": "y"},
            "give only one of them",
        ),
        (
            "Bucket",
            {"bucket_name": "b", "endpoint": "e", "sts": {"provider": "aws", "endpoint": "https://x"}},
            "sts.provider: 'aws': must be ldap for provider generic",
        ),
        (
            "Bucket",
            {
                "bucket_name": "b",
                "endpoint": "e",
                "provider": "azure",
                "sts": {"provider": "aws", "endpoint": "https://x"},
            },
            "only for the providers aws and generic, not for azure",
        ),
        (
            "Bucket",
            {
                "bucket_name": "b",
                "endpoint": "e",
                "provider": "aws",
                "sts": {"provider": "aws", "endpoint": "https://x", "secret_ref": "s"},
            },
            "sts: secret_ref: is not for provider aws",
        ),
        ("Kustomization", {"source_ref": {"kind": "HelmRepository", "name": "x"}}, "must be 'OCIRepository'"),
        ("Kustomization", {"source_ref": REPO, "components": ["https://example.com/x"]}, "never fetched"),
        ("Kustomization", {"source_ref": REPO, "prune": "yes"}, "prune: 'yes': must be True or False"),
        ("Kustomization", {"source_ref": REPO, "kube_config": {}}, "exactly one of config_map_ref and secret_ref"),
        ("Kustomization", {"source_ref": REPO, "decryption": {"provider": "age"}}, "must be 'sops'"),
        ("Kustomization", {"source_ref": REPO, "name_prefix": "x" * 201}, "at most 200 characters"),
        ("Kustomization", {"source_ref": REPO, "target_namespace": "Prod"}, "DNS-1123 label"),
        ("Kustomization", {"source_ref": REPO, "post_build": {"substitute": {"a": 1}}}, "must be text"),
        ("Kustomization", {"source_ref": REPO, "patches_strategic_merge": []}, "no such field: did you mean patches"),
        (
            "HelmRelease",
            {
                "chart_ref": {"kind": "OCIRepository", "name": "a"},
                "install": {"strategy": {"name": "RemediateOnFailure", "retryInterval": "1m"}},
            },
            "can only be set when name is RetryOnFailure",
        ),
        (
            "HelmRelease",
            {"chart_ref": {"kind": "OCIRepository", "name": "a"}, "release_name": "x" * 54},
            "at most 53 characters",
        ),
        (
            "HelmRelease",
            {
                "chart_ref": {"kind": "OCIRepository", "name": "a"},
                "values_from": [{"kind": "Secret", "name": "s", "target_path": "a b"}],
            },
            "must be a path as helm --set takes it",
        ),
        ("Provider", {"type": "email"}, "type: 'email': must be 'slack'"),
        ("Provider", {"type": "slack", "commit_status_expr": "x"}, "is only for the types github"),
        ("Provider", {"type": "slack", "address": "x" * 2049}, "at most 2048 characters"),
        ("Alert", {"provider_ref": "p", "event_sources": [{"kind": "Deployment", "name": "*"}]}, "must be 'Bucket'"),
        ("Alert", {"provider_ref": "p", "event_sources": [], "event_severity": "warning"}, "must be 'info' or 'error'"),
        ("Receiver", {"type": "github", "resources": []}, "secret_ref is missing: type github needs"),
        ("Receiver", {"type": "generic-oidc", "resources": []}, "needs at least one"),
        (
            "Receiver",
            {
                "type": "github",
                "resources": [],
                "secret_ref": "s",
                "oidc_providers": [
                    {"issuer_url": "https://x", "validations": [{"expression": "true", "message": "m"}]}
                ],
            },
            "can only be set when type is generic-oidc",
        ),
        (
            "Receiver",
            {
                "type": "generic-oidc",
                "resources": [],
                "oidc_providers": [{"issuer_url": "https://x", "validations": []}],
            },
            "1 or more entries",
        ),
        (
            "Receiver",
            {
                "type": "generic-oidc",
                "resources": [],
                "secret_ref": "s",
                "oidc_providers": [{"issuer_url": "https://x", "validations": [{"expression": "a", "message": "m"}]}],
            },
            "secret_ref: cannot be set when type is generic-oidc",
        ),
        (
            "Receiver",
            {
                "type": "generic-oidc",
                "resources": [],
                "oidc_providers": [{"issuer_url": "https://x", "validations": [{"expression": "a", "message": "m"}]}]
                * 2,
            },
            "'https://x' stands there twice",
        ),
        ("ImageRepository", {"image": "x", "exclusion_list": ["a"] * 26}, "25 or fewer entries"),
        ("ImagePolicy", {"image_repository_ref": "x", "policy": {}}, "exactly one of semver, alphabetical"),
        (
            "ImagePolicy",
            {"image_repository_ref": "x", "policy": {"semver": {"range": "1"}, "numerical": {}}},
            "exactly one of semver, alphabetical",
        ),
        (
            "ImagePolicy",
            {"image_repository_ref": "x", "policy": {"numerical": {}}, "interval": "1m"},
            "only accepted when digest_reflection_policy is Always",
        ),
        (
            "ImagePolicy",
            {"image_repository_ref": "x", "policy": {"numerical": {}}, "digest_reflection_policy": "Always"},
            "interval is missing",
        ),
        ("ImageUpdateAutomation", {"source_ref": {"kind": "Bucket", "name": "x"}}, "must be 'GitRepository'"),
        ("ImageUpdateAutomation", {"source_ref": "repo", "git": {"commit": {}}}, "git.commit.author is missing"),
    ],
)
def test_a_value_that_breaks_a_rule_of_its_kind(kind: str, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        getattr(gitops, kind)(name="x", **fields)
    assert f"{kind}/flux-system/x" in str(caught.value)
    assert str(caught.value).startswith(f"{__file__}:")


def test_an_address_that_may_hold_a_token_is_not_shown() -> None:
    with pytest.raises(InputError) as caught:
        gitops.Provider(name="x", type="slack", address="https://hooks.example.com/T0KEN" * 100)
    assert "T0KEN" not in str(caught.value)


def test_another_api_version_is_refused_by_name() -> None:
    manifest = {**git().manifest(), "apiVersion": "source.toolkit.fluxcd.io/v1beta2"}
    with pytest.raises(InputError, match=r"GitRepository reads source\.toolkit\.fluxcd\.io/v1 GitRepository"):
        gitops.GitRepository.from_manifest(manifest)
