"""What a rule generates."""

from __future__ import annotations

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, JsonValue, Many, Text
from nixernetes.kyverno.vocabulary.rules.conditions import AnyAllConditions
from nixernetes.kyverno.vocabulary.rules.contexts import ContextEntry
from nixernetes.kyverno.vocabulary.rules.matching import ObjectSelector

__all__ = ["CloneList", "CloneSource", "ForEachGeneration", "Generation"]


class CloneList(Spec):
    """Objects of a namespace that are copied."""

    kinds: Many[Text] | None = None
    """Kinds, as `Kind`, `version/Kind` or `group/version/Kind`, with wildcards."""
    namespace: Text | None = None
    """Its namespace."""
    selector: ObjectSelector | None = None
    """Labels that objects must have."""


class CloneSource(Spec):
    """An object that is copied."""

    name: Text | None = None
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""


class ForEachGeneration(Spec):
    """Objects that are made for each element of a list."""

    api_version: Text | None = None
    """The API version."""
    clone: CloneSource | None = None
    """The object that is copied."""
    clone_list: CloneList | None = None
    """Objects that are copied together."""
    context: Many[ContextEntry] | None = None
    """Variables, and where they come from."""
    data_: JsonValue | None = None
    """The object's content."""
    kind: Text | None = None
    """The kind."""
    list: Text | None = None
    """A JMESPath expression that gives the elements."""
    name: Text | None = None
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""
    preconditions: AnyAllConditions | None = None
    """Conditions that must hold before it applies."""
    uid: Text | None = None
    """The UID of the object."""


class Generation(Spec):
    """An object that a rule makes."""

    api_version: Text | None = None
    """The API version."""
    clone: CloneSource | None = None
    """The object that is copied."""
    clone_list: CloneList | None = None
    """Objects that are copied together."""
    data_: JsonValue | None = None
    """The object's content."""
    foreach: Many[ForEachGeneration] | None = None
    """The same for each element of a list."""
    generate_existing: Bool | None = None
    """Whether objects are made for what exists already."""
    kind: Text | None = None
    """The kind."""
    name: Text | None = None
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""
    orphan_downstream_on_policy_delete: Bool | None = None
    """Whether generated objects stay when the policy goes."""
    synchronize: Bool | None = None
    """Whether what was generated is kept equal to its source."""
    uid: Text | None = None
    """The UID of the object."""
