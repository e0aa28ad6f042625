"""What a rule changes."""

from __future__ import annotations

from typing import Literal

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, JsonValue, Many, Text
from nixernetes.kyverno.vocabulary.rules.conditions import AnyAllConditions
from nixernetes.kyverno.vocabulary.rules.contexts import ContextEntry
from nixernetes.kyverno.vocabulary.rules.matching import ObjectSelector

__all__ = ["ForEachMutation", "Mutation", "MutationTarget"]


class ForEachMutation(Spec):
    """How each element of a list is changed."""

    context: Many[ContextEntry] | None = None
    """Variables, and where they come from."""
    foreach: JsonValue | None = None
    """The same for each element of a list."""
    list: Text | None = None
    """A JMESPath expression that gives the elements."""
    order: Literal["Ascending", "Descending"] | None = None
    """Whether elements are taken in `Ascending` or `Descending` order."""
    patch_strategic_merge: JsonValue | None = None
    """A strategic merge patch."""
    patches_json6902: Text | None = None
    """A JSON patch, as YAML."""
    preconditions: AnyAllConditions | None = None
    """Conditions that must hold before it applies."""


class MutationTarget(Spec):
    """Objects that are changed besides the one that triggers the rule."""

    api_version: Text | None = None
    """The API version."""
    context: Many[ContextEntry] | None = None
    """Variables, and where they come from."""
    kind: Text | None = None
    """The kind."""
    name: Text | None = None
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""
    preconditions: JsonValue | None = None
    """Conditions that must hold before it applies."""
    selector: ObjectSelector | None = None
    """Labels that objects must have."""
    uid: Text | None = None
    """The UID of the object."""


class Mutation(Spec):
    """How a rule changes objects."""

    foreach: Many[ForEachMutation] | None = None
    """The same for each element of a list."""
    mutate_existing_on_policy_update: Bool | None = None
    """Whether existing objects are changed when the policy is."""
    patch_strategic_merge: JsonValue | None = None
    """A strategic merge patch."""
    patches_json6902: Text | None = None
    """A JSON patch, as YAML."""
    targets: Many[MutationTarget] | None = None
    """Existing objects that are changed."""
