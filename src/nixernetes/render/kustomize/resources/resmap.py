"""The resources of a build in their order, and the rules by which identities may not collide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from nixernetes.languages.kyaml.nodes import MISSING, is_null, settled, text_of
from nixernetes.languages.kyaml.strategic_merge import merge
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.ids import ResId
from nixernetes.render.kustomize.resources.resource import BuildResource, with_meta

__all__ = ["ResMap", "apply_patch"]


class ResMap:
    """An ordered set of resources, unique by their present identity."""

    def __init__(self, resources: Iterable[BuildResource] = ()) -> None:
        self._rows: list[BuildResource] = []
        self._taken: set[object] | None = None
        self.append_all(resources)

    @property
    def resources(self) -> list[BuildResource]:
        """The resources in order; whoever takes them may change them."""
        self._taken = None
        return self._rows

    @resources.setter
    def resources(self, rows: list[BuildResource]) -> None:
        self._taken = None
        self._rows = rows

    def append_all(self, resources: Iterable[BuildResource]) -> None:
        """Append resources.

        Raises:
            KustomizeError: an identity that is taken.

        """
        # Kept from one call to the next, so that a thousand files cost no more than one of a thousand documents.
        taken: set[object] = self._taken if self._taken is not None else {each.current_id.key for each in self._rows}
        for resource in resources:
            found = resource.current_id
            if found.key in taken:
                raise KustomizeError(
                    f"may not add resource with an already registered id: {found}",
                    subject=str(found),
                    place=str(resource.source),
                )
            taken.add(found.key)
            self._rows.append(resource)
        self._taken = taken

    def absorb_all(self, resources: Iterable[BuildResource]) -> None:
        """Take generated resources in: created, merged into or put in place of what is there.

        Raises:
            KustomizeError: the behaviour that a generator asked for does not fit what is there.

        """
        for resource in resources:
            wanted = resource.current_id
            matches = self.having(wanted)
            if not matches:
                if resource.behavior in ("merge", "replace"):
                    raise KustomizeError(f"id {wanted} does not exist; cannot merge or replace", subject=str(wanted))
                self.append_all([resource])
            elif len(matches) > 1:
                raise KustomizeError(f"found multiple objects that could accept merge of {wanted}")
            else:
                self._absorb(resource, matches[0], wanted)

    def _absorb(self, fresh: BuildResource, old: BuildResource, wanted: ResId) -> None:
        if fresh.behavior not in ("merge", "replace"):
            raise KustomizeError(
                f"id {wanted} exists; can not use behavior: '{fresh.behavior}', behavior must be merge or replace",
                subject=str(wanted),
            )
        position = self.resources.index(old)
        data = {field: fresh.manifest.get(field) for field in ("data", "binaryData")}
        _take_metadata(fresh, old)
        if fresh.behavior == "merge":
            for field, mine in data.items():
                theirs = old.manifest.get(field)
                merged = {**_texts(theirs), **_texts(mine)}
                if merged:
                    fresh.manifest = {**fresh.manifest, field: merged}
            fresh.begun = old.begun or fresh.begun
            fresh.source = old.source if old.source.file else fresh.source
        self.resources[position] = fresh

    def matching(self, matches: Callable[[ResId], bool]) -> list[BuildResource]:
        """Return the resources of which some identity, past or present, matches."""
        return [resource for resource in self.resources if resource.manifest and any(map(matches, resource.ids))]

    def having(self, wanted: ResId) -> list[BuildResource]:
        """Return the resources that have or had an identity."""
        key = wanted.key
        return self.matching(lambda found: found.key == key)

    def one(self, wanted: ResId) -> BuildResource:
        """Return the one resource that has or had an identity.

        Raises:
            KustomizeError: none or several.

        """
        found = self.having(wanted)
        if len(found) == 1:
            return found[0]
        amount = "multiple" if found else "no"
        raise KustomizeError(
            f"{amount} matches for Id {wanted}; failed to find unique target for patch {wanted}", subject=str(wanted)
        )

    def counted(self) -> Counter[tuple[object, str, str]]:
        """Return how many resources have each present identity."""
        return Counter(resource.current_id.key for resource in self.resources)

    def drop_empties(self) -> None:
        """Forget resources that a patch deleted."""
        self.resources = [resource for resource in self.resources if resource.manifest]

    def patch(self, selected: list[BuildResource], patch: BuildResource) -> None:
        """Apply one strategic merge patch to the selected resources; what it deletes is gone.

        Raises:
            KustomizeError: the patch does not fit, or makes two resources one.

        """
        chosen = {id(resource) for resource in selected}
        kept: list[BuildResource] = []
        for resource in self.resources:
            if id(resource) in chosen:
                adapted = patch.copy()
                _take_metadata(adapted, patch)
                adapted.manifest = {
                    **adapted.manifest,
                    "apiVersion": resource.manifest.get("apiVersion"),
                    "kind": patch.manifest.get("kind"),
                }
                apply_patch(resource, adapted)
            if resource.manifest:
                kept.append(resource)
        self.resources = []
        self.append_all(kept)


def apply_patch(target: BuildResource, patch: BuildResource) -> None:
    """Apply a strategic merge patch; a deleted target is left with an empty manifest.

    Raises:
        KustomizeError: the patch does not fit.

    """
    name, namespace, kind = target.name, target.namespace, target.kind
    if patch.allow_name_change or patch.allow_kind_change:
        target.remember()
    merged = merge(target.marked, patch.manifest, target.schemas)
    if not merged:
        target.manifest = {}
        return
    target.put(merged)
    merged = target.manifest
    if not patch.allow_kind_change:
        merged = {**merged, "kind": kind}
    if not patch.allow_name_change:
        merged = with_meta(merged, "name", name)
    target.manifest = with_meta(merged, "namespace", namespace or MISSING)


def _take_metadata(fresh: BuildResource, old: BuildResource) -> None:
    """Give a resource the metadata of another: labels and annotations merged, name and namespace taken over."""
    manifest = settled(fresh.manifest, "labels", {**old.labels, **fresh.labels})
    manifest = settled(manifest, "annotations", {**old.annotations, **fresh.annotations})
    manifest = with_meta(manifest, "name", old.name)
    fresh.manifest = with_meta(manifest, "namespace", old.namespace or MISSING)
    fresh.previous = list(old.previous)
    fresh.prefixes = list(old.prefixes)
    fresh.suffixes = list(old.suffixes)
    fresh.variables = list(old.variables)
    fresh.needs_hash = fresh.needs_hash and old.needs_hash
    fresh.transformations = fresh.transformations or list(old.transformations)


def _texts(value: Json) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: "" if is_null(item) else text_of(item) for key, item in value.items()}
