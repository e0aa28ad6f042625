"""``match`` and ``exclude`` (Kyverno, ``pkg/engine/utils/match.go``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from nixernetes.kyverno.engine.contexts import Request
from nixernetes.kyverno.engine.wildcards import any_matches, has_wildcard, matches
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, annotations_of, labels_of
from nixernetes.objects.selectors import matches as selects

__all__ = ["is_matched"]

_WHO: Final = ("subjects", "roles", "clusterRoles")
_EPHEMERAL: Final = "ephemeralcontainers"


def is_matched(
    rule: Mapping[str, Json], request: Request, namespace_labels: Mapping[str, str], *, needs_user: bool = False
) -> bool:
    """Tell whether a rule is about an object.

    Args:
        rule: with ``match`` and ``exclude``.
        request: the admission of the object.
        namespace_labels: labels of its namespace.
        needs_user: whether a rule for some users is about none where the user is not known.

    """
    match, exclude = mapping_at(rule, "match"), mapping_at(rule, "exclude")
    if not _hits(match, request, namespace_labels, drops_who=request.user is None and not needs_user):
        return False
    return not (exclude and _hits(exclude, request, namespace_labels, drops_who=False))


def _hits(block: Mapping[str, Json], request: Request, labels: Mapping[str, str], *, drops_who: bool) -> bool:
    def hit(each: Mapping[str, Json]) -> bool:
        return _filter(each, request, labels, drops_who=drops_who)

    if objects_at(block, "any"):
        return any(map(hit, objects_at(block, "any")))
    if objects_at(block, "all"):
        return all(map(hit, objects_at(block, "all")))
    return hit(block)


def _filter(block: Mapping[str, Json], request: Request, labels: Mapping[str, str], *, drops_who: bool) -> bool:
    resources = mapping_at(block, "resources")
    who = {name: items_at(block, name) for name in _WHO if items_at(block, name)}
    if drops_who:
        who = {}
    if not resources and not who:
        return False
    if resources and not _resources(resources, request, labels):
        return False
    return not who or _user(who, request)


def _user(who: Mapping[str, list[Json]], request: Request) -> bool:
    if request.user is None:
        return False
    for name in ("roles", "clusterRoles"):
        if name in who and not set(map(str, who[name])) & set(map(str, items_at(request.user, name))):
            return False
    if "subjects" not in who:
        return True
    info = mapping_at(request.user, "userInfo")
    return any(_subject(each, info) for each in who["subjects"])


def _subject(subject: Json, info: Mapping[str, Json]) -> bool:
    name, user = text_at(subject, "name"), text_at(info, "username")
    match text_at(subject, "kind"):
        case "ServiceAccount":
            return user == f"system:serviceaccount:{text_at(subject, 'namespace')}:{name}"
        case "User":
            return matches(name, user)
        case "Group":
            return any(matches(name, str(group)) for group in items_at(info, "groups"))
    return False


def _texts(block: Mapping[str, Json], name: str) -> list[str]:
    return [each for each in items_at(block, name) if isinstance(each, str)]


def _resources(block: Mapping[str, Json], request: Request, labels: Mapping[str, str]) -> bool:
    manifest = request.manifest
    meta = mapping_at(manifest, "metadata")
    name = text_at(meta, "name") or text_at(meta, "generateName")
    is_namespace = text_at(manifest, "kind") == "Namespace"
    space = name if is_namespace else request.namespace
    operations, kinds, names = _texts(block, "operations"), _texts(block, "kinds"), _texts(block, "names")
    spaces, wanted = _texts(block, "namespaces"), mapping_at(block, "annotations")
    selector, of_space = block.get("selector"), block.get("namespaceSelector")
    return (
        (not operations or request.operation in operations)
        and (not kinds or any(_kind(each, request) for each in kinds))
        and (not text_at(block, "name") or matches(text_at(block, "name"), name))
        and (not names or any_matches(names, name))
        and (not spaces or any_matches(spaces, space))
        and (not wanted or _annotated(wanted, annotations_of(manifest)))
        and (selector is None or _selected(selector, labels_of(manifest)))
        and (of_space is None or (not is_namespace and _selected(of_space, labels)))
    )


def _annotated(wanted: Mapping[str, Json], held: Mapping[str, str]) -> bool:
    return all(
        any(matches(key, k) and matches(str(value), v) for k, v in held.items()) for key, value in wanted.items()
    )


def _selected(selector: Json, labels: Mapping[str, str]) -> bool:
    plain = {}
    for key, value in mapping_at(selector, "matchLabels").items():
        text = str(value)
        fit = next((k for k, v in sorted(labels.items()) if matches(key, k) and matches(text, v)), None)
        if fit is None:
            plain[_zeroed(key)] = _zeroed(text)
        else:
            plain[fit] = labels[fit]
    try:
        return selects({**selector, "matchLabels": plain} if plain else selector, labels)
    except ValueError:
        return False


def _zeroed(text: str) -> str:
    return text.replace("*", "0").replace("?", "0") if has_wildcard(text) else text


def _kind(spelled: str, request: Request) -> bool:
    manifest = request.manifest
    return _kind_fits(spelled, text_at(manifest, "apiVersion"), text_at(manifest, "kind"), request.parent)


@lru_cache(maxsize=16_384)
def _kind_fits(spelled: str, api_version: str, own_kind: str, owner: tuple[str, str]) -> bool:
    """Tell whether a kind is meant; 16,384 answers are kept."""
    group, version = split_api_version(api_version)
    parts = spelled.split("/")
    wanted_group, wanted_version, sub = "*", "*", ""
    if len(parts) == 4 or (len(parts) > 1 and parts[-2][:1].isupper()):
        sub = parts.pop()
    if len(parts) == 3:
        wanted_group, wanted_version = parts[0], parts[1]
    elif len(parts) == 2:
        wanted_version = parts[0]
    kind, _, dotted = parts[-1].partition(".")
    sub = sub or dotted
    parent, name = owner
    if parent:
        return bool(sub) and matches(kind, parent) and matches(sub, name)
    if sub not in ("", "*"):
        return False
    return matches(kind, own_kind) and matches(wanted_version, version) and matches(wanted_group, group)
