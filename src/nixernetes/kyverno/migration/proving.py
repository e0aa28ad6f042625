"""Whether policies in CEL say the same as the rules that they come from, on objects at hand.

The same means: what was refused is refused, what was changed is changed to the same, what was made is made. Passing and
being passed over are one; the order of list elements that have names is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nixernetes.kyverno.engine.evaluation import Judgement
from nixernetes.kyverno.engine.generation.made import GENERATED_PREFIX
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, digest
from nixernetes.objects.well_known import APP_MANAGED_BY

__all__ = ["Disagreement", "MigrationProof", "compared"]

_REFUSED = ("fail", "error")
_OWN = (GENERATED_PREFIX, APP_MANAGED_BY)
_PolicyName = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """An object of which the two say different things.

    Attributes:
        object: the object, as ``Kind/namespace/name``.
        before: what the rules said.
        after: what the policies in CEL say.

    """

    object: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationProof:
    """What came of a comparison.

    Attributes:
        compared: of how many objects both were asked.
        skipped: of how many one asked for what nobody gave here.
        disagreements: where they differ.

    """

    compared: int = 0
    skipped: int = 0
    disagreements: tuple[Disagreement, ...] = ()

    def __add__(self, other: MigrationProof) -> MigrationProof:
        """Return two comparisons as one."""
        return MigrationProof(
            compared=self.compared + other.compared,
            skipped=self.skipped + other.skipped,
            disagreements=(*self.disagreements, *other.disagreements),
        )


@dataclass(slots=True)
class _Said:
    """What one side said of an object."""

    is_known: bool = True
    refusal: str = ""
    patched: str = ""
    made: set[str] = field(default_factory=set)

    def words(self) -> str:
        if self.refusal:
            return self.refusal
        changed = ["changes it"] if self.patched else []
        made = [f"makes {len(self.made)} objects"] if self.made else []
        return " and ".join([*changed, *made]) or "admits it"


def compared(old: Iterable[Judgement], new: Iterable[Judgement], names: Iterable[_PolicyName]) -> MigrationProof:
    """Compare what the rules of a policy said with what the policies in CEL say, object by object.

    Args:
        old: what was said with the policy.
        new: what was said with the policies in its place.
        names: namespace and name of the policy, and of those.

    """
    wanted = frozenset(names)
    before, after = _said(old, wanted), _said(new, wanted)
    count, skipped, found = 0, 0, []
    for name in sorted({*before, *after}):
        one, other = before.get(name, _Said()), after.get(name, _Said())
        if not (one.is_known and other.is_known):
            skipped += 1
            continue
        count += 1
        is_same = bool(one.refusal) == bool(other.refusal) and (
            bool(one.refusal) or (one.patched == other.patched and one.made == other.made)
        )
        if not is_same:
            found.append(Disagreement(object=name, before=one.words(), after=other.words()))
    return MigrationProof(compared=count, skipped=skipped, disagreements=tuple(found))


def _said(judgements: Iterable[Judgement], names: frozenset[_PolicyName]) -> Mapping[str, _Said]:
    found: dict[str, _Said] = {}
    for each in judgements:
        meta = mapping_at(each.policy, "metadata")
        if (text_at(meta, "namespace"), text_at(meta, "name")) not in names:
            continue
        row, key = each.row, key_of(each.subject)
        said = found.setdefault("/".join(filter(None, (key.kind, each.namespace, key.name))), _Said())
        if row.not_given or row.message.startswith("not evaluated"):
            said.is_known = False
        if row.result in _REFUSED and not said.refusal:
            said.refusal = f"{row.result}: {row.message}"
        if row.patched is not None:
            plain = _plain(row.patched)
            said.patched = plain if plain != _plain(each.subject) else ""
        said.made |= {_plain(made) for made in row.generated}
    return found


def _plain(manifest: Manifest) -> str:
    """Return what an object is, however it is written."""
    meta = mapping_at(manifest, "metadata")
    labels = {name: value for name, value in mapping_at(meta, "labels").items() if not name.startswith(_OWN)}
    space = text_at(meta, "namespace")
    meta = {**meta, "labels": labels, "namespace": space if space != "default" else ""}
    return digest(_tidy({**manifest, "metadata": meta}))


def _tidy(value: Json) -> Json:
    if isinstance(value, dict):
        parts = {key: _tidy(item) for key, item in value.items()}
        return {key: item for key, item in parts.items() if item not in (None, {}, [], "")}
    if isinstance(value, list):
        items = [_tidy(each) for each in value]
        return sorted(items, key=_name) if _are_named(items) else items
    return value


def _are_named(items: Sequence[Json]) -> bool:
    return all(isinstance(each, dict) and isinstance(each.get("name"), str) for each in items)


def _name(item: Json) -> str:
    return text_at(item, "name")
