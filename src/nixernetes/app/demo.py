"""``nixernetes demo``: a platform becomes a repository, the repository runs, and what usually goes wrong goes wrong.

Everything is real: the platform file is built by ``build``, committed to a Git repository, read back out of it,
rendered by Kustomize rules and the real helm, and reconciled into embedded clusters. Only the time is virtual.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Self

from nixernetes.app import platform_file
from nixernetes.app.platform_target import PlatformTarget
from nixernetes.app.targets import RunOptions, outside_of
from nixernetes.app.toolbox import ToolOptions
from nixernetes.app.worlds import World, make_world
from nixernetes.engine import reports
from nixernetes.engine.reports import DeliveryRow
from nixernetes.errors import BugError, InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.durations import format_duration
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["Narrator", "run"]

_REGIONS = ("us-east-1", "eu-west-1", "ap-south-1")
_LIMIT = timedelta(hours=1)
_SHOP = ObjectKey("apps", "Deployment", "production", "shop")
_SALE = ObjectKey("", "ConfigMap", "production", "banner")
_FILE = platform_file.NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrator:
    """How the demo tells what happens.

    Attributes:
        chapter: begins a chapter with its title.
        tell: says one line.
        show: shows deliveries.

    """

    chapter: Callable[[str], None]
    tell: Callable[[str], None]
    show: Callable[[list[DeliveryRow]], None]


def run(narrator: Narrator) -> None:
    """Run the demo to its end.

    Raises:
        BugError: something did not happen as it is told; the message says what.

    """
    with _folder() as folder:
        with _Stage(folder, "flux", narrator) as stage:
            _flux(stage, narrator)
        with _Stage(folder, "argocd", narrator) as stage:
            _argocd(stage, narrator)


@contextmanager
def _folder() -> Iterator[Path]:
    """Copy the demo's platform to a place where it may be edited."""
    with tempfile.TemporaryDirectory(prefix="nixernetes-demo-") as name:
        folder = Path(name)
        with resources.as_file(resources.files("nixernetes.app") / "data" / "demo") as source:
            shutil.copytree(source, folder / "platform", ignore=shutil.ignore_patterns("__pycache__"))
        yield folder


class _Stage:
    """A platform on stage: edited, committed, and run."""

    def __init__(self, folder: Path, engine: str, narrator: Narrator) -> None:
        self.file = folder / "platform" / _FILE
        self.target = PlatformTarget(self.file, RunOptions(engine=engine), folder / engine)
        blueprint = self.target.blueprint()
        outside, self._box = outside_of(blueprint, ToolOptions())
        self.world = make_world(blueprint, VirtualClock(), outside)
        self.narrator = narrator

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._box.close()

    def edit(self, old: str, new: str, message: str) -> None:
        """Edit the platform file, build it and commit."""
        text = self.file.read_text()
        _expect(old in text, f"{_FILE} holds {old!r}")
        self.file.write_text(text.replace(old, new))
        self.target.commit(message)

    def settle(self) -> str:
        """Run until nothing moves any more; return how long it took, as text."""
        began = self.world.clock.now()
        _expect(self.world.run_until_settled(_LIMIT), "the world settles")
        return format_duration(self.world.clock.now() - began)

    def wait(self, what: str, holds: Callable[[World], bool]) -> str:
        """Run until something holds; return how long it took, as text."""
        began = self.world.clock.now()
        runtime = self.world.runtime
        _expect(runtime.advance(began + _LIMIT, lambda: holds(self.world)), what)
        return format_duration(self.world.clock.now() - began)

    def deliveries(self, *, kinds: tuple[str, ...] = (), name: str = "") -> list[DeliveryRow]:
        """Return the deliveries of these kinds and this name, as they are now."""
        found = self.world.report(objects=False).deliveries
        return [item for item in found if (not kinds or item.key.kind in kinds) and (not name or name in item.key.name)]


def _flux(stage: _Stage, narrator: Narrator) -> None:
    narrator.chapter("One declaration becomes a repository, and three regions follow it (Flux)")
    files = sum(1 for path in stage.target.repository.rglob("*.yaml") if path.is_file())
    narrator.tell(f"{_FILE} is built into {files} YAML files and committed; each cluster gets the root of its folder")
    took = stage.settle()
    _expect(stage.world.report().ready, "every delivery is ready")
    narrator.tell(f"after {took} of virtual time everything that Git declares runs and is healthy:")
    narrator.show(stage.deliveries(kinds=("Kustomization", "HelmRelease")))
    _rollout(stage, narrator)
    _drift(stage, narrator)
    _prune(stage, narrator)
    _never_ready(stage, narrator)


