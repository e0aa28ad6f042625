"""``diff --drift`` says what on a cluster is not what Git says, who wrote it, and whether that stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygit2
import pytest
from tests.app.live.worlds import RunningRepository, running
from tests.changes.revisions import ARGO_URL, application, argocd, config, deployment, flux, kustomization

from nixernetes.changes.fields import ABSENT
from nixernetes.changes.live.drift import Deviation, Drift, DriftReport

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
SECRET = """\
---
apiVersion: v1
kind: Secret
metadata: {name: login, namespace: shop}
stringData: {password: hunter-2-hunter}
"""
APPS = "apps/all.yaml"
SETTINGS = "ConfigMap/shop/settings"


@pytest.fixture(name="shop")
def a_shop_of_flux(tmp_path: Path) -> Iterator[RunningRepository]:
    with running(tmp_path, flux(NAMESPACE + config() + deployment() + SECRET)) as found:
        yield found


def told(report: DriftReport) -> dict[str, Deviation]:
    return {str(each.key): each.deviation for each in report.drifts}


def only(report: DriftReport) -> Drift:
    (found,) = report.drifts
    return found


def managers(drift: Drift) -> dict[str, list[str]]:
    return {each.change.path: [writer.manager for writer in each.writers] for each in drift.fields}


def test_what_is_as_git_says_is_no_drift(shop: RunningRepository) -> None:
    report = shop.drift()
    assert (report.drifts, report.additions, report.beside, report.unverified, report.failed) == ((), (), (), (), ())
    assert report.revision == str(pygit2.Repository(str(shop.folder)).head.target)
    assert report.is_applied


def test_what_is_not_committed_is_no_drift(shop: RunningRepository) -> None:
    """Git is taken as the cluster has applied it, not as it is edited."""
    shop.write({APPS: NAMESPACE})
    assert told(shop.drift()) == {}


def test_a_field_is_told_with_both_values_and_its_writer(shop: RunningRepository) -> None:
    shop.change(SETTINGS, data={"a": "c"})
    (field,) = only(shop.drift()).fields
    assert (field.change.path, field.change.before, field.change.after) == ("data.a", "b", "c")
    assert [(each.manager, each.operation) for each in field.writers] == [("kubectl-edit", "Update")]
    assert field.writers[0].time


def test_a_container_by_name_is_told_with_its_writer(shop: RunningRepository) -> None:
    live = shop.cluster.get(shop.key("Deployment/shop/shop"))
    assert live is not None
    (container,) = live["spec"]["template"]["spec"]["containers"]
    template = {**live["spec"]["template"], "spec": {"containers": [{**container, "image": "nginx:9"}]}}
    shop.change("Deployment/shop/shop", manager="kubectl-set", spec={"template": template})
    assert managers(only(shop.drift())) == {"spec.template.spec.containers[name=web].image": ["kubectl-set"]}


def test_what_was_deleted_by_hand_is_missing(shop: RunningRepository) -> None:
    shop.cluster.delete(shop.key(SETTINGS))
    found = only(shop.drift())
    assert (str(found.key), found.deviation, found.kept) == (SETTINGS, Deviation.MISSING, "")
    assert found.place.file == APPS


def test_what_was_removed_from_an_object_has_no_writer(shop: RunningRepository) -> None:
    live = shop.cluster.get(shop.key(SETTINGS))
    assert live is not None
    shop.cluster.update({**live, "data": {}}, manager="kubectl-edit")
    (field,) = only(shop.drift()).fields
    assert (field.change.after, field.writers) == (ABSENT, ())


def test_what_others_add_is_told_apart_since_nobody_takes_it_back(shop: RunningRepository) -> None:
    shop.change(SETTINGS, manager="robot", data={"more": "x"})
    report = shop.drift()
    assert report.drifts == ()
    (found,) = report.additions
    assert managers(found) == {"data.more": ["robot"]}


def test_what_no_delivery_has_is_told_with_who_made_it(shop: RunningRepository) -> None:
    meta = {"name": "by-hand", "namespace": "shop"}
    shop.cluster.create(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"a": "b"}}, manager="kubectl-create"
    )
    (found,) = shop.drift().beside
    assert str(found.key) == "ConfigMap/shop/by-hand"
    assert [each.manager for each in found.writers] == ["kubectl-create"]


def test_secrets_are_masked(shop: RunningRepository) -> None:
    shop.change("Secret/shop/login", data={"password": "aHVudGVyLTMtaHVudGVy"})
    (field,) = only(shop.drift()).fields
    assert (field.change.path, field.change.before, field.change.after) == (
        "data.password",
        "*** (Git)",
        "*** (cluster)",
    )


def test_what_a_delivery_left_behind_is_told(tmp_path: Path) -> None:
    files = flux(NAMESPACE + config(), cluster=kustomization(more="prune: false"))
    with running(tmp_path, files) as shop:
        shop.write({APPS: NAMESPACE})
        shop.merge()
        report = shop.drift()
        assert told(report) == {}
        (found,) = report.beside
        assert (str(found.key), found.left_by) == (SETTINGS, "Kustomization/flux-system/apps")


def test_what_a_delivery_has_and_git_does_not_is_left_over(shop: RunningRepository) -> None:
    """A Kustomization that fails before it prunes keeps what it has."""
    shop.write({APPS: NAMESPACE + deployment() + SECRET})
    shop.commit()
    found = only(shop.drift(rev="HEAD"))
    assert (str(found.key), found.deviation) == (SETTINGS, Deviation.LEFT)
    assert [each.manager for each in found.writers] == ["kustomize-controller"]


def test_a_revision_that_is_not_applied_is_said_so(shop: RunningRepository) -> None:
    shop.write({APPS: NAMESPACE + config(data="a: c") + deployment() + SECRET})
    shop.commit()
    report = shop.drift(rev="HEAD")
    assert told(report) == {SETTINGS: Deviation.CHANGED}
    assert not report.is_applied
    assert [str(key) for key, _ in report.behind] == [
        "Kustomization/flux-system/apps",
        "Kustomization/flux-system/flux-system",
    ]
    assert told(shop.drift()) == {}


def test_what_a_suspended_delivery_has_stays_so(shop: RunningRepository) -> None:
    shop.change("Kustomization/flux-system/apps", manager="flux", spec={"suspend": True})
    shop.change(SETTINGS, data={"a": "c"})
    report = shop.drift()
    assert only(report).kept == "Kustomization/flux-system/apps is suspended"
    assert [managers(each) for each in report.additions] == [{"spec.suspend": ["flux"]}]


@pytest.mark.parametrize(
    ("sync", "kept"),
    [
        ("automated: {prune: true, selfHeal: true}", ""),
        ("automated: {prune: true}", "Application/argocd/shop has no selfHeal: it stays until the next sync"),
    ],
)
def test_an_application_changes_back_where_it_heals_itself(tmp_path: Path, sync: str, kept: str) -> None:
    files = argocd(NAMESPACE + config(), application(sync=sync))
    with running(tmp_path, files, ARGO_URL) as shop:
        assert told(shop.drift()) == {}
        shop.change(SETTINGS, data={"a": "c"})
        found = only(shop.drift())
        assert (managers(found), found.kept) == ({"data.a": ["kubectl-edit"]}, kept)
