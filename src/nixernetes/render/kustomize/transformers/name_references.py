"""Name references: a resource that was renamed is renamed wherever others refer to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

from nixernetes.languages.kyaml.nodes import is_null, text_of
from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.configuration import NameReference
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.resources.ids import NOT_A_NAMESPACE, Gvk
from nixernetes.render.kustomize.resources.resmap import ResMap
from nixernetes.render.kustomize.resources.resource import BuildResource
from nixernetes.render.kustomize.transformers.field_specs import FieldSpec, split_path, visit

__all__ = ["fix"]


def fix(resources: ResMap, references: tuple[NameReference, ...]) -> None:
    """Rewrite the names in all known places.

    Raises:
        KustomizeError: several resources could be meant.

    """
    everything = _Candidates(resources.resources)
    rows = _rows(references)
    for referrer in resources.resources:
        namespaces = _binding_namespaces(referrer)
        original = referrer.original_id.gvk
        for target, spec in _for_kind(rows, original.kind):
            if spec.gvk.selects(original) and everything:
                _Fixer(referrer, target, spec, everything, namespaces).run()


@lru_cache(maxsize=64)
def _rows(references: tuple[NameReference, ...]) -> dict[str, tuple[tuple[Gvk, FieldSpec], ...]]:
    """Group the places by the kind of the referrer; those of any kind stand in every group."""
    pairs = [(reference.target, spec) for reference in references for spec in reference.referrers]
    kinds = {spec.gvk.kind for _, spec in pairs} | {""}
    return {kind: tuple(pair for pair in pairs if pair[1].gvk.kind in ("", kind)) for kind in kinds}


def _for_kind(rows: dict[str, tuple[tuple[Gvk, FieldSpec], ...]], kind: str) -> Iterable[tuple[Gvk, FieldSpec]]:
    return rows.get(kind, rows[""])


class _Candidates:
    """The resources that had other names or namespaces, by each name that they had."""

    def __init__(self, resources: list[BuildResource]) -> None:
        self.everything = resources
        self._by_name: dict[str, list[BuildResource]] = defaultdict(list)
        for resource in resources:
            for name in dict.fromkeys(name for _, name, _ in resource.previous):
                self._by_name[name].append(resource)

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def named(self, name: str) -> list[BuildResource]:
        return self._by_name.get(name, [])


def _binding_namespaces(referrer: BuildResource) -> frozenset[str]:
    """Return the namespaces of the service accounts that a RoleBinding names."""
    if referrer.kind != "RoleBinding":
        return frozenset()
    found: set[str] = set()
    subjects = referrer.manifest.get("subjects")
    for subject in subjects if isinstance(subjects, list) else []:
        if isinstance(subject, dict) and "namespace" in subject and subject.get("kind") == "ServiceAccount":
            if not isinstance(subject["namespace"], str):
                raise KustomizeError(
                    f'Invalid Input: namespace is blank for resource "{referrer.current_id}"',
                    subject=str(referrer.current_id),
                    place=str(referrer.source),
                )
            found.add(subject["namespace"])
    return frozenset(found)


class _Fixer:
    """Rewrites one place of one referrer."""

    def __init__(
        self,
        referrer: BuildResource,
        target: Gvk,
        spec: FieldSpec,
        candidates: _Candidates,
        namespaces: frozenset[str],
    ) -> None:
        self._referrer = referrer
        self._target = target
        self._path = spec.path
        self._candidates = candidates
        self._namespaces = namespaces

    def run(self) -> None:
        referrer = self._referrer
        try:
            referrer.manifest = visit(referrer.manifest, split_path(self._path), self._set, "")
        except KustomizeError as error:
            raise KustomizeError(
                f"updating name reference in '{self._path}' field of '{referrer.current_id}': {error.message}",
                subject=str(referrer.current_id),
                place=str(referrer.source),
            ) from error

    def _set(self, node: Json) -> Json:
        if is_null(node):
            return node
        if isinstance(node, list):
            items = [self._set_item(item) for item in node]
            return items if any(new is not old for new, old in zip(items, node, strict=True)) else node
        return self._set_item(node)

    def _set_item(self, node: Json) -> Json:
        if is_null(node):
            return node
        return self._set_mapping(node) if isinstance(node, dict) else self._set_scalar(node)

    def _set_scalar(self, node: Json) -> Json:
        old = text_of(node)
        found = self._referral(old, self._possible(old), lambda each: each.name)
        return node if found is None or found.name == old else found.name

    def _set_mapping(self, node: dict[str, Json]) -> Json:
        if "name" not in node:
            raise KustomizeError("path config error; no 'name' field in node")
        old = text_of(node["name"])
        possible = self._possible(old)
        if "namespace" in node:
            possible = self._in_namespace(possible, text_of(node["namespace"]))
        found = self._referral(old, possible, lambda each: (each.name, each.namespace))
        if found is None or (found.name == old and not found.namespace):
            return node
        fresh = {**node, "name": found.name}
        if found.namespace:
            fresh["namespace"] = found.namespace
        return fresh

    def _possible(self, name: str) -> list[BuildResource]:
        """Return the resources that had the name and that this referrer could see at all."""
        return self._seen(self._candidates.named(name))

    def _seen(self, candidates: list[BuildResource]) -> list[BuildResource]:
        referrer = self._referrer.current_id
        if not candidates or referrer.cluster_scoped:
            return candidates
        return [
            each
            for each in candidates
            if each.current_id.cluster_scoped
            or each.current_id.effective_namespace == referrer.effective_namespace
            or each.namespace in self._namespaces
        ]

    def _in_namespace(self, candidates: list[BuildResource], namespace: str) -> list[BuildResource]:
        """Keep those that began in a namespace; where nothing at all began in it, those that are in it now."""
        if namespace == NOT_A_NAMESPACE or not candidates:
            return []
        began = _began_in(candidates, namespace)
        if began or _began_in(self._seen(self._candidates.everything), namespace):
            return began
        return [each for each in candidates if each.current_id.effective_namespace == namespace]

    def _referral(
        self, old: str, candidates: list[BuildResource], identity: Callable[[BuildResource], object]
    ) -> BuildResource | None:
        if not candidates:
            return None
        candidates = [each for each in candidates if _was(each, self._target)]
        role = self._role()
        if role is not None:
            candidates = [each for each in candidates if _was(each, role)]
        candidates = [each for each in candidates if self._is_visible(each)]
        if len(candidates) == 1:
            return candidates[0]
        candidates = [each for each in candidates if _same_affixes(each, self._referrer, lenient=True)]
        if len(candidates) > 1:
            candidates = [each for each in candidates if _same_affixes(each, self._referrer, lenient=False)]
        if not candidates:
            return None
        if len({identity(each) for each in candidates}) == 1:
            return candidates[0]
        ids = ", ".join(str(each.current_id) for each in candidates)
        raise KustomizeError(f"found multiple possible referrals: {ids}", subject=old)

    def _role(self) -> Gvk | None:
        """Return the kind that a ``roleRef`` demands."""
        if not self._path.endswith("roleRef/name"):
            return None
        reference = self._referrer.manifest.get("roleRef")
        if not isinstance(reference, dict) or is_null(reference.get("apiGroup")) or is_null(reference.get("kind")):
            return None
        return Gvk(text_of(reference["apiGroup"]), kind=text_of(reference["kind"]))

    def _is_visible(self, each: BuildResource) -> bool:
        referrer, found = self._referrer.current_id, each.current_id
        return (
            referrer.cluster_scoped
            or found.cluster_scoped
            or each.kind == "ServiceAccount"
            or referrer.effective_namespace == found.effective_namespace
        )


def _began_in(resources: list[BuildResource], namespace: str) -> list[BuildResource]:
    return [each for each in resources if each.original_id.effective_namespace == namespace]


def _was(resource: BuildResource, selector: Gvk) -> bool:
    return any(selector.selects(each.gvk) for each in resource.previous_ids)


def _same_affixes(one: BuildResource, other: BuildResource, *, lenient: bool) -> bool:
    return _same_ending(one.prefixes, other.prefixes, lenient=lenient) and _same_ending(
        one.suffixes, other.suffixes, lenient=lenient
    )


def _same_ending(one: list[str], other: list[str], *, lenient: bool) -> bool:
    """Tell whether the shorter list is the end of the longer; an empty one fits anything when lenient."""
    if not (one and other):
        return lenient or not (one or other)
    length = min(len(one), len(other))
    return one[len(one) - length :] == other[len(other) - length :]
