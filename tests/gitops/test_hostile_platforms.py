"""What a newcomer gets wrong in a platform is refused where it was written, with the right form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.gitops.layout.compiler import compile_platform
from nixernetes.objects import yamls

CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "x"}, "data": {"a": "b"}}
WEB = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "nginx:1.27"}]}}},
}


def nothing(path: Path) -> Mapping[str, bytes]:
    raise AssertionError(path)


def built(
    *apps: gitops.App, url: str = "https://github.com/myorg/config", engine: str = "flux"
) -> dict[str, dict[str, Any]]:
    repository = gitops.GitOpsRepository(name="config", url=url, environments=["dev", "prod"])
    platform = gitops.Platform(name="p", repository=repository, engine=engine, apps=apps)
    files = compile_platform(platform, nothing)
    return {path: yamls.parse(data) for path, data in files.items() if path.endswith(".yaml")}


def app(**fields: Any) -> gitops.App:
    return gitops.App(**{"name": "a", "namespace": "x", "manifests": [CONFIG]} | fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"interval": "1d"}, "App a: interval: '1d': must be a duration .*: write 24h"),
        ({"timeout": "soon"}, "App a: timeout: 'soon': must be a duration"),
        ({"retry_interval": 10}, 'App a: retry_interval: 10: must be text with a unit: write "10s"'),
        ({"manifests": [{**CONFIG, "data": {1: "a"}}]}, r"manifests\[0\].* has the key 1: keys must be text"),
        ({"manifests": [{**CONFIG, "data": {"a": {1, 2}}}]}, r"manifests\[0\].* holds a set: use text"),
        ({"manifests": [{**CONFIG, "data": {"a": "\ud800"}}]}, r"manifests\[0\].* holds text that is not Unicode"),
        ({"environments": {"dev": {"interval": "1d"}}}, "interval: '1d': .*write 24h"),
        ({"environments": {"dev": {"replicas": -1}}}, "replicas.*-1.* must be at least 0"),
    ],
)
def test_a_wrong_value_is_refused_where_it_is_written(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=r"(?s)test_hostile_platforms\.py:\d+: .*" + message):
        app(**fields)


def test_a_manifest_that_holds_itself_is_refused() -> None:
    manifest: dict[str, Any] = dict(CONFIG)
    manifest["data"] = manifest
    with pytest.raises(InputError, match="nested deeper than 100 levels, or holds itself"):
        app(manifests=[manifest])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"manifests": [{**CONFIG, "metadata": {"name": "../../etc"}}]},
            r"App a: metadata.name '../../etc': a name is not \. or",
        ),
        ({"environments": {"dev": {"patches": [WEB]}}}, "patches: the app has no Deployment web: it has ConfigMap a"),
        ({"environments": {"dev": {"images": {"nginx": ":2"}}}}, "images: the app runs none"),
        (
            {"manifests": [WEB], "environments": {"dev": {"images": {"ngnix": ":2"}}}},
            "images: the app has no ngnix: it has nginx",
        ),
        (
            {"manifests": [WEB], "environments": {"dev": {"replicas": {"wbe": 2}}}},
            "replicas: the app has no wbe: it has web",
        ),
        ({"name": "flux-system"}, "App flux-system: the platform's own root is called so: rename the app"),
    ],
)
def test_what_would_do_nothing_or_do_harm_is_refused_at_build(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=r"test_hostile_platforms\.py:\d+: .*" + message):
        built(app(**fields))


def test_a_url_that_flux_refuses_is_refused_with_the_form_that_works() -> None:
    with pytest.raises(InputError, match=r"GitOpsRepository config: url: .*write ssh://git@github.com/myorg/config"):
        built(app(), url="git@github.com:myorg/config")
    assert built(app(), url="git@github.com:myorg/config", engine="argocd")


@pytest.mark.parametrize("engine", ["flux", "argocd"])
def test_what_is_no_url_at_all_is_refused_for_each_engine(engine: str) -> None:
    with pytest.raises(InputError, match="GitOpsRepository config: url: "):
        built(app(), url="config", engine=engine)
    deployment = gitops.SingleClusterDeployment(name="d", git_repository="config", engine=engine)
    with pytest.raises(InputError, match="SingleClusterDeployment d: git_repository: 'config'"):
        compile_platform(gitops.Platform(name="p", deployment=deployment), nothing)


def test_an_environment_stands_in_the_list_once() -> None:
    with pytest.raises(InputError, match=r"environments: .*'dev' stands there twice: remove one"):
        gitops.GitOpsRepository(name="config", environments=["dev", "dev"])


def test_each_problem_of_one_identity_is_told_once() -> None:
    twice = [gitops.GitRepository(name="g", url=f"https://x.example.com/{n}") for n in "ab"]
    repository = gitops.GitOpsRepository(name="config", url="https://github.com/myorg/config", environments=["dev"])
    with pytest.raises(InputError, match=r"^\S+ GitRepository/flux-system/g is declared twice") as refused:
        compile_platform(gitops.Platform(name="p", repository=repository, resources=twice), nothing)
    assert "\n" not in str(refused.value)


def test_a_class_is_named_in_front_of_all_of_its_problems() -> None:
    with pytest.raises(InputError, match=r"py:\d+: Kustomization: 3 problems\n"):
        gitops.Kustomization(nmae="x")


def test_a_name_of_the_guide_leads_to_the_name_in_python() -> None:
    with pytest.raises(AttributeError, match="did you mean GitRepository"):
        gitops.mkGitRepository  # noqa: B018


def test_environments_differ_in_interval_and_preset() -> None:
    """The guide's first best practice: different sync intervals per environment."""
    standard, conservative = gitops.presets.standard, gitops.presets.conservative
    files = built(
        app(preset=standard, environments={"prod": {"preset": conservative}}),
        app(name="b", manifests=[WEB], interval="5m", environments={"prod": {"interval": "30m"}}),
    )
    found = {path: document["spec"] for path, document in files.items() if "/kustomizations/" in path}
    dev, prod = (found[f"repos/{name}/flux-system/kustomizations/a.yaml"] for name in ("dev", "prod"))
    assert (dev["interval"], dev["prune"], dev["wait"]) == ("10m", True, True)
    assert (prod["interval"], prod["prune"], prod.get("wait", False)) == ("1h", False, False)
    assert found["repos/dev/flux-system/kustomizations/b.yaml"]["interval"] == "5m"
    assert found["repos/prod/flux-system/kustomizations/b.yaml"]["interval"] == "30m"


def test_an_interval_of_one_environment_is_nothing_for_argocd() -> None:
    with pytest.raises(InputError, match="environments: interval: Argo CD has no such setting"):
        built(app(environments={"dev": {"interval": "5m"}}), engine="argocd")


def test_a_wrong_name_is_said_once() -> None:
    with pytest.raises(InputError, match=r"Platform P p: name: 'P p': use lower-case letters"):
        gitops.Platform(name="P p")
    with pytest.raises(InputError, match=r"GitOpsRepository C: name: 'C': use lower-case letters"):
        gitops.GitOpsRepository(name="C")


@pytest.mark.parametrize("value", [None, 5])
def test_small_functions_refuse_what_is_no_text(value: Any) -> None:
    assert not gitops.is_git_url(value)
    with pytest.raises(InputError, match=f"{value} is not the URL of a Git repository"):
        gitops.repository_name(value)
    with pytest.raises(InputError, match=f"{value} is not a duration: write it as text"):
        gitops.sync_interval_seconds(value)
