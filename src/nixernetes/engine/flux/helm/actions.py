"""Helm's actions on one release: install, upgrade, rollback, uninstall, test (Flux, section 10.4).

Each is a generator that pauses where Helm would wait. A failure before the release was stored leaves no trace in the
storage; one after leaves it marked as failed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from nixernetes.cluster.api import ApiError
from nixernetes.engine.flux.applying.apply import Pause
from nixernetes.engine.flux.helm.cluster import HelmCluster, HelmError, hooks_for
from nixernetes.engine.flux.helm.settings import ActionSettings
from nixernetes.engine.flux.helm.storage import Release, Storage, now_text
from nixernetes.health.expressions import HealthExpressions
from nixernetes.objects.clocks import Clock
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import JOB
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.sources.charts import Chart

__all__ = ["Actions", "Desired", "Parts", "Render", "base_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a chart renders to: the release's objects, its hooks, and the definitions of ``crds/``."""

    objects: tuple[Manifest, ...]
    hooks: tuple[Manifest, ...]
    definitions: tuple[Manifest, ...] = ()


class Render(Protocol):
    """Renders the chart."""

    def __call__(self, *, upgrade: bool, revision: int) -> Parts:
        """Return the parts, for an installation or for an upgrade, as the given revision."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What the release is to be.

    Attributes:
        name: the release name.
        namespace: the release namespace.
        chart: the chart; its version is what the release is compared by.
        values: the composed values.
        render: renders the chart with the values.
        oci_digest: the digest of the OCI artifact that the chart is from, or ``""``.

    """

    name: str
    namespace: str
    chart: Chart
    values: Json
    render: Render
    oci_digest: str = ""


