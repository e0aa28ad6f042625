"""``matchConstraints`` of policies in CEL (Kyverno, ``pkg/cel/matching``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nixernetes.kyverno.engine.contexts import Request
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, labels_of
from nixernetes.objects.selectors import matches as selects

__all__ = ["admits", "derived_constraints", "names_pods_only", "plurals"]


def plurals(kind: str) -> tuple[str, ...]:
    """Return how the resource of a kind may be called, the likeliest first."""
    name = kind.lower()
    if name.endswith(("endpoints", "securitycontextconstraints")):
        return (name,)
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es", name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies", f"{name}s", name
    return f"{name}s", f"{name[:-1]}ies" if name.endswith("y") else name, name


def names_pods_only(constraints: Mapping[str, Json]) -> bool:
    """Tell whether constraints mean pods and nothing else, so that controllers of pods are derived."""
    rules = objects_at(constraints, "resourceRules")
    if len(rules) != 1 or mapping_at(constraints, "objectSelector") or items_at(constraints, "excludeResourceRules"):
        return False
    only = rules[0]
    return (
        items_at(only, "apiGroups") == [""]
        and items_at(only, "apiVersions") == ["v1"]
        and items_at(only, "resources") == ["pods"]
        and not items_at(only, "resourceNames")
    )


def derived_constraints(constraints: Mapping[str, Json], rules: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """Return constraints for controllers of pods: of the constraints of the pods the namespaces are kept alone."""
    made: dict[str, Json] = {"resourceRules": [dict(each) for each in rules]}
    if "namespaceSelector" in constraints:
        made["namespaceSelector"] = constraints["namespaceSelector"]
    return made


def admits(
    constraints: Mapping[str, Json],
    request: Request,
    spaces: Mapping[str, Mapping[str, str]],
    *,
    sees_old: bool = True,
) -> bool:
    """Tell whether constraints mean an object; without any they mean nothing.

    Args:
        constraints: ``matchConstraints``.
        request: the admission of the object.
        spaces: labels of namespaces.
        sees_old: whether ``objectSelector`` may fit the old object as well. To Kyverno's command line that is one
            without labels where there is none; an API server knows that there is none.

    """
    if not constraints:
        return False
    labels = labels_of(request.manifest)
    if text_at(request.manifest, "kind") == "Namespace":
        of_space: Mapping[str, str] | None = labels
    else:
        of_space = spaces.get(request.namespace, {}) if request.namespace else None
    try:
        if of_space is not None and not selects(mapping_at(constraints, "namespaceSelector"), of_space):
            return False
        held = [labels, labels_of(request.old)] if sees_old and request.old is not None else [labels]
        if not any(selects(mapping_at(constraints, "objectSelector"), each) for each in held):
            return False
    except ValueError:
        return False
    if any(_means(each, request) for each in objects_at(constraints, "excludeResourceRules")):
        return False
    rules = objects_at(constraints, "resourceRules")
    return not rules or any(_means(each, request) for each in rules)


def _means(rule: Mapping[str, Json], request: Request) -> bool:
    group, version = split_api_version(text_at(request.manifest, "apiVersion"))
    meta = mapping_at(request.manifest, "metadata")
    names, scope = items_at(rule, "resourceNames"), text_at(rule, "scope") or "*"
    name, prefix = text_at(meta, "name"), text_at(meta, "generateName")
    operations = items_at(rule, "operations")
    wanted = "Namespaced" if request.namespace else "Cluster"
    parent, sub = request.parent
    if parent:  # the group is that of the parent, which is not said
        resources = {"*/*", f"*/{sub}", *(f"{each}/{part}" for each in plurals(parent) for part in (sub, "*"))}
    else:
        names_of = plurals(text_at(request.manifest, "kind"))
        resources = {"*", "*/*", *names_of, *(f"{each}/*" for each in names_of)}  # any subresource, and none
    return (
        bool(parent or {"*", group} & set(map(str, items_at(rule, "apiGroups"))))
        and bool(parent or {"*", version} & set(map(str, items_at(rule, "apiVersions"))))
        and bool(resources & set(map(str, items_at(rule, "resources"))))
        and (not operations or bool({"*", request.operation} & set(map(str, operations))))
        and scope in ("*", wanted)
        and (not names or name in names or bool(prefix and any(str(each).startswith(prefix) for each in names)))
    )
