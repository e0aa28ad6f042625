"""``generate`` of a ClusterPolicy or Policy: data, clones, lists of clones (Kyverno, ``pkg/background/generate``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.contexts import PolicySurroundings, Request, RuleContext
from nixernetes.kyverno.engine.generation.made import made_object
from nixernetes.kyverno.engine.patterns import mismatch
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.validations import met
from nixernetes.kyverno.engine.variables import VariableError, referenced, substituted
from nixernetes.languages.jmespath.errors import JmesPathError
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.selectors import matches as selects

__all__ = ["generated"]

_OF_THE_LOOP: Final = ("foreach", "context", "preconditions", "list")
_MOST: Final = 10_000  # elements of all foreach of one rule


def generated(
    rule: Mapping[str, Json], policy: str, request: Request, context: RuleContext, around: PolicySurroundings
) -> RuleRow:
    """Return the row of a rule, with the objects that it makes.

    A source that is not there makes nothing, nor does a variable without a value, and the row passes all the same, as
    Kyverno's command line has it; what is wrong is noted with the row as not given.

    Args:
        rule: the rule.
        policy: the name of its policy.
        request: the admission of the object.
        context: what its variables read.
        around: what exists in the cluster.

    """
    name, generate = text_at(rule, "name"), mapping_at(rule, "generate")
    making = _Making(
        rule=name,
        policy=policy,
        there=(request.manifest, *around.objects),
        synchronizes=flag_at(generate, "synchronize"),
        missing=context.not_given,
    )
    try:
        if objects_at(generate, "foreach"):
            found = [each for entry in objects_at(generate, "foreach") for each in making.looped(entry, context)]
        else:
            found = list(making.made(generate, context))
    except InputError as error:
        making.missing.append(error.message)
        found = []
    return RuleRow(rule=name, result="pass", message="", generated=tuple(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """One rule that makes objects; ``there`` is what exists, ``missing`` takes what is asked for and does not."""

    rule: str
    policy: str
    there: Sequence[Manifest]
    synchronizes: bool
    missing: list[str]

    def looped(self, entry: Mapping[str, Json], context: RuleContext) -> Iterator[Manifest]:
        """Yield what the elements of a list make; what is wrong with one is noted, and the others make theirs."""
        try:
            items = context.search(text_at(entry, "list"))
        except (JmesPathError, VariableError) as error:
            self.missing.append(f"foreach list {text_at(entry, 'list')}: {error.message}")
            return
        for index, element in enumerate((items if isinstance(items, list) else [items])[:_MOST]):
            if element is None:
                continue
            added = {"element": element, "element0": element, "elementIndex": index, "elementIndex0": index}
            inner = context.nested(added)
            inner.load(list(objects_at(entry, "context")))
            try:
                if not entry.get("preconditions") or met(entry["preconditions"], inner)[0]:
                    yield from self.made(entry, inner)
            except InputError as error:
                self.missing.append(f"element {index} of foreach: {error.message}")

    def made(self, block: Mapping[str, Json], context: RuleContext) -> Iterator[Manifest]:
        kept = {key: value for key, value in block.items() if key not in _OF_THE_LOOP}
        asked = substituted(referenced(kept), context.lookup, "/generate")
        space, name = text_at(asked, "namespace"), text_at(asked, "name")
        if mapping_at(asked, "clone"):
            yield from self._cloned(asked, space, name)
        elif mapping_at(asked, "cloneList"):
            yield from self._listed(mapping_at(asked, "cloneList"), space)
        elif "data" in asked:
            head = {key: asked[key] for key in ("apiVersion", "kind") if key in asked}
            yield from self._object({**mapping_at(asked, "data"), **head}, space, name)

    def _cloned(self, asked: Mapping[str, Json], space: str, name: str) -> Iterator[Manifest]:
        api, kind = text_at(asked, "apiVersion"), text_at(asked, "kind")
        place, source = text_at(asked, "clone", "namespace"), text_at(asked, "clone", "name")
        if (place, source) == (space, name):
            return
        found = self._live(api, kind, place, source)
        if found is None:
            self.missing.append(f"{kind} {place}/{source}")
        else:
            yield from self._object(_without_owners(found), space, name)

    def _listed(self, wanted: Mapping[str, Json], space: str) -> Iterator[Manifest]:
        place = text_at(wanted, "namespace")
        for spelled in map(str, items_at(wanted, "kinds")):
            api, _, kind = spelled.rpartition("/")
            for source in self._of_kind(api, kind, place):
                try:
                    is_meant = selects(mapping_at(wanted, "selector"), labels_of(source))
                except ValueError as error:
                    raise InputError(str(error)) from error
                if is_meant and place != space:
                    yield from self._object(_without_owners(source), space, text_at(source, "metadata", "name"))

    def _of_kind(self, api: str, kind: str, space: str) -> Iterator[Manifest]:
        for each in self.there:
            held = text_at(each, "metadata", "namespace")
            if (
                text_at(each, "apiVersion") == api
                and text_at(each, "kind") == kind
                and (held or "default") == (space or held or "default")
            ):
                yield each

    def _live(self, api: str, kind: str, space: str, name: str) -> Manifest | None:
        found = self._of_kind(api, kind, space)
        return next((each for each in found if text_at(each, "metadata", "name") == name), None)

    def _object(self, source: Manifest, space: str, name: str) -> Iterator[Manifest]:
        """Yield the object, unless it is there: then it is made again only to follow what has changed."""
        made = made_object(source, space, name, policy_name=self.policy, rule_name=self.rule)
        live = self._live(text_at(made, "apiVersion"), text_at(made, "kind"), space, name)
        if live is None or (self.synchronizes and mismatch(made, live) is not None):
            yield made


def _without_owners(source: Manifest) -> Manifest:
    meta = {key: value for key, value in mapping_at(source, "metadata").items() if key != "ownerReferences"}
    return {**source, "metadata": meta}
