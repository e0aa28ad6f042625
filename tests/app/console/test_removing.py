"""What a deletion is told to take is what it takes: for both engines, and for every way of deleting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from tests.app.console.fleets import ARGOCD_FILES, FLUX_FILES, fleet
from tests.app.console.worlds import ask, error, settled

from nixernetes.app.console.leaving import Cascade, expected
from nixernetes.app.console.selecting import LiveObject, Selection, one, wanted_of
from nixernetes.app.worlds import World
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, CONFIG_MAP, KUSTOMIZATION

PRECIOUS = ObjectKey(*CONFIG_MAP, "asked", "precious")
ASKED = ObjectKey(*APPLICATION, "argocd", "asked")


def _there(world: World) -> set[tuple[str, ObjectKey]]:
    return {(name, key_of(item)) for name, cluster in world.clusters.items() for item in cluster.written()}


def _meant(world: World, *words: str) -> LiveObject:
    return one(world, Selection(wanted=wanted_of(words)))


@pytest.mark.parametrize(
    ("files", "words", "cascade"),
    [
        (FLUX_FILES, ("ks", "web"), Cascade.AS_IT_SAYS),
        (FLUX_FILES, ("ks", "web"), Cascade.ORPHAN),
        (FLUX_FILES, ("ks", "loose"), Cascade.AS_IT_SAYS),
        (FLUX_FILES, ("deploy", "web"), Cascade.FOREGROUND),
        (ARGOCD_FILES, ("app", "shop"), Cascade.AS_IT_SAYS),
        (ARGOCD_FILES, ("app", "shop"), Cascade.ORPHAN),
        (ARGOCD_FILES, ("app", "free"), Cascade.AS_IT_SAYS),
        (ARGOCD_FILES, ("app", "free"), Cascade.BACKGROUND),
    ],
)
def test_what_is_told_to_go_is_what_goes(
    tmp_path: Path, files: Mapping[str, str], words: tuple[str, ...], cascade: Cascade
) -> None:
    """Parents are suspended first: what they bring again at once would hide what went."""
    with settled(fleet(tmp_path, files)) as world:
        if files is FLUX_FILES:
            names = ["flux-system"] if words[0] == "ks" else ["web"]
            ask(world, "suspend", "ks", *names)
        item = _meant(world, *words)
        told = expected(world, item, cascade)
        before = _there(world)
        reply = ask(world, "delete", *words, cascade=str(cascade))
        world.run_for(timedelta(minutes=1))
        gone = {(place, key) for place, key in before - _there(world) if key != item.key and key.kind != "Event"}
        assert gone == {(part.cluster, part.key) for part in told.goes}
        assert not gone & {(part.cluster, part.key) for part in told.stays}
        assert world.clusters[item.cluster].get(item.key) is None, reply


def test_everything_of_a_namespace_and_of_a_kind_goes_with_it(tmp_path: Path) -> None:
    with settled(fleet(tmp_path, FLUX_FILES)) as world:
        told = expected(world, _meant(world, "ns", "web"), Cascade.AS_IT_SAYS)
        kinds = {part.key.kind for part in told.goes}
        assert kinds >= {"ConfigMap", "Deployment", "ReplicaSet", "Pod", "ServiceAccount"}
        started = ask(world, "delete", "gitrepo", "fleet", dry_run=True)["messages"]
        assert "What reads it keeps what it has applied" in started[1]
        assert world.clusters["prod"].get(ObjectKey(*KUSTOMIZATION, "flux-system", "web")) is not None, "only told"


def test_what_waits_for_a_confirmation_goes_when_it_is_confirmed(tmp_path: Path) -> None:
    """The annotation counts when it is later than the deletion (``IsDeletionConfirmed`` of Argo CD)."""
    with settled(fleet(tmp_path, ARGOCD_FILES)) as world:
        plane = world.clusters[world.control_plane]
        ask(world, "confirm", "app", "asked")
        world.run_for(timedelta(seconds=30))
        told = ask(world, "delete", "app", "asked", cascade="foreground")
        assert told["messages"] == ["application.argoproj.io/asked is being deleted"]
        (wait,) = told["wait"]
        world.run_for(timedelta(minutes=5))
        assert ask(world, "outcome", wait=wait) == {"done": False}, "what was confirmed before counts for nothing"
        assert plane.get(PRECIOUS) is not None
        assert ask(world, "confirm", "app", "asked")["messages"] == [f"{ASKED}: deletions are approved"]
        world.run_for(timedelta(minutes=1))
        assert (plane.get(PRECIOUS), plane.get(ASKED)) == (None, None)
        assert ask(world, "outcome", wait=wait)["ok"]
        assert "only an Application" in error(world, "confirm", "cm", "free")


def test_a_deletion_is_done_though_another_of_its_name_is_made(tmp_path: Path) -> None:
    with settled(fleet(tmp_path, ARGOCD_FILES)) as world:
        plane = world.clusters[world.control_plane]
        before = manifests.copy(_meant(world, "app", "shop").object)
        (wait,) = ask(world, "delete", "app", "shop", cascade="foreground")["wait"]
        assert ask(world, "outcome", wait=wait) == {"done": False}
        world.run_for(timedelta(minutes=1))
        meta = {name: before["metadata"][name] for name in ("name", "namespace")}
        plane.create({**before, "metadata": meta, "status": {}}, manager="argocd-applicationset-controller")
        found = ask(world, "outcome", wait=wait)
        assert (found["ok"], "another one" in found["message"]) == (True, True)


def test_the_policy_that_is_asked_for_is_the_one_that_counts(tmp_path: Path) -> None:
    with settled(fleet(tmp_path, ARGOCD_FILES)) as world:
        ask(world, "delete", "app", "asked", cascade="background")
        held = world.clusters[world.control_plane].get(ASKED)
        assert held is not None
        assert held["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io/background"]


@pytest.mark.parametrize("word", ["Background", "all", "false"])
def test_another_way_of_deleting_is_refused(tmp_path: Path, word: str) -> None:
    with settled(fleet(tmp_path, ARGOCD_FILES)) as world:
        assert "use one of foreground, background, orphan" in error(world, "delete", "app", "free", cascade=word)
