"""``mutate.targets``: which other objects a rule changes (Kyverno, ``handlers/mutation/load_targets.go``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request, RuleContext
from nixernetes.kyverno.engine.variables import referenced, substituted
from nixernetes.kyverno.engine.wildcards import matches
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.selectors import matches as selects

__all__ = ["targets_of"]

_FIELDS = ("apiVersion", "kind", "namespace", "name", "selector")


def targets_of(
    target: Mapping[str, Json], context: RuleContext, around: PolicySurroundings, request: Request
) -> Iterator[Manifest]:
    """Yield the objects that a target means: of those that may be changed, or the admitted one.

    Raises:
        VariableError: a variable has no value.

    """
    asked = {
        key: substituted(referenced(target[key]), context.lookup, f"/mutate/targets/{key}")
        for key in _FIELDS
        if key in target
    }
    seen: set[tuple[str, ...]] = set()
    for each in (*around.targets, *around.others, request.manifest):
        identity = tuple(text_at(each, *path) for path in (("kind",), ("metadata", "namespace"), ("metadata", "name")))
        if identity not in seen and _is_meant(asked, each):
            seen.add(identity)
            yield each


def _is_meant(asked: Mapping[str, Json], manifest: Manifest) -> bool:
    meta = mapping_at(manifest, "metadata")
    name, space = text_at(asked, "name") or "*", text_at(asked, "namespace")
    if not matches(text_at(asked, "kind"), text_at(manifest, "kind")) or not matches(name, text_at(meta, "name")):
        return False
    if not matches(text_at(asked, "apiVersion") or "*", text_at(manifest, "apiVersion")):
        return False
    if space and not matches(space, text_at(meta, "namespace") or "default"):
        return False
    try:
        return selects(mapping_at(asked, "selector"), labels_of(manifest))
    except ValueError:
        return False
