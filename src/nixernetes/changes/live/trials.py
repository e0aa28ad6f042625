"""What a write would make of an object: asked of the server, which stores nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from nixernetes.changes.live.taken_fields import without_taken
from nixernetes.changes.live.three_way import last_applied, three_way
from nixernetes.changes.live.writes import DeliveryWrite, Way
from nixernetes.cluster.api import ApiError
from nixernetes.engine.argocd.appsets.controller import updated_application
from nixernetes.engine.argocd.comparison import diff
from nixernetes.engine.argocd.comparison.unkept import without_nulls
from nixernetes.engine.flux.applying import controls, drift
from nixernetes.errors import NixernetesError
from nixernetes.gitops.decoding import decoded_as
from nixernetes.gitops.flux.kustomization import Kustomization
from nixernetes.languages.jq import Jq
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.kinds import APPLICATION, KUSTOMIZATION, RESOURCE_SET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.schema import Field
from nixernetes.render.deliveries import Delivery
from nixernetes.verify.objects import Placed

__all__ = ["DryRun", "Trying", "compared", "is_invalid", "tried"]

_TAKING: Final = (KUSTOMIZATION, RESOURCE_SET)


class Trying(Protocol):
    """A server that tries writes."""

    def apply(self, manifest: Manifest, *, manager: str, force: bool = False, dry_run: bool = False) -> Manifest:
        """Server-side apply."""
        ...

    def create(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        """Create."""
        ...

    def update(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        """Replace."""
        ...

    def patch(self, manifest: Manifest, patch: Json, *, media: str, manager: str, dry_run: bool = False) -> Manifest:
        """Patch."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """How a try went.

    Attributes:
        before: what counts of the object as it is; empty where it is not there.
        after: what counts of it as it would be; empty where that is not known.
        error: why it is not known, or None.

    """

    before: Manifest
    after: Manifest
    error: NixernetesError | None = None


def tried(api: Trying, write: DeliveryWrite, live: Manifest | None, owner: Delivery, root: Field | None) -> Manifest:
    """Return what a write would make of an object.

    Args:
        api: the server.
        write: the write.
        live: the object; None where it is not there.
        owner: the delivery that writes.
        root: the type of the object, where its kind is defined on the cluster.

    Raises:
        ApiError: the server refuses the write.
        RemoteError: it did not answer.

    """
    manifest, manager = write.manifest, write.manager
    if write.way is Way.SERVER:
        found = api.apply(manifest, manager=manager, force=True, dry_run=True)
        if live is None or owner.key.group_kind not in _TAKING or controls.keeps_foreign_fields(manifest):
            return found
        left = without_taken(live, manifest, found, manager, root)
        return found if left is found else api.update(_sent(left, live), manager=manager, dry_run=True)
    if live is None:
        return api.create(without_nulls(manifest), manager=manager, dry_run=True)
    if write.way is Way.REPLACE:
        return api.update(_sent(manifest, live), manager=manager, dry_run=True)
    if write.way is Way.SPEC:
        preserved = mapping_at(owner.manifest, "spec", "preservedFields")
        return api.update(updated_application(live, manifest, preserved), manager=manager, dry_run=True)
    media, patch = three_way(last_applied(live) or {}, without_nulls(manifest))
    return api.patch(manifest, patch, media=media, manager=manager, dry_run=True)


def compared(
    item: Placed, owner: Delivery, states: tuple[Manifest | None, Manifest], rules: Sequence[Json], jq: Jq | None
) -> tuple[Manifest, Manifest]:
    """Return what counts of an object as it is and as it would be: without what its delivery leaves alone.

    Args:
        item: the object.
        owner: its delivery.
        states: the object on the cluster, None where it is not there, and what a try gave.
        rules: what Argo CD leaves alone on the whole cluster.
        jq: evaluates ``jqPathExpressions``.

    Raises:
        InputError: what is to be left alone is malformed.

    """
    live, found = states
    if owner.key.group_kind == APPLICATION:
        own = [*rules, *items_at(owner.manifest, "spec", "ignoreDifferences")]
        chosen = diff.rules_for((each for each in own if isinstance(each, dict)), item.key)
        before = {} if live is None else diff.normalise(live, chosen, live, jq)
        return before, diff.normalise(found, chosen, live, jq)
    paths = _ignored(item, owner)
    if live is not None and () in paths:
        return diff.normalise(live), diff.normalise(live)
    before = {} if live is None else drift.without(diff.normalise(live), paths)
    return before, drift.without(diff.normalise(found), paths)


def _ignored(item: Placed, owner: Delivery) -> tuple[tuple[str, ...], ...]:
    if owner.key.group_kind != KUSTOMIZATION:
        return ()
    spec = decoded_as(Kustomization, owner.manifest).resource
    return () if spec is None else drift.pointers(spec.ignore or (), item.manifest)


def _sent(manifest: Manifest, live: Manifest) -> Manifest:
    """Return what replaces an object: its own version, so that another write in between is noticed."""
    meta = {name: value for name, value in mapping_at(manifest, "metadata").items() if name != "managedFields"}
    return {**manifest, "metadata": {**meta, "resourceVersion": text_at(live, "metadata", "resourceVersion")}}


def is_invalid(error: NixernetesError | None) -> bool:
    """Tell whether a server refuses a change as invalid: then a write by force makes the object anew."""
    return isinstance(error, ApiError) and error.reason == "Invalid"
