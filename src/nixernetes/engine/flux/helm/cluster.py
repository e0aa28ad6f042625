"""What Helm does to a cluster: writes objects, runs hooks, waits, deletes. Waiting never blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from nixernetes.cluster.api import Api, ApiError, Propagation
from nixernetes.engine.flux.applying.apply import Pause
from nixernetes.engine.flux.applying.drift import without
from nixernetes.engine.flux.applying.filing import in_scope
from nixernetes.engine.flux.applying.health import HealthError, wait_healthy
from nixernetes.engine.flux.helm.cluster_changes import (
    JsonChange,
    changed_by,
    client_patch,
    cluster_changes,
)
from nixernetes.engine.flux.statuses import status_of
from nixernetes.engine.results import Waiting
from nixernetes.errors import NixernetesError
from nixernetes.health.expressions import NO_EXPRESSIONS, HealthExpressions
from nixernetes.languages.merges import merge_patched
from nixernetes.objects.clocks import Clock
from nixernetes.objects.fields import mapping_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of, split_api_version
from nixernetes.objects.kinds import JOB, POD
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of
from nixernetes.objects.well_known import (
    APP_MANAGED_BY,
    HELM_HOOK,
    HELM_HOOK_DELETE_POLICY,
    HELM_HOOK_WEIGHT,
    HELM_RELEASE_NAME,
    HELM_RELEASE_NAMESPACE,
    HELM_RESOURCE_POLICY,
)

__all__ = ["HelmCluster", "HelmError", "hooks_for"]

_MANAGER = "helm-controller"
_JSON_NAMES: Final[dict[type, str]] = {bool: "bool", dict: "object", list: "array"}
_UNBUILT = "unable to build kubernetes objects from release manifest"
_POLL = timedelta(seconds=2)
_WAITED = (JOB, POD)


class HelmError(NixernetesError):
    """A step of a Helm action failed.

    Attributes:
        told_base: whether Helm wrote the release before anew when it failed.

    """

    told_base = False


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
            manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"name": name}}}
            self.write(manifest)

    def placed(self, manifest: Manifest, namespace: str) -> Manifest:
        """Return an object in the release namespace where its kind has one and it names none; else in none."""
        if self._api.is_namespaced(group_kind(manifest)) is False:
            return in_scope(self._api, manifest)
        if key_of(manifest).namespace:
            return manifest
        return {**manifest, "metadata": {**mapping_at(manifest, "metadata"), "namespace": namespace}}

    def write(self, manifest: Manifest) -> None:
        """Apply one object.

        Raises:
            HelmError: the cluster refused it.

        """
        key = key_of(manifest)
        try:
            self._api.apply(manifest, manager=_MANAGER, force=True)
        except ApiError as error:
            group, version = split_api_version(manifest["apiVersion"])
            shown = f"{key.namespace}/{key.name}" if key.namespace else key.name
            raise HelmError(
                f"server-side apply failed for object {shown} {group}/{version}, Kind={key.kind}: {error.message}"
            ) from error

    def patch(self, manifest: Manifest, before: Manifest | None, *, replace: bool) -> None:
        """Create one object, or change it as a client does: without the server's apply.

        Args:
            manifest: the object.
            before: how the release before had it: what it holds and the object holds no more goes.
            replace: whether the object is replaced as a whole.

        Raises:
            HelmError: the cluster refused it.

        """
        key = key_of(manifest)
        live = self._api.get(key)
        try:
            if live is None:
                self._api.create(manifest, manager=_MANAGER)
            elif replace:
                self._api.update(manifest, manager=_MANAGER)
            else:
                self._api.update(merge_patched(live, client_patch(before or manifest, manifest)), manager=_MANAGER)
        except ApiError as error:
            head = f'cannot patch "{key.name}" with kind {key.kind}'
            head = "failed to create resource" if live is None else "failed to replace object" if replace else head
            raise HelmError(f"{head}: {error.message}") from error

    def write_all(self, manifests: Sequence[Manifest], write: Callable[[Manifest], None]) -> None:
        """Write objects: all of them, whatever becomes of the others (helm.sh/helm/v4, ``pkg/kube/client.go``).

        Args:
            manifests: the objects.
            write: writes one of them.

        Raises:
            HelmError: the cluster refused one; of several the first is told.

        """
        refused: list[HelmError] = []
        for manifest in manifests:
            try:
                write(manifest)
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

    def check_ownership(self, manifests: Sequence[Manifest], release: str, namespace: str, doing: str) -> None:
        """Refuse to take over objects that are there and are not the release's (helm.sh/helm/v4, ``validate.go``).

        Raises:
            HelmError: one is there that is not marked as the release's.

        """
        for manifest in manifests:
            key = key_of(manifest)
            live = self._api.get(key)
            wrong = [] if live is None else list(_not_owned(live, release, namespace))
            if wrong:
                place = f' in namespace "{key.namespace}"' if key.namespace else ' in namespace ""'
                raise HelmError(
                    f'unable to continue with {doing}: {key.kind} "{key.name}"{place} exists and cannot be imported '
                    f"into the current release: invalid ownership metadata; {'; '.join(wrong)}"
                )

    def drift(self, manifest: Manifest, ignored: Sequence[tuple[str, ...]] = ()) -> Sequence[JsonChange]:
        """Return what an apply would change of an object that is there, ignored fields apart.

        Raises:
            HelmError: the cluster refused it.

        """
        live = self._api.get(key_of(manifest))
        try:
            tried = self._api.apply(manifest, manager=_MANAGER, force=True, dry_run=True)
        except ApiError as error:
            reason = f" ({error.reason})" if error.reason else ""
            raise HelmError(f"{key_of(manifest)} dry-run failed{reason}: {error.message}") from error
        return cluster_changes(without(live or {}, ignored), without(tried, ignored))

    def restore(self, manifest: Manifest, changes: Sequence[JsonChange]) -> None:
        """Make an object that is gone anew, or bring its fields back one by one.

        Raises:
            HelmError: the cluster refused it.

        """
        live = self._api.get(key_of(manifest))
        try:
            if live is None:
                self._api.create(manifest, manager=_MANAGER)
            else:
                self._api.update(changed_by(live, changes), manager=_MANAGER)
        except ApiError as error:
            verb = "creation" if live is None else "patch"
            raise HelmError(f"{key_of(manifest)} {verb} failure: {error.message}") from error

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
                raise HelmError(_hook_words(moment, error.message)) from error
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


def _hook_words(moment: str, why: str) -> str:
    """Return what Helm says of a hook that failed (``pkg/action`` of helm.sh/helm/v4 v4.2.4)."""
    if moment.endswith("-install"):
        return f"failed {moment}: {why}"
    return f"{moment} hooks failed: {why}" if moment.endswith("-upgrade") else why


def _not_owned(live: Manifest, release: str, namespace: str) -> Iterator[str]:
    wanted = (
        ("label", labels_of(live), {APP_MANAGED_BY: "Helm"}),
        (
            "annotation",
            annotations_of(live),
            {HELM_RELEASE_NAME: release, HELM_RELEASE_NAMESPACE: namespace},
        ),
    )
    for what, held, pairs in wanted:
        for name, text in pairs.items():
            if name not in held:
                yield f'{what} validation error: missing key "{name}": must be set to "{text}"'
            elif held[name] != text:
                yield f'{what} validation error: key "{name}" must equal "{text}": current value is "{held[name]}"'


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
