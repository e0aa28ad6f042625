"""Which names a custom kind has: in a group each is given once (apiextensions ``naming_controller.go``, v0.34.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["KindNames", "is_established"]

_ESTABLISHED: Final = "Established"


class _Wish(NamedTuple):
    """A name that a definition asks for.

    Attributes:
        field: where.
        reason: what it is called where another has it.
        is_kind: whether it is one of the kind, not of the resource.

    """

    field: str
    reason: str
    is_kind: bool = False


_SINGLE: Final = (
    _Wish("plural", "PluralConflict"),
    _Wish("singular", "SingularConflict"),
    _Wish("shortNames", "ShortNamesConflict"),
    _Wish("kind", "KindConflict", is_kind=True),
    _Wish("listKind", "ListKindConflict", is_kind=True),
)


def is_established(crd: Manifest) -> bool:
    """Tell whether a definition is served: one of which nothing is said yet will be."""
    conditions = objects_at(crd, "status", "conditions")
    return all(text_at(each, "status") == "True" for each in conditions if text_at(each, "type") == _ESTABLISHED)


class KindNames:
    """The names that the definitions of each group have."""

    def __init__(self) -> None:
        self._accepted: dict[str, dict[str, Manifest]] = {}

    def claim(self, crd: Manifest, now: str) -> Manifest:
        """Return the part of the status of a definition that tells its names, and keep them for it.

        Args:
            crd: the definition, with its status where it has one.
            now: the moment, for conditions that are new or change.

        """
        held = self._accepted.setdefault(text_at(crd, "spec", "group"), {})
        name = crd["metadata"]["name"]
        asked, before = mapping_at(crd, "spec", "names"), mapping_at(crd, "status", "acceptedNames")
        used = [names for other, names in held.items() if other != name]
        taken = {False: set(_of_resources(used)), True: set(_of_kinds(used))}
        accepted: Manifest = {"plural": "", "kind": "", **before}
        reason, message = "NoConflicts", "no conflicts found"
        for wish in _SINGLE:
            wanted = asked.get(wish.field)
            clashes = [
                f'"{each}" is already in use'
                for each in _listed(wanted)
                if each not in _listed(before.get(wish.field)) and each in taken[wish.is_kind]
            ]
            if clashes:
                reason = wish.reason
                message = clashes[0] if len(clashes) == 1 else f"[{', '.join(dict.fromkeys(clashes))}]"
            elif wanted:
                accepted[wish.field] = wanted
            else:
                accepted.pop(wish.field, None)
        if asked.get("categories"):
            accepted["categories"] = asked["categories"]
        held[name] = accepted
        is_free = reason == "NoConflicts"
        return {
            "acceptedNames": accepted,
            "conditions": [*_conditions(crd, reason, message, now, is_free=is_free)],
        }

    def release(self, crd: Manifest) -> None:
        """Give the names of a definition back."""
        self._accepted.get(text_at(crd, "spec", "group"), {}).pop(crd["metadata"]["name"], None)


def _listed(value: Json) -> list[str]:
    return [value] if isinstance(value, str) and value else list(value) if isinstance(value, list) else []


def _of_resources(held: list[Manifest]) -> Iterator[str]:
    for names in held:
        yield from (text_at(names, "plural"), text_at(names, "singular"), *map(str, items_at(names, "shortNames")))


def _of_kinds(held: list[Manifest]) -> Iterator[str]:
    for names in held:
        yield from (text_at(names, "kind"), text_at(names, "listKind"))


def _conditions(crd: Manifest, reason: str, message: str, now: str, *, is_free: bool) -> Iterator[Manifest]:
    """Yield the two conditions; one that is established stays so, and a time is that of the last change."""
    known = {text_at(each, "type"): each for each in objects_at(crd, "status", "conditions")}
    established = {"status": "False", "reason": "NotAccepted", "message": "not all names are accepted"}
    if is_free:
        told = "the initial names have been accepted"
        established = {"status": "True", "reason": "InitialNamesAccepted", "message": told}
    elif text_at(known, _ESTABLISHED, "status") == "True":
        established = known[_ESTABLISHED]
    accepted = {"status": str(is_free), "reason": reason, "message": message}
    for name, condition in (("NamesAccepted", accepted), (_ESTABLISHED, established)):
        live = mapping_at(known, name)
        since = text_at(live, "lastTransitionTime") if text_at(live, "status") == condition["status"] else ""
        yield {**condition, "type": name, "lastTransitionTime": since or now}
