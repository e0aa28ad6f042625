"""A webhook that is told what happens to deliveries, whichever engine brings them.

Each engine has its own objects for it, and each can do things that the other cannot. What an engine cannot honour is an
error that says so, never silently left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from nixernetes.errors import InputError
from nixernetes.gitops.argocd.notifications.catalog import TRIGGERS
from nixernetes.gitops.argocd.notifications.notifications import NotificationsConfig
from nixernetes.gitops.flux.notifications.alert import Alert
from nixernetes.gitops.flux.notifications.provider import Provider
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Bool, Int, Name, StringMap, Text, matching
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import FLUX_NAMESPACE

__all__ = ["ArgoNotification", "WebhookNotification"]

_SOURCES = ("Kustomization", "HelmRelease", "GitRepository", "OCIRepository", "HelmRepository", "Bucket")
_DEFAULT_TRIGGERS = ("on-deployed", "on-health-degraded", "on-sync-failed")
_LONGEST = 63  # characters of an annotation's name, after its prefix
_SUBSCRIBE = "notifications.argoproj.io/subscribe"
_BODY = {
    "application": "{{.app.metadata.name}}",
    "trigger": "",
    "sync": "{{.app.status.sync.status}}",
    "health": "{{.app.status.health.status}}",
    "revision": "{{.app.status.sync.revision}}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgoNotification:
    """What Argo CD needs for a webhook.

    Attributes:
        config: service, triggers and templates, in the notifications ConfigMap.
        annotations: subscribe the Application or AppProject that they are put on.

    """

    config: NotificationsConfig
    annotations: dict[str, str]


class WebhookNotification(Spec):
    """A webhook, as the guide declares it."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"url", "password", "headers"})

    url: Annotated[Text, matching(r"^https?://[^/\s]+", "must start with https:// or http://")]
    """Where to send: `https://...`."""
    name: Name = guide("webhook")
    """What its objects are called. Default: `webhook`."""
    insecure_skip_verify: Bool | None = None
    """Whether any TLS certificate is accepted. Argo CD only. Default: False."""
    secret_name: Text | None = None
    """A Secret with `address` and `headers` in place of `url`. Flux only."""
    ca_secret_name: Text | None = None
    """A Secret with the CA of the server (`ca.crt`). Flux only."""
    headers: StringMap | None = None
    """Headers to send. Argo CD only: Flux takes them from `secret_name`."""
    username: Text | None = None
    """The user of basic authentication. Argo CD only."""
    password: Text | None = None
    """The password of basic authentication; never shown. Argo CD only."""
    method: Literal["POST", "PUT", "PATCH", "GET"] | None = None
    """The HTTP method. Default: `POST`, the only one that Flux knows."""
    body: Text | None = None
    """The text to send, a Go template. Argo CD only: Flux has one form."""
    retry_max: Annotated[Int, Field(ge=0)] | None = None
    """How often to try again. Argo CD only."""
    severity: Literal["info", "error"] | None = None
    """Whether everything is sent (`info`) or only errors (`error`). Flux only."""

    def flux(
        self, *, namespace: str = FLUX_NAMESPACE, sources: Iterable[Resource | dict[str, Any]] = ()
    ) -> list[Resource]:
        """Return the Provider and the Alert.

        Args:
            namespace: where both stand.
            sources: whose events are sent; none means every delivery and source in that namespace.

        Raises:
            InputError: a field is given that Flux cannot honour.

        """
        self._refuse_for_flux()
        given = list(sources) or [{"kind": kind, "name": "*"} for kind in _SOURCES]
        secret = {"secret_ref": {"name": self.secret_name}} if self.secret_name else {}
        certificate = {"cert_secret_ref": {"name": self.ca_secret_name}} if self.ca_secret_name else {}
        provider = Provider(
            name=self.name, namespace=namespace, type="generic", address=self.url, **secret, **certificate
        )
        severity = {"event_severity": self.severity} if self.severity else {}
        alert = Alert(name=self.name, namespace=namespace, provider_ref=provider, event_sources=given, **severity)
        return [provider, alert]

    def argocd(self, *, triggers: Iterable[str] = _DEFAULT_TRIGGERS) -> ArgoNotification:
        """Return service, triggers and templates, and the annotations that subscribe an Application or AppProject.

        Args:
            triggers: names of the catalogue's triggers: what to be told of.

        Raises:
            InputError: a field is given that Argo CD cannot honour, or a trigger is not in the catalogue.

        """
        for field, remedy in (
            ("secret_name", "write $key in url or headers, and put the key into argocd-notifications-secret"),
            ("ca_secret_name", "put the CA into argocd-tls-certs-cm"),
            ("severity", "choose triggers: argocd(triggers=['on-sync-failed'])"),
        ):
            if self.__dict__[field] is not None:
                self._fail(f"{field}: Argo CD cannot honour it: {remedy}")
        chosen = list(triggers)
        unknown = [trigger for trigger in chosen if trigger not in TRIGGERS]
        if unknown:
            self._fail(f"there is no trigger {unknown[0]}: there are {', '.join(TRIGGERS)}")
        self._check_name(chosen)
        config = NotificationsConfig(
            services={f"webhook.{self.name}": self._service()},
            triggers={self._own(trigger): [self._trigger(trigger)] for trigger in chosen},
            templates={self._template(trigger): self._message(trigger) for trigger in chosen},
        )
        annotations = {f"{_SUBSCRIBE}.{self._own(trigger)}.{self.name}": "" for trigger in chosen}
        return ArgoNotification(config=config, annotations=annotations)

    def _refuse_for_flux(self) -> None:
        headers = "put them as YAML under the key headers of a Secret, and give its name as secret_name"
        for field, remedy in (
            ("insecure_skip_verify", "it always verifies TLS; give the CA in a Secret, as ca_secret_name"),
            ("headers", headers),
            ("username", f"it sends no user; write an Authorization header: {headers}"),
            ("password", f"it sends no password; write an Authorization header: {headers}"),
            ("body", "the generic provider has one form of event; leave it out"),
            ("retry_max", "it has no such setting; leave it out"),
        ):
            if self.__dict__[field] not in (None, False):
                self._fail(f"{field}: Flux cannot honour it: {remedy}")
        if self.method not in (None, "POST"):
            self._fail("method: Flux cannot honour it: it always sends POST; leave it out")

    def _fail(self, message: str) -> None:
        raise InputError(message, subject=f"WebhookNotification {self.name}", place=self.declared_at)

    def _service(self) -> dict[str, Json]:
        found: dict[str, Json] = {"url": self.url}
        headers = {"Content-Type": "application/json", **(self.headers or {})}
        found["headers"] = [{"name": name, "value": value} for name, value in headers.items()]
        if self.username is not None or self.password is not None:
            found["basicAuth"] = {"username": self.username or "", "password": self.password or ""}
        if self.insecure_skip_verify:
            found["insecureSkipVerify"] = True
        if self.retry_max is not None:
            found["retryMax"] = self.retry_max
        return found

    def _check_name(self, triggers: Iterable[str]) -> None:
        if "." in self.name:
            self._fail("name: Argo CD cannot honour it: it reads what follows a dot as something else; leave dots out")
        for trigger in triggers:
            key = f"subscribe.{self._own(trigger)}.{self.name}"
            if len(key) > _LONGEST:
                self._fail(f"name: {key} is too long for the name of an annotation: take a shorter one")

    def _own(self, trigger: str) -> str:
        """Name the trigger apart from the catalogue's: that one may send templates that have nothing for a webhook."""
        return f"{self.name}-{trigger}"

    def _template(self, trigger: str) -> str:
        return f"{self.name}-{trigger.removeprefix('on-')}"

    def _trigger(self, trigger: str) -> dict[str, Json]:
        when, once, _, description, _ = TRIGGERS[trigger]
        found: dict[str, Json] = {"when": when, "send": [self._template(trigger)], "description": description}
        return found | ({"once_per": once} if once else {})

    def _message(self, trigger: str) -> dict[str, Json]:
        body = self.body if self.body is not None else json.dumps({**_BODY, "trigger": trigger}, indent=2)
        return {"webhook": {self.name: {"method": self.method or "POST", "body": body}}}
