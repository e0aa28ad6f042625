"""Whether an object has drifted, and which fields may: ``ignore`` of a Kustomization or of ``driftDetection``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nixernetes.errors import InputError
from nixernetes.gitops.flux.kustomize_parts import IgnoreRule, Selector
from nixernetes.languages import json_pointer
from nixernetes.languages.json_pointer import ABSENT
from nixernetes.languages.labels import selectors as label_selectors
from nixernetes.languages.regexes import linear
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import key_of, split_api_version
from nixernetes.objects.manifest import Manifest, annotations_of, labels_of

__all__ = ["check", "drifted", "payload", "pointers", "without"]


def pointers(rules: Sequence[IgnoreRule], manifest: Manifest) -> tuple[tuple[str, ...], ...]:
    """Return the JSON pointers, split into parts, that the rules ignore in an object; ``()`` is the object itself.

    Raises:
        InputError: a part of a target is not a regular expression, or a path not a pointer.

    """
    chosen = [rule for rule in rules if rule.target is None or _selects(rule.target, manifest)]
    return tuple(_steps(path) for rule in chosen for path in rule.paths)


def drifted(live: Manifest, tried: Manifest, paths: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether an apply would change an object.

    Args:
        live: the object.
        tried: what a dry run of the apply gives.
        paths: JSON pointers of what is left alone.

    """
    before, after = without(live, paths), without(tried, paths)
    if labels_of(before) != labels_of(after) or annotations_of(before) != annotations_of(after):
        return True
    names = (before.keys() | after.keys()) - {"metadata", "status"}
    return any(before.get(name) != after.get(name) for name in names)


def without(manifest: Manifest, paths: Sequence[tuple[str, ...]]) -> Manifest:
    """Return an object without the fields at some pointers; the object itself when there are none."""
    if not paths:
        return manifest
    copy: Manifest = manifests.copy(manifest)
    for path in paths:
        json_pointer.remove(copy, path)
    return copy


def payload(desired: Manifest, live: Manifest, paths: Sequence[tuple[str, ...]]) -> Manifest:
    """Return what is applied to an object that exists: ignored fields take their live value."""
    if not paths:
        return desired
    copy: Manifest = manifests.copy(desired)
    for path in paths:
        value = json_pointer.get(live, path)
        if value is ABSENT or _owned_by_another_apply(live, path):
            json_pointer.remove(copy, path)
        else:
            json_pointer.put(copy, path, manifests.copy(value), create=False)
    return copy


def _selects(target: Selector, manifest: Manifest) -> bool:
    key = key_of(manifest)
    facts = (
        (target.group, key.group),
        (target.version, split_api_version(manifest["apiVersion"])[1]),
        (target.kind, key.kind),
        (target.name, key.name),
        (target.namespace, key.namespace),
    )
    if any(pattern and not _fits(pattern, value) for pattern, value in facts):
        return False
    pairs = ((target.label_selector, labels_of(manifest)), (target.annotation_selector, annotations_of(manifest)))
    return all(label_selectors.matches(selector or "", held) for selector, held in pairs)


def _steps(path: str) -> tuple[str, ...]:
    if path and not path.startswith("/"):
        raise InputError(f"{path!r} among the ignored fields is not a JSON pointer: begin it with /")
    return json_pointer.steps(path)


def check(rules: Sequence[IgnoreRule]) -> None:
    """Compile the targets of rules.

    Raises:
        InputError: a part of a target is not a regular expression (fluxcd/pkg/ssa v0.76, ``jsondiff/selector.go``).

    """
    for target in (rule.target for rule in rules if rule.target is not None):
        parts = {
            "group": target.group,
            "version": target.version,
            "kind": target.kind,
            "name": target.name,
            "namespace": target.namespace,
        }
        for name, pattern in parts.items():
            try:
                _compiled(pattern or "")
            except ValueError as error:
                text = f"failed to create ignore rule selector: invalid {name} regex: {error}"
                raise InputError(text) from error


def _compiled(pattern: str) -> Callable[[str], bool]:
    return linear(f"^(?:{pattern})$")


def _fits(pattern: str, value: str) -> bool:
    try:
        return _compiled(pattern)(value)
    except ValueError as error:
        raise InputError(f"failed to create ignore rule selector: {error}") from error


def _owned_by_another_apply(live: Manifest, path: Sequence[str]) -> bool:
    for entry in live["metadata"].get("managedFields") or []:
        if entry.get("operation") != "Apply" or entry.get("manager") in ("kustomize-controller", "helm-controller"):
            continue
        if json_pointer.get(entry.get("fieldsV1"), [f"f:{part}" for part in path]) is not ABSENT:
            return True
    return False
