"""What users may do, by the roles that are bound to them (kubernetes v1.34.4, ``plugin/pkg/auth/authorizer/rbac``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, Protocol

from nixernetes.cluster.access import bootstrap
from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.rules import allows
from nixernetes.cluster.access.users import User, account_of
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.selectors import matches

__all__ = ["AccessDecision", "Authorizer", "RoleStore"]

_MOST: Final = 1000  # roles that one aggregates


class RoleStore(Protocol):
    """What holds roles and bindings."""

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind by namespace and name."""
        ...


class AccessDecision(NamedTuple):
    """Whether something is allowed.

    Attributes:
        allowed: whether it is.
        reason: by which binding.

    """

    allowed: bool
    reason: str = ""


class _Grant(NamedTuple):
    """Rules that a user has, and from where."""

    rules: list[Manifest]
    reason: str


class Authorizer:
    """Decides by the roles of one cluster; those that every cluster has are there even where they are no objects.

    Args:
        store: the cluster.

    """

    def __init__(self, store: RoleStore) -> None:
        self._store = store

    def decide(self, wish: Attributes) -> AccessDecision:
        """Tell whether somebody may do something."""
        if wish.user.is_administrator:
            return AccessDecision(allowed=True)
        for grant in self._grants(wish.user, wish.namespace):
            if any(allows(rule, wish) for rule in grant.rules):
                return AccessDecision(allowed=True, reason=grant.reason)
        return AccessDecision(allowed=False)

    def check(self, wish: Attributes) -> None:
        """Refuse what is not allowed.

        Raises:
            ApiError: Forbidden.

        """
        if not self.decide(wish).allowed:
            raise wish.refusal()

    def rules_of(self, user: User, namespace: str) -> list[Manifest]:
        """Return all rules that a user has in a namespace, ``""`` for the whole cluster alone."""
        return [rule for grant in self._grants(user, namespace) for rule in grant.rules]

    def role_rules(self, reference: Manifest, namespace: str) -> list[Manifest] | None:
        """Return the rules of the role that a ``roleRef`` names; None where it is not there."""
        name = text_at(reference, "name")
        if text_at(reference, "kind") == "Role":
            role = self._store.rows(ROLE).get((namespace, name))
            return None if role is None else objects_at(role, "rules")
        role = self._store.rows(CLUSTER_ROLE).get(("", name)) or bootstrap.roles().get(name)
        return None if role is None else self._aggregated(role)

    def _grants(self, user: User, namespace: str) -> Iterator[_Grant]:
        stored = {name: each for (_, name), each in self._store.rows(CLUSTER_ROLE_BINDING).items()}
        for name, each in sorted({**bootstrap.bindings(), **stored}.items()):
            found = self._grant(each, user, "", f'ClusterRoleBinding "{name}"')
            if found is not None:
                yield found
        if not namespace:
            return
        for (place, name), each in sorted(self._store.rows(ROLE_BINDING).items()):
            if place == namespace:
                found = self._grant(each, user, namespace, f'RoleBinding "{name}/{namespace}"')
                if found is not None:
                    yield found

    def _grant(self, binding: Manifest, user: User, namespace: str, where: str) -> _Grant | None:
        subject = next((each for each in objects_at(binding, "subjects") if _is_meant(each, user, namespace)), None)
        if subject is None:
            return None
        reference = mapping_at(binding, "roleRef")
        rules = self.role_rules(reference, namespace)
        if rules is None:
            return None
        role = f'{text_at(reference, "kind")} "{text_at(reference, "name")}"'
        return _Grant(rules, f"RBAC: allowed by {where} of {role} to {_shown(subject, namespace)}")

    def _aggregated(self, role: Manifest) -> list[Manifest]:
        """Return the rules of a role, those of the roles that it gathers, too."""
        rules = list(objects_at(role, "rules"))
        selectors = objects_at(role, "aggregationRule", "clusterRoleSelectors")
        if not selectors:
            return rules
        stored = {name: each for (_, name), each in self._store.rows(CLUSTER_ROLE).items()}
        for each in list({**bootstrap.roles(), **stored}.values())[:_MOST]:
            if each is not role and any(_selects(selector, each) for selector in selectors):
                rules += objects_at(each, "rules")
        return rules


def _selects(selector: Manifest, role: Manifest) -> bool:
    try:
        return bool(items_at(selector, "matchExpressions") or mapping_at(selector, "matchLabels")) and matches(
            selector, labels_of(role)
        )
    except ValueError:
        return False


def _is_meant(subject: Manifest, user: User, namespace: str) -> bool:
    name = text_at(subject, "name")
    match text_at(subject, "kind"):
        case "User":
            return name == user.name
        case "Group":
            return name in user.groups
        case "ServiceAccount":
            return account_of(user.name) == (text_at(subject, "namespace") or namespace, name)
    return False


def _shown(subject: Manifest, namespace: str) -> str:
    kind, name = text_at(subject, "kind"), text_at(subject, "name")
    if kind == "ServiceAccount":
        name = f"{name}/{text_at(subject, 'namespace') or namespace}"
    return f'{kind} "{name}"'
