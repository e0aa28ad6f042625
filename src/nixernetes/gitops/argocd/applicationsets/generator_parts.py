"""What several generators of an ApplicationSet share: selectors, references to Secrets, templates (section 14)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import ValidationInfo, model_validator

from nixernetes.gitops.argocd.applications.application_fields import ApplicationSpec
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Many, StringMap, Text

__all__ = [
    "ApplicationSetTemplate",
    "BasicAuth",
    "BearerToken",
    "ConfigMapKey",
    "LabelSelector",
    "SecretKey",
    "SelectorRequirement",
    "TemplateMetadata",
]

_WITH_VALUES = ("In", "NotIn")


class SelectorRequirement(Spec):
    """A rule about one label."""

    key: Text
    """The label."""
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    """How the label is compared."""
    values: Many[Text] | None = None
    """The values for `In` and `NotIn`."""

    @model_validator(mode="after")
    def _values(self) -> Self:
        if bool(self.values) != (self.operator in _WITH_VALUES):
            raise ValueError(f"{self.operator} takes {'values' if self.operator in _WITH_VALUES else 'no values'}")
        return self


class LabelSelector(Spec):
    """Labels that must be there; all of them."""

    match_labels: StringMap | None = None
    """Labels that must be there; all of them."""
    match_expressions: Many[SelectorRequirement] | None = None
    """Rules about labels; all of them must hold."""


class SecretKey(Spec):
    """A key of a Secret in the ApplicationSet's namespace."""

    secret_name: Text
    """The Secret's name."""
    key: Text
    """The key of the Secret."""


class ConfigMapKey(Spec):
    """A key of a ConfigMap in the ApplicationSet's namespace."""

    config_map_name: Text
    """The ConfigMap's name."""
    key: Text
    """The key of the ConfigMap."""


class BasicAuth(Spec):
    """A user, and the password in a Secret."""

    username: Text
    """The user."""
    password_ref: SecretKey
    """The Secret with the password."""


class BearerToken(Spec):
    """A token in a Secret."""

    token_ref: SecretKey
    """The Secret with the token."""


class TemplateMetadata(Spec):
    """The metadata of the Applications that are made; values may hold placeholders."""

    name: Text | None = None
    """The Application's name; every one needs another."""
    namespace: Text | None = None
    """The Application's namespace. Argo CD takes the ApplicationSet's own."""
    labels: StringMap | None = None
    """Labels of the Application."""
    annotations: StringMap | None = None
    """Annotations of the Application."""
    finalizers: Many[Text] | None = None
    """Finalizers of the Application. `resources-finalizer.argocd.argoproj.io` deletes its objects with it."""


_FLAT: tuple[str, ...] = ("name", "namespace", "labels", "annotations", "finalizers")


class ApplicationSetTemplate(Spec):
    """The Application that is made from each set of parameters.

    In Python its fields may be written flat, as those of an Application: ``{"name": "{{name}}", "source": ...}``.
    """

    FLAT: ClassVar[tuple[str, ...]] = _FLAT

    metadata: TemplateMetadata
    """Name, labels and annotations of the Application."""
    spec: ApplicationSpec
    """The spec of the Application."""

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields, those that were written flat put under metadata and spec."""
        del info
        if "metadata" in fields or "spec" in fields or not fields:
            return {"metadata": {}, "spec": {}, **fields}
        metadata = {name: value for name, value in fields.items() if name in _FLAT}
        return {"metadata": metadata, "spec": {name: value for name, value in fields.items() if name not in _FLAT}}
