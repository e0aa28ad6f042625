"""PolicyExceptions of rules as PolicyExceptions of the policies in CEL that the rules become."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.kyverno.engine.wildcards import any_matches
from nixernetes.kyverno.migration.conditions import conditions_met
from nixernetes.kyverno.migration.matching import meant_by
from nixernetes.kyverno.migration.migrating import Migration, controllers_of
from nixernetes.kyverno.migration.queries import Queries
from nixernetes.kyverno.migration.spelling import NotCarriedError, literal
from nixernetes.kyverno.migration.trying import tried
from nixernetes.objects.api_groups import KYVERNO, KYVERNO_POLICIES_V1
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import split_api_version
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["MigratedException", "exceptions_migrated", "is_exception_of_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigratedException:
    """What becomes of a PolicyException.

    Attributes:
        exception: the exception.
        made: one for each of the policies in CEL whose objects it spares otherwise.
        lost: why something of it does not carry over.

    """

    exception: Manifest
    made: tuple[Manifest, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """A rule that an exception names: its migration, the policy in CEL, and the kinds of pods' makers it is about."""

    migration: Migration
    rule: dict[str, Json]
    policy: Manifest
    kinds: tuple[str, ...]


def is_exception_of_rules(manifest: Manifest) -> bool:
    """Tell whether a manifest is a PolicyException of ClusterPolicies and Policies."""
    group = split_api_version(text_at(manifest, "apiVersion"))[0]
    return group == KYVERNO and text_at(manifest, "kind") == "PolicyException"


def exceptions_migrated(exceptions: Sequence[Manifest], migrations: Sequence[Migration]) -> Iterator[MigratedException]:
    """Yield what becomes of exceptions; what they say of policies that are not given is told.

    Args:
        exceptions: the exceptions.
        migrations: what became of the policies that they name.

    """
    for each in exceptions:
        lost: list[str] = []
        made: list[Manifest] = []
        by_kinds: dict[tuple[str, ...], list[Manifest]] = {}
        for meant in _meant(each, migrations, lost):
            try:
                one = _written(each, [meant.policy], meant.kinds)
                _prove(each, one, meant)
                by_kinds.setdefault(meant.kinds, []).append(meant.policy)
            except InputError as error:
                name = f"{text_at(meant.migration.policy, 'metadata', 'name')}/{text_at(meant.rule, 'name')}"
                lost.append(f"{name}: {error.message}")
        for number, (kinds, policies) in enumerate(sorted(by_kinds.items())):
            made.append(_written(each, policies, kinds, suffix=f"-{number + 1}" if number else ""))
        yield MigratedException(exception=each, made=tuple(made), lost=tuple(dict.fromkeys(lost)))


def _meant(exception: Manifest, migrations: Sequence[Migration], lost: list[str]) -> Iterator[_Meant]:
    for entry in objects_at(exception, "spec", "exceptions"):
        name, rules = text_at(entry, "policyName"), [str(each) for each in items_at(entry, "ruleNames")]
        found = [each for each in migrations if _key(each.policy) == name]
        if not found:
            lost.append(f"{name}: the policy is not among those that are given")
        for migration in found:
            policies = {each.rule: each.policy for each in migration.carried}
            for rule in objects_at(migration.policy, "spec", "rules"):
                own = text_at(rule, "name")
                kinds = tuple(_kinds(rules, own, controllers_of(migration.policy, rule)))
                if kinds and own in policies:
                    yield _Meant(migration=migration, rule=rule, policy=policies[own], kinds=kinds)
                elif kinds:
                    lost.append(f"{name}/{own}: the rule does not carry over")


def _key(policy: Manifest) -> str:
    space = text_at(policy, "metadata", "namespace") or "default"
    name = text_at(policy, "metadata", "name")
    return f"{space}/{name}" if text_at(policy, "kind") == "Policy" else name


def _kinds(names: list[str], rule: str, controllers: list[str]) -> Iterator[str]:
    """Yield ``*`` where an exception names a rule and all that is derived from it, else the kinds that it names."""
    parts = {
        "Pod": any_matches(names, rule),
        "CronJob": any_matches(names, f"autogen-cronjob-{rule}"[:63]),
        "": any_matches(names, f"autogen-{rule}"[:63]),
    }
    wanted = {kind: parts.get(kind, parts[""]) for kind in ("Pod", *controllers)}
    if all(wanted.values()) or (not controllers and parts["Pod"]):
        yield "*"
    else:
        yield from sorted(kind for kind, is_meant in wanted.items() if is_meant)


def _written(
    exception: Manifest, policies: Sequence[Manifest], kinds: tuple[str, ...], *, suffix: str = ""
) -> Manifest:
    """Return an exception of policies in CEL.

    Raises:
        NotCarriedError: what it asks of an object has no equal.

    """
    spec = mapping_at(exception, "spec")
    if items_at(spec, "podSecurity"):
        raise NotCarriedError(
            "podSecurity: an exception of a policy in CEL spares it as a whole, and no single control"
        )
    conditions: list[Json] = []
    if kinds != ("*",):
        conditions.append({"name": "kinds", "expression": f"request.kind.kind in {literal(list(kinds))}"})
    meant = meant_by(mapping_at(spec, "match"))
    if meant != "true":
        conditions.append({"name": "match", "expression": meant})
    if spec.get("conditions"):
        conditions.append({"name": "conditions", "expression": conditions_met(spec["conditions"], Queries())})
    refs = [{"name": text_at(each, "metadata", "name"), "kind": text_at(each, "kind")} for each in policies]
    meta = {key: value for key, value in mapping_at(exception, "metadata").items() if key in _KEPT}
    return {
        "apiVersion": KYVERNO_POLICIES_V1,
        "kind": "PolicyException",
        "metadata": {**meta, "name": f"{text_at(meta, 'name')}{suffix}"},
        "spec": {"policyRefs": list[Json](refs), **({"matchConditions": conditions} if conditions else {})},
    }


_KEPT = ("name", "namespace", "labels", "annotations")


def _prove(exception: Manifest, made: Manifest, meant: _Meant) -> None:
    """Hold an exception to the one that is made of it, on objects made for its rule and for itself.

    Raises:
        NotCarriedError: they spare different objects.

    """
    spec = mapping_at(exception, "spec")
    read = {**meant.rule, "exclude": mapping_at(spec, "match"), "conditions": spec.get("conditions")}
    controllers = controllers_of(meant.migration.policy, meant.rule)
    found = tried(
        meant.migration.policy,
        meant.rule,
        controllers,
        meant.policy,
        exceptions=(exception, made),
        read=read,
    ).disagreements
    if found:
        kind = found[0].object.partition("/")[0]
        raise NotCarriedError(f"CEL would say otherwise of a {kind}: {found[0].before}; {found[0].after}")
