"""What Helm does to a cluster: writes objects, runs hooks, waits, deletes. Waiting never blocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from nixernetes.cluster.api import Api, ApiError, Propagation
from nixernetes.engine.flux.applying import drift
from nixernetes.engine.flux.applying.apply import Pause
from nixernetes.engine.flux.applying.filing import in_scope
from nixernetes.engine.flux.applying.health import HealthError, wait_healthy
from nixernetes.engine.flux.applying.managed_fields import taken_over
from nixernetes.engine.flux.statuses import status_of
from nixernetes.engine.results import Waiting
from nixernetes.errors import NixernetesError
from nixernetes.health.expressions import NO_EXPRESSIONS, HealthExpressions
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of, split_api_version
from nixernetes.objects.kinds import JOB, POD
from nixernetes.objects.manifest import Manifest, annotations_of
from nixernetes.objects.well_known import HELM_HOOK, HELM_HOOK_DELETE_POLICY, HELM_HOOK_WEIGHT, HELM_RESOURCE_POLICY

__all__ = ["HelmCluster", "HelmError", "hooks_for"]

_MANAGER = "helm-controller"
_JSON_NAMES: Final[dict[type, str]] = {bool: "bool", dict: "object", list: "array"}
_UNBUILT = "unable to build kubernetes objects from release manifest"
_POLL = timedelta(seconds=2)
_WAITED = (JOB, POD)


class HelmError(NixernetesError):
    """A step of a Helm action failed."""


def hooks_for(hooks: Sequence[Manifest], moment: str) -> list[Manifest]:
    """Return the hooks of a moment (``pre-install``, ...), by weight, then name."""
    moments = {moment, "test-success"} if moment == "test" else {moment}
    found = [one for one in hooks if moments & {part.strip() for part in annotations_of(one)[HELM_HOOK].split(",")}]
    return sorted(found, key=lambda one: (_weight(one), one["metadata"]["name"]))


class HelmCluster:
    """A cluster as Helm uses it.

    Args:
        api: the cluster.
        clock: for time limits.

    """

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock

    def create_namespace(self, name: str) -> None:
        """Create the release namespace if it is not there."""
        if self._api.get(ObjectKey("", "Namespace", "", name)) is None:
            manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
            self.write(manifest)

    def placed(self, manifest: Manifest, namespace: str) -> Manifest:
        """Return an object in the release namespace where its kind has one and it names none; else in none."""
        if self._api.is_namespaced(group_kind(manifest)) is False:
            return in_scope(self._api, manifest)
        if key_of(manifest).namespace:
            return manifest
        return {**manifest, "metadata": {**mapping_at(manifest, "metadata"), "namespace": namespace}}

    def write(self, manifest: Manifest, *, force: bool = False) -> None:
        """Apply one object.

        Raises:
            HelmError: the cluster refused it.

        """
        key = key_of(manifest)
        try:
            try:
                self._api.apply(manifest, manager=_MANAGER, force=True)
            except ApiError as error:
                if not force or error.reason not in ("Invalid", "Conflict"):
                    raise
                self._api.delete(key)
                self._api.apply(manifest, manager=_MANAGER, force=True)
        except ApiError as error:
            group, version = split_api_version(manifest["apiVersion"])
            shown = f"{key.namespace}/{key.name}" if key.namespace else key.name
            raise HelmError(
                f"server-side apply failed for object {shown} {group}/{version}, Kind={key.kind}: {error.message}"
            ) from error

    def write_all(self, manifests: Sequence[Manifest], *, force: bool = False) -> None:
        """Apply objects: all of them, whatever becomes of the others (helm.sh/helm/v4, ``pkg/kube/client.go``).

        Raises:
            HelmError: the cluster refused one; of several the first is told.

        """
        refused: list[HelmError] = []
        for manifest in manifests:
            try:
                self.write(manifest, force=force)
            except HelmError as error:
                refused.append(error)
        if refused:
            raise refused[0]

    def check(self, manifests: Sequence[Manifest]) -> None:
        """Build the objects of a release, as Helm does before it stores anything.

        Raises:
            HelmError: a kind that the cluster does not serve, metadata that is no text.

        """
        for manifest in manifests:
            for field in ("labels", "annotations"):
                for text in mapping_at(manifest, "metadata", field).values():
                    if not isinstance(text, str | None):
                        what = _JSON_NAMES.get(type(text), "number")
                        raise HelmError(
                            f'{_UNBUILT}: unable to decode "": json: cannot unmarshal {what} into Go struct field '
                            f"ObjectMeta.metadata.{field} of type string"
                        )
            if not self._api.is_served(manifest):
                meta = mapping_at(manifest, "metadata")
                raise HelmError(
                    f'{_UNBUILT}: resource mapping not found for name: "{meta.get("name", "")}" '
                    f'namespace: "{meta.get("namespace", "")}" from "": no matches for kind "{manifest["kind"]}" '
                    f'in version "{manifest["apiVersion"]}"\nensure CRDs are installed first'
                )

    def drifted(self, manifest: Manifest, ignored: Sequence[tuple[str, ...]] = ()) -> bool:
        """Tell whether an object is not what it should be, ignored fields apart.

        Raises:
            HelmError: the cluster refused it.

        """
        live = self._api.get(key_of(manifest))
        try:
            tried = self._api.apply(manifest, manager=_MANAGER, force=True, dry_run=True)
        except ApiError as error:
            reason = f" ({error.reason})" if error.reason else ""
            raise HelmError(f"{key_of(manifest)} dry-run failed{reason}: {error.message}") from error
        return live is None or drift.drifted(live, tried, ignored)

    def restore(self, manifest: Manifest, ignored: Sequence[tuple[str, ...]]) -> None:
        """Bring an object back to what it should be; what kubectl changed is undone, ignored fields apart.

        Raises:
            HelmError: the cluster refused it.

        """
        live = self._api.get(key_of(manifest))
        if live is not None:
            taken = taken_over(live, _MANAGER)
            if taken is not None:
                self._update(taken)
            manifest = drift.payload(manifest, live, ignored)
        self.write(manifest)

    def _update(self, manifest: Manifest) -> None:
        try:
            self._api.update(manifest, manager=_MANAGER)
        except ApiError as error:
            raise HelmError(f"update failed for object {key_of(manifest)}: {error.message}") from error

    def live(self, key: ObjectKey) -> Manifest | None:
        """Return a live object, or None."""
        return self._api.get(key)

    def wait(
        self, keys: Sequence[ObjectKey], timeout: timedelta, expressions: HealthExpressions = NO_EXPRESSIONS
    ) -> Pause[None]:
        """Wait until objects are current.

        Raises:
            HelmError: one failed, or the timeout passed.

        """
        try:
            yield from wait_healthy(self._api, self._clock, keys, expressions, timeout)
        except HealthError as error:
            raise HelmError(error.fact) from error

    def delete(self, objects: Sequence[Manifest], propagation: Propagation = Propagation.BACKGROUND) -> list[ObjectKey]:
        """Delete objects, last one first, but those that are to be kept; return what was deleted.

        Raises:
            HelmError: the cluster refused.

        """
        deleted = list[ObjectKey]()
        for one in reversed(objects):
            key = key_of(one)
            if annotations_of(one).get(HELM_RESOURCE_POLICY) == "keep" or self._api.get(key) is None:
                continue
            try:
                self._api.delete(key, propagation=propagation)
            except ApiError as error:
                raise HelmError(f"failed to delete {key}: {error.message}") from error
            deleted.append(key)
        return deleted

    def wait_gone(self, keys: Sequence[ObjectKey], timeout: timedelta) -> Pause[None]:
        """Wait until objects are gone.

        Raises:
            HelmError: the timeout passed.

        """
        limit = self._clock.now() + timeout
        while left := [key for key in keys if self._api.get(key) is not None]:
            if self._clock.now() >= limit:
                raise HelmError(f"timed out waiting for deletion of {', '.join(map(str, left))}")
            yield Waiting(_POLL, f"deletion of {left[0]}")

    def run_hooks(self, hooks: Sequence[Manifest], moment: str, timeout: timedelta) -> Pause[list[Manifest]]:
        """Run the hooks of a moment one after the other; return them.

        Raises:
            HelmError: one failed.

        """
        due = hooks_for(hooks, moment)
        for hook in due:
            if "before-hook-creation" in _policies(hook):
                yield from self.wait_gone(self.delete([hook]), timeout)
            self.write(hook)
            try:
                yield from self._wait_hook(hook, timeout)
            except HelmError as error:
                if "hook-failed" in _policies(hook):
                    self.delete([hook])
                text = error.message if moment == "test" else f"failed {moment}: {error.message}"
                raise HelmError(text) from error
        for hook in due:
            if "hook-succeeded" in _policies(hook):
                self.delete([hook])
        return due

    def phase(self, hook: Manifest) -> str:
        """Return what became of a hook: ``Succeeded``, ``Failed``, or ``""`` while nobody knows."""
        return _hook_phase(self._api.get(key_of(hook)))

    def _wait_hook(self, hook: Manifest, timeout: timedelta) -> Pause[None]:
        key, limit = key_of(hook), self._clock.now() + timeout
        if group_kind(hook) not in _WAITED:
            return
        while True:
            phase = _hook_phase(self._api.get(key))
            if phase == "Succeeded":
                return
            if phase == "Failed":
                raise HelmError(f"failed early due to stalled resources: [{key} status: 'Failed']")
            if self._clock.now() >= limit:
                raise HelmError(f"timeout waiting for: [{key} status: 'InProgress']")
            yield Waiting(_POLL, f"hook {key}")


def _hook_phase(live: Manifest | None) -> str:
    if live is None:
        return ""
    if live["kind"] == "Pod":
        return str(status_of(live).get("phase") or "")
    words = {one["type"] for one in status_of(live).get("conditions") or [] if one["status"] == "True"}
    return "Succeeded" if "Complete" in words else "Failed" if "Failed" in words else ""


def _policies(hook: Manifest) -> list[str]:
    text = annotations_of(hook).get(HELM_HOOK_DELETE_POLICY) or "before-hook-creation"
    return [part.strip() for part in text.split(",")]


def _weight(hook: Manifest) -> int:
    try:
        return int(annotations_of(hook).get(HELM_HOOK_WEIGHT) or 0)
    except ValueError:
        return 0
