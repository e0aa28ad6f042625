"""Presets land in spec and do what the guide says of them."""

import pytest

from nixernetes import gitops
from nixernetes.errors import InputError

REPO = {"kind": "GitRepository", "name": "repo"}
GUIDE = [
    ("aggressive", {"interval": "1m", "prune": True, "wait": True}),
    ("standard", {"interval": "10m", "prune": True, "wait": True}),
    ("conservative", {"interval": "1h", "prune": False, "wait": False}),
    ("development", {"interval": "1m", "prune": True, "wait": False}),
]


@pytest.mark.parametrize(("name", "settings"), GUIDE)
def test_a_preset_sets_interval_prune_and_wait(name: str, settings: dict[str, object]) -> None:
    preset = getattr(gitops.presets, name)
    apps = gitops.Kustomization(name="apps", source_ref=REPO, path="./apps", interval="7m")
    applied = apps | preset
    assert applied.manifest()["spec"] == {"sourceRef": REPO, "path": "./apps", **settings}
    assert applied.declared_at == apps.declared_at
    as_keywords = gitops.Kustomization(name="apps", source_ref=REPO, path="./apps", **preset)
    assert as_keywords == applied
    assert apps.interval == "7m"


def test_a_keyword_beside_a_preset_wins() -> None:
    made = gitops.Kustomization(name="apps", source_ref=REPO, interval="3m", **gitops.presets.standard)
    assert (made.interval, made.wait) == ("3m", True)


def test_a_source_takes_the_interval_of_a_preset() -> None:
    repo = gitops.GitRepository(name="r", url="https://example.com/r") | gitops.presets.conservative
    assert repo.manifest()["spec"] == {"interval": "1h", "url": "https://example.com/r"}


def test_a_helm_release_waits_or_not() -> None:
    release = gitops.HelmRelease(name="a", chart="a", source_ref=REPO, install={"crds": "Skip", "disable_wait": True})
    assert (release | gitops.presets.standard).manifest()["spec"]["install"] == {"crds": "Skip", "disableWait": False}
    quick = gitops.HelmRelease(name="a", chart="a", source_ref=REPO) | gitops.presets.development
    assert quick.manifest()["spec"]["upgrade"] == {"disableWait": True}
    plain = gitops.HelmRelease(name="a", chart="a", source_ref=REPO, **gitops.presets.standard)
    assert "install" not in plain.manifest()["spec"]


def test_a_promise_that_a_kind_cannot_keep_is_refused() -> None:
    with pytest.raises(InputError, match="Helm deletes what a chart no longer renders"):
        gitops.HelmRelease(name="a", chart="a", source_ref=REPO) | gitops.presets.conservative
    with pytest.raises(InputError, match="no meaning for a Provider"):
        gitops.Provider(name="a", type="slack", **gitops.presets.standard)


def test_fields_are_changed_like_a_preset() -> None:
    apps = gitops.Kustomization(name="apps", source_ref=REPO)
    assert (apps | {"interval": "5m", "wait": True}).wait is True
    assert apps.with_fields(prune=False).prune is False
    with pytest.raises(InputError, match="did you mean interval"):
        apps | {"intervall": "5m"}


def test_a_short_keyword_replaces_what_it_stands_for() -> None:
    apps = gitops.Kustomization(name="apps", source_ref=REPO, health=[{"kind": "Deployment", "name": "old"}])
    changed = apps | {"health": [{"kind": "Deployment", "name": "new"}]}
    assert [check.name for check in changed.health] == ["new"]
    with pytest.raises(InputError, match="did you mean health"):
        apps | {"healt": []}


def test_presets_are_values() -> None:
    standard = gitops.presets.standard
    assert (standard.interval, standard.prune, standard.prune_last, standard.wait) == ("10m", True, True, True)
    assert [preset.name for preset in gitops.presets.ALL] == [name for name, _ in GUIDE]
    assert dict(standard) == {"preset": standard}
    assert len(standard) == 1
    assert "interval" not in standard
