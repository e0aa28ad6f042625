"""Where the variables of a rule come from."""

from __future__ import annotations

from typing import Literal

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, JsonValue, Many, Text

__all__ = [
    "ContextCall",
    "ContextConfigMap",
    "ContextEntry",
    "ContextRegistry",
    "ContextService",
    "ContextVariable",
    "GlobalContextReference",
    "ImageRegistryCredentials",
    "RequestData",
    "RequestHeader",
]


class RequestData(Spec):
    """A part of the body of a call."""

    key: Text
    """The key."""
    value: JsonValue
    """The value."""


class RequestHeader(Spec):
    """A header of a call."""

    key: Text
    """The key."""
    value: Text
    """The value."""


class ContextService(Spec):
    """A service that is called."""

    ca_bundle: Text | None = None
    """Certificates, in PEM, that the service is trusted by."""
    headers: Many[RequestHeader] | None = None
    """Headers of the call."""
    url: Text
    """The URL."""


class ContextCall(Spec):
    """A call of the Kubernetes API, or of a service."""

    data_: Many[RequestData] | None = None
    """What is sent, for `POST`."""
    default: JsonValue | None = None
    """The value where there is no other."""
    jmes_path: Text | None = None
    """A JMESPath expression that picks a part of what was read."""
    method: Literal["GET", "POST"] | None = None
    """The method: `GET` or `POST`. Default: `GET`."""
    service: ContextService | None = None
    """A service outside of the Kubernetes API."""
    url_path: Text | None = None
    """The path in the Kubernetes API."""


class ContextConfigMap(Spec):
    """A ConfigMap whose content is a variable."""

    name: Text
    """Its name."""
    namespace: Text | None = None
    """Its namespace."""


class GlobalContextReference(Spec):
    """A GlobalContextEntry whose content is a variable."""

    jmes_path: Text | None = None
    """A JMESPath expression that picks a part of what was read."""
    name: Text
    """Its name."""


class ImageRegistryCredentials(Spec):
    """How to log in to registries."""

    allow_insecure_registry: Bool | None = None
    """Whether a registry may be reached without TLS."""
    providers: Many[Literal["default", "amazon", "azure", "google", "github"]] | None = None
    """Clouds whose helpers log in."""
    secrets: Many[Text] | None = None
    """Secrets with logins."""


class ContextRegistry(Spec):
    """What a registry says of an image."""

    image_registry_credentials: ImageRegistryCredentials | None = None
    """How to log in to registries."""
    jmes_path: Text | None = None
    """A JMESPath expression that picks a part of what was read."""
    reference: Text
    """The image, by reference."""


class ContextVariable(Spec):
    """A value, or a part of one."""

    default: JsonValue | None = None
    """The value where there is no other."""
    jmes_path: Text | None = None
    """A JMESPath expression that picks a part of what was read."""
    value: JsonValue | None = None
    """The value."""


class ContextEntry(Spec):
    """A variable of a rule, and where its value comes from."""

    api_call: ContextCall | None = None
    """A call of the Kubernetes API, or of a service."""
    config_map: ContextConfigMap | None = None
    """A ConfigMap."""
    global_reference: GlobalContextReference | None = None
    """A GlobalContextEntry."""
    image_registry: ContextRegistry | None = None
    """What a registry says of an image."""
    name: Text
    """Its name."""
    variable: ContextVariable | None = None
    """A value, or a part of one."""