def _rollout(stage: _Stage, narrator: Narrator) -> None:
    narrator.chapter("A commit rolls out")
    stage.edit("shop:1.0", "shop:1.1", "Release shop 1.1")
    narrator.tell("git commit -m 'Release shop 1.1'; the clusters poll the repository every minute")

    def released(world: World) -> bool:
        return all(_runs_new_image(world, place) for place in _REGIONS) and world.settled()

    took = stage.wait("shop 1.1 runs everywhere", released)
    narrator.tell(f"{took} later shop:1.1 is rolled out and healthy in {', '.join(_REGIONS)}")
    narrator.show(stage.deliveries(kinds=("Kustomization",), name="shop"))


def _drift(stage: _Stage, narrator: Narrator) -> None:
    narrator.chapter("Drift heals")
    cluster = stage.world.clusters["eu-west-1"]
    changed = _copy(cluster.get(_SHOP))
    changed["spec"]["replicas"] = 10
    cluster.update(changed, manager="kubectl-edit")
    narrator.tell("somebody runs `kubectl scale deployment shop --replicas=10` in eu-west-1")

    def healed(world: World) -> bool:
        return bool(_copy(world.clusters["eu-west-1"].get(_SHOP))["spec"]["replicas"] == 1)

    took = stage.wait("the drift heals", healed)
    narrator.tell(f"{took} later Flux has put it back to 1: the next reconcile applies what Git says")


def _prune(stage: _Stage, narrator: Narrator) -> None:
    narrator.chapter("What leaves Git leaves the clusters")
    line = next(row for row in stage.file.read_text().splitlines() if 'name="sale"' in row)
    stage.edit(line + "\n", "", "The sale is over")
    narrator.tell("the app `sale` is deleted from the platform, built and committed")

    def pruned(world: World) -> bool:
        return all(world.clusters[place].get(_SALE) is None for place in _REGIONS)

    took = stage.wait("the sale is pruned", pruned)
    narrator.tell(f"{took} later {_SALE} is gone from all three regions, and nothing else is")
    _expect(all(stage.world.clusters[place].get(_SHOP) is not None for place in _REGIONS), "the shop stays")


def _never_ready(stage: _Stage, narrator: Narrator) -> None:
    narrator.chapter("A Deployment that never becomes ready")
    stage.edit('"shop:1.1"', '"shop:1.2", failing=True', "Release shop 1.2, which crashes")
    narrator.tell("git commit -m 'Release shop 1.2, which crashes'; its Kustomization waits for health")

    def failed(world: World) -> bool:
        found = reports.report("", world.clusters, objects=False).deliveries
        shops = [item for item in found if item.key.kind == "Kustomization" and item.key.name == "shop"]
        return all(item.state == "failed" and "health check failed" in item.message for item in shops)

    took = stage.wait("the health check fails", failed)
    narrator.tell(f"{took} later the delivery says so, and still names the last revision that was healthy:")
    narrator.show(stage.deliveries(kinds=("Kustomization",), name="shop"))
    stage.edit('"shop:1.2", failing=True', '"shop:1.1"', "Revert: release shop 1.2")
    took = stage.wait("the revert heals", lambda world: world.settled() and world.report(objects=False).ready)
    narrator.tell(f"git revert: {took} later all deliveries are ready again")


def _argocd(stage: _Stage, narrator: Narrator) -> None:
    narrator.chapter("The same declaration, delivered by Argo CD")
    took = stage.settle()
    narrator.tell(f"{took} of virtual time: an app of apps in the control plane has synced all three regions")
    narrator.show(stage.deliveries(kinds=("Application",)))
    _expect(stage.world.report().ready, "every Application is synced and healthy")
    narrator.chapter("An app that its AppProject forbids")
    control_plane = stage.world.clusters[stage.world.control_plane]
    project = next(item for item in stage.deliveries(kinds=("Application",), name="shop"))
    app = _copy(control_plane.get(project.key))
    intruder = {
        "apiVersion": app["apiVersion"],
        "kind": app["kind"],
        "metadata": {"name": "intruder", "namespace": ARGOCD_NAMESPACE},
        "spec": {**app["spec"], "destination": {**app["spec"]["destination"], "namespace": "kube-system"}},
    }
    control_plane.create(intruder, manager="kubectl-create")
    narrator.tell("somebody creates an Application that deploys into kube-system, which its project does not allow")
    stage.settle()
    found = stage.deliveries(kinds=("Application",), name="intruder")
    narrator.show(found)
    _expect(all("do not match any of the allowed destinations" in item.message for item in found), "it is refused")
    narrator.tell(f"nothing was deployed; in {_FILE}, `nixernetes build` refuses it before it is committed")


def _runs_new_image(world: World, place: str) -> bool:
    shop = world.clusters[place].get(_SHOP) or {}
    spec, status = shop.get("spec") or {}, shop.get("status") or {}
    images = [item["image"] for item in spec["template"]["spec"]["containers"]]
    rolled_out = status.get("updatedReplicas") == status.get("replicas") == spec["replicas"]
    return bool(rolled_out and images == ["shop:1.1"])


def _copy(found: Json) -> Json:
    if found is None:
        raise InputError("an object of the demo is not there")
    return manifests.copy(found)


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise BugError(f"the demo expected that {what}, and it does not")