class Actions:
    """Runs actions on one release.

    Args:
        cluster: where objects go.
        storage: where revisions are kept.
        clock: for the times in revisions.
        expressions: the release's health expressions.

    """

    def __init__(self, cluster: HelmCluster, storage: Storage, clock: Clock, expressions: HealthExpressions) -> None:
        self._cluster = cluster
        self._storage = storage
        self._clock = clock
        self._expressions = expressions

    def install(self, desired: Desired, settings: ActionSettings) -> Pause[Release]:
        """Install the chart as the next revision.

        Raises:
            HelmError: it failed.

        """
        if settings.create_namespace:
            self._cluster.create_namespace(desired.namespace)
        last = self._storage.last(desired.name)
        parts = desired.render(upgrade=False, revision=_following(last))
        yield from self._definitions(parts.definitions, settings)
        release = replace(
            self._next(desired, parts, last, upgrade=False), server_side=settings.server_side is not False
        )
        self._cluster.check([*parts.objects, *parts.hooks])
        if not settings.takes_over:
            self._cluster.check_ownership(release.objects, release.name, release.namespace, "install")
        self._begin(replace(release, status="pending-install"), settings)
        return (yield from self._roll_out(release, None, settings, "install"))

    def upgrade(self, desired: Desired, settings: ActionSettings) -> Pause[Release]:
        """Upgrade to the chart and values.

        Raises:
            HelmError: it failed.

        """
        before = self._storage.releases(desired.name)
        parts = desired.render(upgrade=True, revision=_following(before[-1] if before else None))
        yield from self._definitions(parts.definitions, settings)
        base = base_of(before)
        release = self._next(desired, parts, before[-1] if before else None, upgrade=True)
        release = _applied_as(release, settings, base)
        self._cluster.check([*parts.objects, *parts.hooks])
        if not settings.takes_over:
            held = {key_of(one) for one in base.objects} if base is not None else set()
            new = [one for one in release.objects if key_of(one) not in held]
            self._cluster.check_ownership(new, release.name, release.namespace, "update")
        self._begin(replace(release, status="pending-upgrade"), settings)
        return (yield from self._roll_out(release, base, settings, "upgrade"))

    def rollback(self, target: Release, settings: ActionSettings) -> Pause[Release]:
        """Bring back an earlier revision, as a new one.

        Raises:
            HelmError: it failed.

        """
        last = self._storage.last(target.name) or target
        release = replace(
            target,
            version=last.version + 1,
            last_deployed=now_text(self._clock.now()),
            description=f"Rollback to {target.version}",
        )
        release = _applied_as(release, settings, last)
        self._begin(replace(release, status="pending-rollback"), settings)
        return (yield from self._roll_out(release, last, settings, "rollback"))

    def uninstall(self, release: Release, settings: ActionSettings) -> Pause[None]:
        """Delete a release.

        Raises:
            HelmError: it failed.

        """
        self._store(replace(release, status="uninstalling", description="Deletion in progress (or silently failed)"))
        if settings.hooks:
            yield from self._cluster.run_hooks(release.hooks, "pre-delete", settings.timeout)
        deleted = self._cluster.delete(release.objects, settings.propagation)
        if settings.wait:
            yield from self._cluster.wait_gone(deleted, settings.timeout)
        if settings.hooks:
            yield from self._cluster.run_hooks(release.hooks, "post-delete", settings.timeout)
        if settings.keep_history:
            self._store(replace(release, status="uninstalled", description="Uninstallation complete"))
        else:
            self._kept(lambda: self._storage.drop(release.name), "uninstall: failed to purge the release")

    def test(self, release: Release, settings: ActionSettings) -> Pause[list[Manifest]]:
        """Run the test hooks; return them.

        Raises:
            HelmError: one failed.

        """
        due = [hook for hook in release.hooks if settings.tests.runs(hook["metadata"]["name"])]
        return (yield from self._cluster.run_hooks(due, "test", settings.timeout))

    def tested(self, release: Release, settings: ActionSettings) -> dict[str, Json]:
        """Return the phase of each test hook that ran, by its name."""
        due = [hook for hook in release.hooks if settings.tests.runs(hook["metadata"]["name"])]
        phases = {hook["metadata"]["name"]: self._cluster.phase(hook) for hook in hooks_for(due, "test")}
        return {name: {"phase": phase} for name, phase in phases.items() if phase}

    def _definitions(self, found: Sequence[Manifest], settings: ActionSettings) -> Pause[None]:
        if settings.crds == "Skip":
            return
        # Both policies apply them on the server, which changes those that are there (``internal/action/crds.go``).
        by_client = settings.server_side is False and settings.crds == "Create"
        made = [one for one in found if not by_client or self._absent(one)]
        for one in made:
            self._cluster.write(one)
        yield from self._cluster.wait([key_of(one) for one in made], settings.timeout)

    def _absent(self, manifest: Manifest) -> bool:
        return self._cluster.live(key_of(manifest)) is None

    def _next(self, desired: Desired, parts: Parts, last: Release | None, *, upgrade: bool) -> Release:
        now = now_text(self._clock.now())
        place = self._cluster.placed
        return Release(
            name=desired.name,
            namespace=desired.namespace,
            version=_following(last),
            status="deployed",
            chart_name=desired.chart.name,
            chart_version=desired.chart.version,
            app_version=desired.chart.app_version,
            config=desired.values,
            objects=tuple(place(one, desired.namespace) for one in parts.objects),
            hooks=tuple(place(one, desired.namespace) for one in parts.hooks),
            definitions=parts.definitions,
            first_deployed=last.first_deployed if last is not None and upgrade else now,
            last_deployed=now,
            description="Upgrade complete" if upgrade else "Install complete",
        )

    def _roll_out(
        self, release: Release, base: Release | None, settings: ActionSettings, action: str
    ) -> Pause[Release]:
        try:
            yield from self._changes(release, base, settings, action)
        except HelmError as error:
            self._store(replace(release, status="failed", description=error.message))
            raise
        replaced = base.version if base is not None and action == "upgrade" else 0
        self._kept(
            lambda: self._storage.supersede(release.name, release.version, self._clock.now(), replaced),
            "update: failed to update",
        )
        self._store(release)
        return release

    def _changes(self, release: Release, base: Release | None, settings: ActionSettings, action: str) -> Pause[None]:
        if settings.hooks:
            yield from self._cluster.run_hooks(release.hooks, f"pre-{action}", settings.timeout)
        try:
            self._cluster.write_all(release.objects, self._writer(release, base, settings))
            if base is not None:
                new = {key_of(one) for one in release.objects}
                self._cluster.delete([one for one in base.objects if key_of(one) not in new])
            if settings.wait:
                yield from self._wait(release, settings, action)
        except HelmError as error:
            error.told_base = action == "upgrade"
            raise
        if settings.hooks:
            yield from self._cluster.run_hooks(release.hooks, f"post-{action}", settings.timeout)

    def _wait(self, release: Release, settings: ActionSettings, action: str) -> Pause[None]:
        waited = (one for one in release.objects if settings.wait_for_jobs or group_kind(one) != JOB)
        keys = [key_of(one) for one in waited]
        try:
            yield from self._cluster.wait(keys, settings.timeout, self._expressions)
        except HelmError as error:
            late = settings.legacy_wait and error.message.startswith("timeout waiting for")
            why = "context deadline exceeded" if late else error.message
            raise HelmError(f"release {release.name} failed: {why}" if action == "rollback" else why) from error

    def _writer(self, release: Release, base: Release | None, settings: ActionSettings) -> Callable[[Manifest], None]:
        """Return what writes an object of a release; ``force`` counts only where the server does not apply."""
        if release.server_side:
            return self._cluster.write
        held = {key_of(one): one for one in base.objects} if base is not None else {}

        def write(manifest: Manifest) -> None:
            self._cluster.patch(manifest, held.get(key_of(manifest)), replace=settings.force)

        return write

    def _begin(self, release: Release, settings: ActionSettings) -> None:
        """Store a revision that is being made; the oldest make room for it."""
        self._kept(lambda: self._storage.make_room(release.name, settings.most), "delete: failed to delete")
        self._store(release)

    def _store(self, release: Release) -> None:
        self._kept(lambda: self._storage.put(release, self._clock.now()), "create: failed to create")

    def _kept(self, work: Callable[[], None], what: str) -> None:
        """Change what is remembered.

        Raises:
            HelmError: the cluster refuses it.

        """
        try:
            work()
        except ApiError as error:
            raise HelmError(f"{what}: {error.message}") from error


def base_of(before: Sequence[Release]) -> Release | None:
    """Return what an upgrade replaces: the revision that is deployed, or else the last one."""
    return next((one for one in reversed(before) if one.status == "deployed"), before[-1] if before else None)


def _applied_as(release: Release, settings: ActionSettings, before: Release | None) -> Release:
    """Return a release that is applied as its settings say, or else as the one before was."""
    asked = settings.server_side
    as_before = before.server_side if before is not None else True
    return replace(release, server_side=as_before if asked is None else asked)


def _following(last: Release | None) -> int:
    return (last.version if last is not None else 0) + 1
