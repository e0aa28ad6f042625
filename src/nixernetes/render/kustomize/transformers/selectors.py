"""Selecting resources: anchored regular expressions on identities, label and annotation selectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.languages.labels import selectors as label_selectors
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import ResourceSelector
from nixernetes.render.kustomize.resources.ids import Gvk, ResId
from nixernetes.render.kustomize.resources.resource import BuildResource
from nixernetes.render.kustomize.transformers.patterns import KustomizePattern, compile_pattern

__all__ = ["IdentityPattern", "matches_labels", "select"]


@dataclass(frozen=True, slots=True)
class IdentityPattern:
    """The identity part of a selector: anchored expressions, where an empty one matches anything.

    As ``SelectorRegex`` of kustomize api v0.21.1 (``types/selector.go``).
    """

    kind: tuple[KustomizePattern | None, ...]
    name: KustomizePattern | None
    namespace: KustomizePattern | None

    @classmethod
    def of(cls, selector: ResourceSelector) -> IdentityPattern:
        """Compile a selector.

        Raises:
            KustomizeError: a broken expression.

        """
        parts = (selector.group, selector.version, selector.kind)
        return cls(tuple(map(_anchored, parts)), _anchored(selector.name), _anchored(selector.namespace))

    def matches_kind(self, gvk: Gvk) -> bool:
        """Tell whether group, version and kind match."""
        return all(part is None or part.matches(text) for part, text in zip(self.kind, gvk, strict=True))

    def matches(self, identity: ResId) -> bool:
        """Tell whether all of an identity matches; its namespace as it is written, which may be empty."""
        return (
            self.matches_kind(identity.gvk)
            and (self.name is None or self.name.matches(identity.name))
            and (self.namespace is None or self.namespace.matches(identity.namespace))
        )


def select(resources: list[BuildResource], selector: ResourceSelector) -> list[BuildResource]:
    """Return the resources that a selector selects, by their original or present name and namespace.

    Raises:
        KustomizeError: a broken expression or label selector.

    """
    pattern = IdentityPattern.of(selector)
    return [
        resource
        for resource in resources
        if _is_named(resource, pattern.name, pattern.namespace)
        and pattern.matches_kind(resource.gvk)
        and matches_labels(selector.label_selector, resource.labels)
        and matches_labels(selector.annotation_selector, resource.annotations)
    ]


def _is_named(resource: BuildResource, name: KustomizePattern | None, namespace: KustomizePattern | None) -> bool:
    if name is None and namespace is None:
        return True
    ids = (resource.original_id, resource.current_id)
    return (namespace is None or any(namespace.matches(each.effective_namespace) for each in ids)) and (
        name is None or any(name.matches(each.name) for each in ids)
    )


def _anchored(text: str) -> KustomizePattern | None:
    return compile_pattern(f"^(?:{text})$") if text else None


def matches_labels(selector: str, labels: Mapping[str, str]) -> bool:
    """Tell whether labels satisfy a selector as ``kubectl -l`` takes it; the empty one matches all.

    Raises:
        KustomizeError: the selector cannot be parsed.

    """
    try:
        return label_selectors.matches(selector, labels)
    except InputError as error:
        raise KustomizeError(error.message) from error
