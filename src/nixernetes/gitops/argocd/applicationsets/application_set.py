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
    preserve_resources_on_deletion: Bool | None = None


class ApplicationMatchExpression(Spec):
    """Which Applications belong to a step, by a label."""

    key: Text | None = None
    operator: Literal["In", "NotIn"] | None = None
    values: Many[Text] | None = None


def _max_update(value: int | str) -> int | str:
    if (isinstance(value, int) and value < 0) or (isinstance(value, str) and not _PERCENT.match(value)):
        raise ValueError('must be a number of Applications, or a part such as "25%"')
    return value


class RollingSyncStep(Spec):
    """The Applications that are synced together."""

    match_expressions: Many[ApplicationMatchExpression] | None = None
    max_update: Annotated[IntOrText, AfterValidator(_max_update)] | None = None


class RollingSync(Spec):
    """The steps, one after the other; each waits until the one before is healthy."""

    steps: Many[RollingSyncStep] | None = None


class ApplicationSetStrategy(Spec):
    """Whether Applications are synced all at once or step by step, and in what order they are deleted."""

    type: Literal["AllAtOnce", "RollingSync", ""] | None = None
    rolling_sync: RollingSync | None = None
    deletion_order: Literal["AllAtOnce", "Reverse", ""] | None = None

    @model_validator(mode="after")
    def _rolling(self) -> Self:
        if self.deletion_order == "Reverse" and self.type != "RollingSync":
            raise ValueError("deletion_order: Reverse goes back through the steps: give type RollingSync")
        return self


class PreservedFields(Spec):
    """Labels and annotations of the Applications that are left as they are."""

    annotations: Many[Text] | None = None
    labels: Many[Text] | None = None


class IgnoreApplicationDifferences(Spec):
    """Fields of the Applications that others may change."""

    name: Text | None = None
    json_pointers: Many[Text] | None = None
    jq_path_expressions: Many[Text] | None = None


def _option(value: str) -> str:
    if value not in _OPTIONS:
        raise ValueError(f"must be one of {', '.join(_OPTIONS)}")
    return value


class ApplicationSet(ArgoResource):
    """Applications made from a template and generated parameters."""

    KIND: ClassVar[str] = "ApplicationSet"
    PLURAL: ClassVar[str] = "applicationsets"

    generators: Annotated[Many[Generator], Field(min_length=1)]
    template: ApplicationSetTemplate
    go_template: Bool | None = None
    go_template_options: Many[Annotated[Text, AfterValidator(_option)]] | None = None
    template_patch: Text | None = None
    sync_policy: ApplicationSetSyncPolicy | None = None
    strategy: ApplicationSetStrategy | None = None
    preserved_fields: PreservedFields | None = None
    ignore_application_differences: Many[IgnoreApplicationDifferences] | None = None
    apply_nested_selectors: Bool | None = None

    @model_validator(mode="after")
    def _go(self) -> Self:
        if self.template_patch is not None and self.go_template is not True:
            raise ValueError("template_patch: is a Go template: give go_template=True")
        return self
