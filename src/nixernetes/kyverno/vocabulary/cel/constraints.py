"""What a policy in CEL is about."""

from __future__ import annotations

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Many, Text
from nixernetes.kyverno.vocabulary.rules.matching import ObjectSelector

__all__ = ["ConstrainedResources", "MatchConstraints", "TargetConstraints"]


class ConstrainedResources(Spec):
    """Resources by group, version, name and operation."""

    api_groups: Many[Text] | None = None
    """API groups; `*` for all."""
    api_versions: Many[Text] | None = None
    """API versions; `*` for all."""
    operations: Many[Text] | None = None
    """Operations of requests: `CREATE`, `UPDATE`, `DELETE`, `CONNECT`."""
    resource_names: Many[Text] | None = None
    """Names of objects."""
    resources: Many[Text] | None = None
    """Resources by plural name, such as `pods`; `*` for all."""
    scope: Text | None = None
    """Whether `Cluster` or `Namespaced` resources match, or `*`."""


class MatchConstraints(Spec):
    """Which requests the policy is about."""

    exclude_resource_rules: Many[ConstrainedResources] | None = None
    """Resources that are left out."""
    match_policy: Text | None = None
    """Whether equivalent API versions match too (`Equivalent`) or only those named (`Exact`)."""
    namespace_selector: ObjectSelector | None = None
    """Labels of the namespace."""
    object_selector: ObjectSelector | None = None
    """Labels of the object."""
    resource_rules: Many[ConstrainedResources] | None = None
    """Resources and operations; one must match."""


class TargetConstraints(Spec):
    """Which existing objects are changed."""

    exclude_resource_rules: Many[ConstrainedResources] | None = None
    """Resources that are left out."""
    expression: Text | None = None
    """An expression in CEL."""
    match_policy: Text | None = None
    """Whether equivalent API versions match too (`Equivalent`) or only those named (`Exact`)."""
    namespace_selector: ObjectSelector | None = None
    """Labels of the namespace."""
    object_selector: ObjectSelector | None = None
    """Labels of the object."""
    resource_rules: Many[ConstrainedResources] | None = None
    """Resources and operations; one must match."""
