"""ApplicationSet: Applications made from a template and generated parameters (section 14)."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from nixernetes.gitops.argocd.applicationsets.generator_parts import ApplicationSetTemplate
from nixernetes.gitops.argocd.applicationsets.generators import Generator
from nixernetes.gitops.argocd.argo_resource import ArgoResource, IntOrText
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Many, Text

__all__ = [
    "ApplicationMatchExpression",
    "ApplicationSet",
    "ApplicationSetStrategy",
    "ApplicationSetSyncPolicy",
    "IgnoreApplicationDifferences",
    "PreservedFields",
    "RollingSync",
    "RollingSyncStep",
]

_OPTIONS = ("missingkey=default", "missingkey=invalid", "missingkey=zero", "missingkey=error")
_PERCENT = re.compile(r"\d+%?\Z")


class ApplicationSetSyncPolicy(Spec):
    """What may happen to the Applications that are made."""

    applications_sync: Literal["create-only", "create-update", "create-delete", "sync"] | None = None
    """What may be done to Applications: create, update and delete (`sync`, Argo CD's default), or only some of it."""
    preserve_resources_on_deletion: Bool | None = None
    """Whether the objects stay when an Application is deleted. Argo CD's default: False."""


class ApplicationMatchExpression(Spec):
    """Which Applications belong to a step, by a label."""

    key: Text | None = None
    """The label."""
    operator: Literal["In", "NotIn"] | None = None
    """How the label is compared."""
    values: Many[Text] | None = None
    """The values."""


def _max_update(value: int | str) -> int | str:
    if (isinstance(value, int) and value < 0) or (isinstance(value, str) and not _PERCENT.match(value)):
        raise ValueError('must be a number of Applications, or a part such as "25%"')
    return value


class RollingSyncStep(Spec):
    """The Applications that are synced together."""

    match_expressions: Many[ApplicationMatchExpression] | None = None
    """Which Applications belong to the step; all of the rules must hold."""
    max_update: Annotated[IntOrText, AfterValidator(_max_update)] | None = None
    """How many of them are synced at the same time: a number or a part such as `25%`. All when left out."""


class RollingSync(Spec):
    """The steps, one after the other; each waits until the one before is healthy."""

    steps: Many[RollingSyncStep] | None = None
    """The steps, in order."""


class ApplicationSetStrategy(Spec):
    """Whether Applications are synced all at once or step by step, and in what order they are deleted."""

    type: Literal["AllAtOnce", "RollingSync", ""] | None = None
    """Whether all at once (`AllAtOnce`, Argo CD's default) or step by step (`RollingSync`)."""
    rolling_sync: RollingSync | None = None
    """The steps of `RollingSync`."""
    deletion_order: Literal["AllAtOnce", "Reverse", ""] | None = None
    """In what order Applications are deleted. Argo CD's default: `AllAtOnce`."""

    @model_validator(mode="after")
    def _rolling(self) -> Self:
        if self.deletion_order == "Reverse" and self.type != "RollingSync":
            raise ValueError("deletion_order: Reverse goes back through the steps: give type RollingSync")
        return self


class PreservedFields(Spec):
    """Labels and annotations of the Applications that are left as they are."""

    annotations: Many[Text] | None = None
    """The annotations."""
    labels: Many[Text] | None = None
    """The labels."""


class IgnoreApplicationDifferences(Spec):
    """Fields of the Applications that others may change."""

    name: Text | None = None
    """The Application. Every one when left out."""
    json_pointers: Many[Text] | None = None
    """JSON pointers of the fields: `/spec/source/targetRevision`."""
    jq_path_expressions: Many[Text] | None = None
    """The jq paths of the fields."""


def _option(value: str) -> str:
    if value not in _OPTIONS:
        raise ValueError(f"must be one of {', '.join(_OPTIONS)}")
    return value


class ApplicationSet(ArgoResource):
    """Applications made from a template and generated parameters."""

    KIND: ClassVar[str] = "ApplicationSet"
    PLURAL: ClassVar[str] = "applicationsets"

    generators: Annotated[Many[Generator], Field(min_length=1)]
    """Where the parameters come from; the sets of all generators count."""
    template: ApplicationSetTemplate
    """The Application that is made for each set of parameters."""
    go_template: Bool | None = None
    """Whether placeholders are Go templates: `{{.name}}` in place of `{{name}}`. Argo CD's default: False."""
    go_template_options: Many[Annotated[Text, AfterValidator(_option)]] | None = None
    """Options of Go templates: `missingkey=error` fails where a parameter is missing."""
    template_patch: Text | None = None
    """A Go template of YAML that is merged into each Application; for what is not text."""
    sync_policy: ApplicationSetSyncPolicy | None = None
    """What may happen to the Applications."""
    strategy: ApplicationSetStrategy | None = None
    """Whether Applications are synced all at once or step by step."""
    preserved_fields: PreservedFields | None = None
    """Labels and annotations of the Applications that are left as they are."""
    ignore_application_differences: Many[IgnoreApplicationDifferences] | None = None
    """Fields of the Applications that others may change."""
    apply_nested_selectors: Bool | None = None
    """Does nothing any more: selectors inside of generators always count."""

    @model_validator(mode="after")
    def _go(self) -> Self:
        if self.template_patch is not None and self.go_template is not True:
            raise ValueError("template_patch: is a Go template: give go_template=True")
        return self
