"""Which objects a user means: kinds and names as ``kubectl`` takes them, in all clusters or one."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nixernetes.app.worlds import World
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.cluster.kind_names import named_kinds
from nixernetes.cluster.validation import resource_name
from nixernetes.errors import InputError
from nixernetes.objects.fields import items_at, mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["LiveObject", "Selection", "Wanted", "chosen_clusters", "one", "selected", "wanted_of"]

_LISTED = 6  # names that an error lists


class LiveObject(NamedTuple):
    """An object and the cluster that holds it."""

    cluster: str
    object: Manifest

    @property
    def key(self) -> ObjectKey:
        """Who it is."""
        return key_of(self.object)


class Wanted(NamedTuple):
    """A word for kinds, and the name of one object or ``""``; a namespace where it was written with the name."""

    kind: str
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What the user chose.

    Attributes:
        wanted: kinds, and names.
        namespace: the one namespace, ``""`` for all.
        cluster: the one cluster, ``""`` for all.

    """

    wanted: tuple[Wanted, ...]
    namespace: str = ""
    cluster: str = ""

    @staticmethod
    def of(request: Json) -> Selection:
        """Read what a request chooses: ``targets``, ``namespace``, ``cluster``."""
        words = [word for word in items_at(request, "targets") if isinstance(word, str)]
        return Selection(
            wanted=wanted_of(words), namespace=text_at(request, "namespace"), cluster=text_at(request, "cluster")
        )


def wanted_of(words: Sequence[str]) -> tuple[Wanted, ...]:
    """Read ``KIND[,KIND] [NAME ...]``, or ``KIND/NAME ...``, or ``KIND/NAMESPACE/NAME ...``.

    Raises:
        InputError: the two forms are mixed, or a part is empty.

    """
    if any("/" in word for word in words):
        return tuple(map(_slashed, words))
    kinds, names = (words[0].split(",") if words else []), words[1:]
    if not all(kinds):
        raise InputError("a kind is missing: write KIND or KIND,KIND", subject=words[0] or "''")
    return tuple(Wanted(kind, name) for kind in kinds for name in names or [""])


def _slashed(word: str) -> Wanted:
    parts = word.split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise InputError("write KIND NAME, or KIND/NAME for each object", subject=word)
    return Wanted(parts[0], parts[-1], parts[1] if len(parts) == 3 else "")


def chosen_clusters(world: World, name: str) -> Mapping[str, EmbeddedCluster]:
    """Return the clusters: one, or all.

    Raises:
        InputError: there is none of this name.

    """
    if not name:
        return world.clusters
    if name not in world.clusters:
        near = difflib.get_close_matches(name, [*world.clusters], n=1)
        advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(world.clusters)}"
        raise InputError(f"no cluster is called {name!r}: {advice}")
    return {name: world.clusters[name]}


def selected(world: World, selection: Selection) -> list[LiveObject]:
    """Return the objects, in the order of the clusters; a kind without a name may have none.

    Raises:
        InputError: a kind, a cluster or a name is not known; with the one that was perhaps meant.

    """
    clusters = chosen_clusters(world, selection.cluster)
    found: dict[tuple[str, ObjectKey], LiveObject] = {}
    for wanted in selection.wanted:
        kinds = kinds_called(world, wanted.kind)
        namespace = wanted.namespace or selection.namespace
        matching = [
            item
            for item in _listed(clusters, kinds, namespace)
            if not wanted.name or key_of(item.object).name == wanted.name
        ]
        if wanted.name and not matching:
            raise InputError(_not_found(world, kinds, wanted, namespace, selection.cluster))
        found |= {(item.cluster, item.key): item for item in matching}
    return list(found.values())


def one(world: World, selection: Selection) -> LiveObject:
    """Return the one object that is meant.

    Raises:
        InputError: as :func:`selected`; no name is given, or several match.

    """
    if not selection.wanted or not all(wanted.name for wanted in selection.wanted):
        kind = selection.wanted[0].kind if selection.wanted else "KIND"
        _refuse_bare_name(world, kind)
        raise InputError(f"which one? write {kind} NAME; `nixernetes get {kind}` lists them")
    found = selected(world, selection)
    if len(found) > 1:
        places = ", ".join(f"{item.cluster}: {item.key}" for item in found[:_LISTED])
        more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        raise InputError(f"several match ({places}{more}): choose with --cluster and --namespace")
    return found[0]


def _refuse_bare_name(world: World, word: str) -> None:
    """Refuse a name where a kind belongs, with the kind that it has.

    Raises:
        InputError: it is not a kind, and something is called so.

    """
    try:
        kinds_called(world, word)
    except InputError as error:
        named = {key_of(item) for cluster in world.clusters.values() for item in cluster.written()}
        found = sorted(f"{key.kind.lower()} {key.name}" for key in named if key.name == word)
        if found:
            raise InputError(f"{word!r} is a name: write its kind, too: {', '.join(found[:_LISTED])}") from error
        raise


def kinds_called(world: World, word: str) -> list[GroupKind]:
    """Return the kinds that a word means in this world.

    Raises:
        InputError: none.

    """
    served = {kind for cluster in world.clusters.values() for kind in cluster.kinds()}
    is_whole = "." in word  # with its group: no short name has one
    return named_kinds(word, served, {} if is_whole else _short_names(world))


def _short_names(world: World) -> dict[GroupKind, list[str]]:
    """Return the short names that the definitions of users give; those of engines are known without looking."""
    names: dict[GroupKind, list[str]] = {}
    for cluster in world.clusters.values():
        for item in cluster.written():
            if key_of(item).group_kind == CUSTOM_RESOURCE_DEFINITION:
                spec = mapping_at(item, "spec")
                kind = GroupKind(text_at(spec, "group"), text_at(spec, "names", "kind"))
                names[kind] = [each for each in items_at(spec, "names", "shortNames") if isinstance(each, str)]
    return names


def _listed(clusters: Mapping[str, EmbeddedCluster], kinds: Sequence[GroupKind], namespace: str) -> list[LiveObject]:
    return [
        LiveObject(name, item)
        for name, cluster in clusters.items()
        for kind in kinds
        for item in cluster.list(kind, namespace=(namespace or None) if cluster.is_namespaced(kind) else None)
    ]


def _not_found(world: World, kinds: Sequence[GroupKind], wanted: Wanted, namespace: str, cluster: str) -> str:
    """Say that an object is not there, and where it is, or what it is called."""
    head = f'{resource_name(kinds[0])} "{wanted.name}" not found'
    known = _listed(world.clusters, kinds, "")
    elsewhere = [item for item in known if item.key.name == wanted.name]
    if elsewhere:
        places = dict.fromkeys(
            f"namespace {item.key.namespace}" if item.key.namespace and namespace else f"cluster {item.cluster}"
            for item in elsewhere
        )
        return f"{head} in {_place(namespace, cluster)}: it is in {', '.join([*places][:_LISTED])}"
    names = list(dict.fromkeys(item.key.name for item in known))
    near = difflib.get_close_matches(wanted.name, names, n=1, cutoff=0.5)
    if near:
        return f"{head}: did you mean {near[0]}?"
    listed = ", ".join(names[:_LISTED]) + (f" and {len(names) - _LISTED} more" if len(names) > _LISTED else "")
    return f"{head}: there are {listed}" if names else f"{head}: there are none of this kind"


def _place(namespace: str, cluster: str) -> str:
    return " of ".join(
        filter(None, (f"namespace {namespace}" if namespace else "", f"cluster {cluster}" if cluster else ""))
    )
