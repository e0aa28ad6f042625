"""What a rule of a ClusterPolicy is about, and what it leaves out."""

from __future__ import annotations

from typing import Literal

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Many, StringMap, Text

__all__ = [
    "CleanupMatch",
    "FilterSubject",
    "LabelDemand",
    "MatchResources",
    "ObjectFilter",
    "ObjectSelector",
    "ResourceDescription",
]


class LabelDemand(Spec):
    """A demand on one label."""

    key: Text
    """The key."""
    operator: Text
    """The comparison."""
    values: Many[Text] | None = None
    """The values."""


class ObjectSelector(Spec):
    """A selector of labels."""

    match_expressions: Many[LabelDemand] | None = None
    """Demands on labels; all must hold."""
    match_labels: StringMap | None = None
    """Labels and their values; all must be there."""


class ResourceDescription(Spec):
    """Objects by kind, name, namespace and labels."""

    annotations: StringMap | None = None
    """Annotations that an object must have; keys and values may have wildcards."""
    kinds: Many[Text] | None = None
    """Kinds, as `Kind`, `version/Kind` or `group/version/Kind`, with wildcards."""
    name: Text | None = None
    """Its name."""
    names: Many[Text] | None = None
    """Names, with wildcards."""
    namespace_selector: ObjectSelector | None = None
    """Labels of the namespace."""
    namespaces: Many[Text] | None = None
    """Namespaces, with wildcards."""
    operations: Many[Literal["CREATE", "CONNECT", "UPDATE", "DELETE"]] | None = None
    """Operations of requests: `CREATE`, `UPDATE`, `DELETE`, `CONNECT`."""
    selector: ObjectSelector | None = None
    """Labels that objects must have."""


class FilterSubject(Spec):
    """Who makes a request."""

    api_group: Text | None = None
    """The API group of the subject."""
    kind: Text
    """The kind."""
    name: Text
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""


class ObjectFilter(Spec):
    """One filter of objects; all that it says must hold."""

    cluster_roles: Many[Text] | None = None
    """ClusterRoles of whoever makes the request."""
    resources: ResourceDescription | None = None
    """Objects by kind, name, namespace and labels."""
    roles: Many[Text] | None = None
    """Roles of whoever makes the request, as `namespace:name`."""
    subjects: Many[FilterSubject] | None = None
    """Who makes the request."""


class CleanupMatch(Spec):
    """Which objects: one of ``any``, or each of ``all``."""

    all: Many[ObjectFilter] | None = None
    """All of these must hold."""
    any: Many[ObjectFilter] | None = None
    """One of these must hold."""


class MatchResources(Spec):
    """Which objects a rule is about."""

    all: Many[ObjectFilter] | None = None
    """All of these must hold."""
    any: Many[ObjectFilter] | None = None
    """One of these must hold."""
    cluster_roles: Many[Text] | None = None
    """ClusterRoles of whoever makes the request."""
    resources: ResourceDescription | None = None
    """Objects by kind, name, namespace and labels."""
    roles: Many[Text] | None = None
    """Roles of whoever makes the request, as `namespace:name`."""
    subjects: Many[FilterSubject] | None = None
    """Who makes the request."""
