"""Selecting resources: anchored regular expressions on identities, label and annotation selectors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.kustomization import ResourceSelector
from nixernetes.render.kustomize.resources.resource import BuildResource
from nixernetes.render.kustomize.transformers.patterns import Pattern, compile_pattern

__all__ = ["matches_labels", "select"]


def select(resources: list[BuildResource], selector: ResourceSelector) -> list[BuildResource]:
    """Return the resources that a selector selects, by their original or present name and namespace.

    Raises:
        KustomizeError: a broken expression or label selector.

    """
    parts = [_anchored(text) for text in (selector.group, selector.version, selector.kind)]
    name, namespace = _anchored(selector.name), _anchored(selector.namespace)
    return [
        resource
        for resource in resources
        if _is_named(resource, name, namespace)
        and all(part is None or part.matches(text) for part, text in zip(parts, resource.gvk, strict=True))
        and matches_labels(selector.label_selector, resource.labels)
        and matches_labels(selector.annotation_selector, resource.annotations)
    ]


def _is_named(resource: BuildResource, name: Pattern | None, namespace: Pattern | None) -> bool:
    if name is None and namespace is None:
        return True
    ids = (resource.original_id, resource.current_id)
    return (namespace is None or any(namespace.matches(each.effective_namespace) for each in ids)) and (
        name is None or any(name.matches(each.name) for each in ids)
    )


def _anchored(text: str) -> Pattern | None:
    return compile_pattern(f"^(?:{text})$") if text else None


_MAX_SELECTOR = 4096  # characters; a key and a value have 380 at most
_SET = re.compile(r"\s*([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)\s*\Z")
_EQUALITY = re.compile(r"\s*([^\s!=,()<>]+)\s*(==|=|!=|>|<)\s*([^\s!=,()<>]*)\s*\Z")
_EXISTS = re.compile(r"\s*(!?)\s*([^\s!=,()]+)\s*\Z")
_COMMA = re.compile(r",(?![^()]*\))")


@lru_cache(maxsize=1024)
def _requirements(selector: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    if len(selector) > _MAX_SELECTOR:
        raise KustomizeError(f"a selector of {len(selector):,} characters is too long: at most {_MAX_SELECTOR:,}")
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for text in _COMMA.split(selector):
        if match := _SET.match(text):
            values = tuple(value.strip() for value in match[3].split(","))
            found.append((match[1], match[2], values))
        elif match := _EQUALITY.match(text):
            found.append((match[1], match[2].replace("==", "="), (match[3],)))
        elif match := _EXISTS.match(text):
            found.append((match[2], match[1] or "exists", ()))
        else:
            raise KustomizeError(f"unable to parse requirement: {text.strip()!r} in selector {selector!r}")
    return tuple(found)


def matches_labels(selector: str, labels: Mapping[str, str]) -> bool:
    """Tell whether labels satisfy a selector as ``kubectl -l`` takes it; the empty one matches all.

    Raises:
        KustomizeError: the selector cannot be parsed.

    """
    if not selector.strip():
        return True
    return all(_satisfied(labels, *requirement) for requirement in _requirements(selector))


def _satisfied(labels: Mapping[str, str], key: str, operator: str, values: tuple[str, ...]) -> bool:
    value = labels.get(key)
    match operator:
        case "=" | "in":
            return value in values
        case "!=" | "notin":
            return value not in values
        case "exists":
            return value is not None
        case "!":
            return value is None
        case _:
            return value is not None and _compared(value, operator, values[0])


def _compared(value: str, operator: str, bound: str) -> bool:
    try:
        number, limit = int(value), int(bound)
    except ValueError:
        return False
    return number > limit if operator == ">" else number < limit
