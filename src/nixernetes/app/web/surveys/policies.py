"""The policies of every cluster: of Kyverno and of Kubernetes, what each does, and what does not keep it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.app.web.values import DeliveryLine, ObjectName
from nixernetes.app.web.views.reading import PolicyResult, Reading
from nixernetes.app.web.wire import AS_JSON
from nixernetes.kyverno.engine.admission.kinds import DELETING, EXCEPTIONS, GENERATING, JUDGING, RULED
from nixernetes.objects.api_groups import KYVERNO_POLICIES
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import (
    MUTATING_ADMISSION_POLICY,
    VALIDATING_ADMISSION_POLICY,
    VALIDATING_ADMISSION_POLICY_BINDING,
)
from nixernetes.objects.manifest import Manifest, annotations_of

__all__ = ["PoliciesPage", "PolicyLine", "RefusedDelivery", "UnkeptObject", "policies_page"]

_MOST_AFFECTED: Final = 200  # of one policy
_MOST_WORDS: Final = 6  # of what it is about
_KYVERNO: Final = (*JUDGING, *GENERATING, *DELETING, *EXCEPTIONS)
_NOTES: Final = f"{KYVERNO_POLICIES}/"  # annotations by which a policy tells of itself


@dataclass(frozen=True, slots=True, kw_only=True)
class UnkeptObject:
    """An object that does not keep a policy, or of which a policy has no answer.

    Attributes:
        id: the object.
        rule: the rule.
        result: ``fail``, ``warn``, ``error`` or ``unknown``.
        message: what the policy says.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    rule: str
    result: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDelivery:
    """A delivery that a policy keeps from being applied."""

    __pydantic_config__ = AS_JSON

    id: ObjectName
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """A policy.

    Attributes:
        id: who it is.
        engine: ``kyverno`` or ``kubernetes``.
        title: what it is called, or its name.
        description: what it is for.
        action: what it does: ``Enforce``, ``Audit``, ``Deny``, ``Warn``, ``Mutate``, ``Generate``, ``Delete`` or
            ``Except``; several with commas.
        category: the category and severity that it gives itself.
        rules: its rules, or its validations in words.
        matches: what it is about, in words.
        bindings: its bindings, of a policy of Kubernetes; without one it does nothing.
        results: how many results there are of each kind; None where nobody reports.
        affected: what does not keep it.
        refused: the deliveries that it keeps from being applied.
        left_out: how many more objects are affected.
        says: what is not known of it.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    engine: str
    title: str
    description: str = ""
    action: str = ""
    category: str = ""
    rules: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    bindings: tuple[str, ...] = ()
    results: dict[str, int] | None = None
    affected: tuple[UnkeptObject, ...] = ()
    refused: tuple[RefusedDelivery, ...] = ()
    left_out: int = 0
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesPage:
    """The policies of every cluster, sorted; and what is not known of any of them."""

    __pydantic_config__ = AS_JSON

    policies: tuple[PolicyLine, ...] = ()
    says: tuple[str, ...] = ()


def policies_page(reading: Reading) -> PoliciesPage:
    """Return the policies."""
    found = [line for cluster in reading.clusters for line in _of_cluster(reading, cluster)]
    return PoliciesPage(policies=tuple(found), says=tuple(reading.unread()))


def _of_cluster(reading: Reading, cluster: str) -> Iterator[PolicyLine]:
    results: dict[tuple[str, str], list[PolicyResult]] = defaultdict(list)
    for each in reading.policy_results(cluster):
        results[each.policy.namespace, each.policy.name].append(each)
    lines = [line for line in reading.lines() if cluster in (line.id.cluster, line.destination)]
    for kind in _KYVERNO:
        for item in reading.list(cluster, kind):
            key = key_of(item)
            own = [each for each in results.get((key.namespace, key.name), []) if each.policy.kind in ("", key.kind)]
            yield _kyverno(ObjectName.of(cluster, key), item, own, lines, has_results=kind in JUDGING)
    bindings = reading.list(cluster, VALIDATING_ADMISSION_POLICY_BINDING)
    for kind in (VALIDATING_ADMISSION_POLICY, MUTATING_ADMISSION_POLICY):
        for item in reading.list(cluster, kind):
            yield _kubernetes(
                ObjectName.of(cluster, key_of(item)), item, bindings, lines, is_rendered=reading.mode == "repository"
            )


def _kyverno(
    name: ObjectName,
    item: Manifest,
    results: Sequence[PolicyResult],
    lines: Sequence[DeliveryLine],
    *,
    has_results: bool,
) -> PolicyLine:
    spec, notes = mapping_at(item, "spec"), annotations_of(item)
    told = [notes.get(f"{_NOTES}{part}", "") for part in ("category", "severity")]
    rules = objects_at(spec, "rules")
    bad = [each for each in results if each.result not in ("pass", "skip")]
    return PolicyLine(
        id=name,
        engine="kyverno",
        title=notes.get(f"{_NOTES}title", name.name),
        description=notes.get(f"{_NOTES}description", "").strip(),
        action=_kyverno_action(name, spec, rules),
        category=", ".join(filter(None, told)),
        rules=tuple(_rule(each) for each in rules) or tuple(_validations(spec)),
        matches=_some(
            [word for each in rules for word in _matched(mapping_at(each, "match"))] or [*_constraints(spec)]
        ),
        results=dict(sorted(Counter(each.result for each in results).items())) if has_results else None,
        affected=tuple(
            UnkeptObject(id=each.object, rule=each.rule, result=each.result, message=each.message)
            for each in bad[:_MOST_AFFECTED]
        ),
        refused=tuple(_refused(name, lines)),
        left_out=max(len(bad) - _MOST_AFFECTED, 0),
    )


def _kyverno_action(name: ObjectName, spec: Manifest, rules: Sequence[Manifest]) -> str:
    kind = name.key.group_kind
    if kind in EXCEPTIONS:
        return "Except"
    if kind in DELETING:
        return "Delete"
    if kind in GENERATING:
        return "Generate"
    if kind not in RULED:
        actions = [each for each in items_at(spec, "validationActions") if isinstance(each, str)]
        return "Mutate" if "Mutating" in kind.kind else ", ".join(actions) or "Deny"
    found = set()
    for rule in rules:
        if "validate" in rule or "verifyImages" in rule:
            own = text_at(rule, "validate", "failureAction") or text_at(spec, "validationFailureAction") or "Audit"
            found.add(own.capitalize())
        found |= {word.capitalize() for word in ("mutate", "generate") if word in rule}
    return ", ".join(sorted(found, key=lambda word: (word != "Enforce", word)))


def _rule(rule: Manifest) -> str:
    message = text_at(rule, "validate", "message").strip().partition("\n")[0]
    return ": ".join(filter(None, (text_at(rule, "name"), message)))


def _validations(spec: Manifest) -> Iterator[str]:
    for each in objects_at(spec, "validations"):
        yield text_at(each, "message").strip() or text_at(each, "expression").strip()


def _matched(match: Manifest) -> Iterator[str]:
    """Yield the kinds that a rule of Kyverno is about."""
    for block in (match, *objects_at(match, "any"), *objects_at(match, "all")):
        for kind in items_at(block, "resources", "kinds"):
            if isinstance(kind, str):
                yield kind


def _constraints(spec: Manifest) -> Iterator[str]:
    """Yield the resources that a policy with ``matchConstraints`` is about."""
    for rule in objects_at(spec, "matchConstraints", "resourceRules"):
        for resource in items_at(rule, "resources"):
            groups = [group for group in items_at(rule, "apiGroups") if isinstance(group, str) and group]
            yield f"{resource}.{groups[0]}" if len(groups) == 1 else f"{resource}"


def _some(words: Sequence[str]) -> tuple[str, ...]:
    found = list(dict.fromkeys(words))
    more = [f"and {len(found) - _MOST_WORDS} more"] if len(found) > _MOST_WORDS else []
    return (*found[:_MOST_WORDS], *more)


def _refused(name: ObjectName, lines: Sequence[DeliveryLine]) -> Iterator[RefusedDelivery]:
    """Yield the deliveries that fail, and whose engine names the policy as the reason."""
    for line in lines:
        text = line.message if name.name in line.message else line.why
        words = ("denied", "forbidden", "blocked", "refused", "policy")
        if line.state != "ready" and _is_named(name.name, text) and any(word in text.lower() for word in words):
            yield RefusedDelivery(id=line.id, message=text)


def _is_named(name: str, text: str) -> bool:
    """Tell whether a text has a name as a word of its own."""
    start = text.find(name)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(name) : start + len(name) + 1]
        if not any(letter.isalnum() or letter in "-." for letter in (before, after) if letter):
            return True
        start = text.find(name, start + 1)
    return False


def _kubernetes(
    name: ObjectName,
    item: Manifest,
    bindings: Sequence[Manifest],
    lines: Sequence[DeliveryLine],
    *,
    is_rendered: bool,
) -> PolicyLine:
    spec = mapping_at(item, "spec")
    own = [each for each in bindings if text_at(each, "spec", "policyName") == name.name]
    actions = [word for each in own for word in items_at(each, "spec", "validationActions") if isinstance(word, str)]
    is_mutating = name.key.group_kind == MUTATING_ADMISSION_POLICY
    says = [] if own or is_mutating else ["No binding names it: it does nothing"]
    if is_rendered:
        says.append("What it refuses is listed in the findings")
    return PolicyLine(
        id=name,
        engine="kubernetes",
        title=name.name,
        action="Mutate" if is_mutating else ", ".join(dict.fromkeys(actions)) or "None",
        rules=tuple(_validations(spec)),
        matches=_some([*_constraints(spec)]),
        bindings=tuple(map(_binding, own)),
        refused=tuple(_refused(name, lines)),
        says=tuple(says),
    )


def _binding(item: Manifest) -> str:
    spec = mapping_at(item, "spec")
    parameter = mapping_at(spec, "paramRef")
    places = mapping_at(spec, "matchResources", "namespaceSelector", "matchLabels")
    words = [
        key_of(item).name,
        ", ".join(str(each) for each in items_at(spec, "validationActions")),
        f"with {text_at(parameter, 'name') or 'chosen parameters'}" if parameter else "",
        f"in namespaces with {', '.join(f'{label}={text}' for label, text in sorted(places.items()))}"
        if places
        else "",
    ]
    return ": ".join(filter(None, (words[0], " ".join(filter(None, words[1:])))))
