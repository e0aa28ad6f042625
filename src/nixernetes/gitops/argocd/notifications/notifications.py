"""The ConfigMap of Argo CD's notifications: services, triggers, templates, subscriptions (section 15).

In Python each part is a keyword; in the ConfigMap each service, trigger and template is a key with YAML text. Text that
was read stays as it is. Secrets do not belong here: write ``$key``, and put the key into
``argocd-notifications-secret``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator

from nixernetes.errors import InputError
from nixernetes.gitops.argocd.notifications.services import SERVICES, check_service, check_service_name
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Bool, JsonMap, Many, Name, Namespace, StringMap, Text
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_NAMESPACE

__all__ = ["NotificationsConfig", "Subscription", "TriggerCondition"]

_PREFIXES = {"services": "service", "triggers": "trigger", "templates": "template"}
_SINGLE = {"subscriptions": "subscriptions", "default_triggers": "defaultTriggers", "context": "context"}


class TriggerCondition(Spec):
    """When to send which templates; ``when`` and ``once_per`` are expressions over ``app``."""

    when: Text
    """The expression over `app` that must become true."""
    send: Annotated[Many[Text], Field(min_length=1)]
    """The templates to send."""
    once_per: Text | None = None
    """An expression: a message is sent once for each value that it has. Left out, each time that `when` becomes
    true."""
    description: Text | None = None
    """What the trigger is for."""


class Subscription(Spec):
    """Recipients (``service:address``) of some triggers, for the Applications that have the labels."""

    recipients: Annotated[Many[Text], Field(min_length=1)]
    """The receiver: `slack:channel`, `webhook:name`."""
    triggers: Many[Text] | None = None
    """The triggers that count. The default triggers when left out."""
    selector: Text | None = None
    """Labels that the Applications must have, as `kubectl -l` takes them. All when left out."""


class NotificationsConfig(Resource):
    """What Argo CD tells whom, and when.

    Keywords: ``services`` (``{"slack": {"token": "$slack-token"}}``), ``triggers`` (name to conditions), ``templates``
    (name to message and service parts), ``subscriptions``, ``default_triggers`` (names, or a dict from service to
    names) and ``context`` (values for templates).
    """

    API_VERSION: ClassVar[str] = "v1"
    KIND: ClassVar[str] = "ConfigMap"
    PLURAL: ClassVar[str] = "configmaps"

    name: Name = guide("argocd-notifications-cm")
    """The name of the ConfigMap. Default: `argocd-notifications-cm`, which is the one that Argo CD reads."""
    namespace: Namespace | None = guide(ARGOCD_NAMESPACE, required=False)
    """The namespace. Default: `argocd`, where Argo CD itself runs."""
    entries: StringMap | None = None
    """The keys of the ConfigMap and their YAML text, as they are."""
    binary_data: JsonMap | None = None
    """Keys with binary values, in base64."""
    immutable: Bool | None = None
    """Whether the ConfigMap can never change. Kubernetes' default: False."""

    # Keywords that stand for several entries are taken too, and used by the modules beside this one.
    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields with the parts written as keys with YAML text."""
        del info
        names = {"defaultTriggers": "default_triggers"}
        rest = {names.get(name, name): value for name, value in fields.items()}
        entries: dict[str, str] = dict(rest.pop("entries", {}))
        for part in (*_PREFIXES, *_SINGLE):
            if part in rest:
                entries.update({key: yamls.dump(value) for key, value in _parts(part, rest.pop(part))})
        return {**rest, **({"entries": entries} if entries else {})}

    @model_validator(mode="after")
    def _understood(self) -> Self:
        for key, text in (self.entries or {}).items():
            _check(key, _parsed(key, text))
        for name, conditions in self.triggers.items():
            unknown = sorted({template for item in conditions for template in item.send} - self.templates.keys())
            if unknown:
                raise ValueError(f"trigger {name} sends {unknown[0]}, and there is no such template: add it")
        return self

    @property
    def services(self) -> dict[str, Manifest]:
        """Service (``slack``, ``webhook.name``) to its settings."""
        return self._of("service")

    @property
    def triggers(self) -> dict[str, list[TriggerCondition]]:
        """Trigger to its conditions."""
        found: dict[str, list[Json]] = self._of("trigger")
        return {name: [TriggerCondition.from_data(item) for item in items] for name, items in found.items()}

    @property
    def templates(self) -> dict[str, Manifest]:
        """Template to its message and service parts."""
        return self._of("template")

    def merged(self, other: NotificationsConfig) -> Self:
        """Return both in one, the subscriptions of both.

        Raises:
            InputError: both say something different about one service, template or other key.

        """
        entries = dict(self.entries or {})
        for key, text in (other.entries or {}).items():
            before = entries.get(key)
            same = before is None or yamls.parse(before) == yamls.parse(text)
            entries[key] = text if same else self._joined(key, str(before), text)
        return self.with_fields(entries=entries)

    def _joined(self, key: str, before: str, text: str) -> str:
        if key == "subscriptions":
            old, new = yamls.parse(before), yamls.parse(text)
            return yamls.dump([*old, *(item for item in new if item not in old)])
        raise InputError(
            f"two different values of {key} in one notifications ConfigMap: rename one",
            subject=str(self.key),
            place=self.declared_at,
        )

    def _of(self, prefix: str) -> dict[str, Any]:
        start = f"{prefix}."
        return {
            key.removeprefix(start): yamls.parse(text)
            for key, text in (self.entries or {}).items()
            if key.startswith(start)
        }

    def body(self, payload: Manifest) -> Manifest:
        """Return data, binaryData and immutable."""
        names = {"entries": "data"}
        return {names.get(name, name): value for name, value in payload.items()}

    @classmethod
    def fields_of(cls, body: Manifest) -> Manifest:
        """Return the fields for the parts of a ConfigMap.

        Raises:
            ValueError: a part is not a ConfigMap's.

        """
        unknown = sorted(body.keys() - {"data", "binaryData", "immutable"})
        if unknown:
            raise ValueError(f"a ConfigMap has no field {unknown[0]}: it has data, binaryData and immutable")
        return {("entries" if name == "data" else name): value for name, value in body.items()}


def _parts(part: str, value: Any) -> list[tuple[str, Json]]:
    """Return (key, value) of each entry that a keyword means."""
    if part in _PREFIXES:
        if not isinstance(value, Mapping):
            raise ValueError(f"{part}: must be a mapping from name to {_PREFIXES[part]}")
        return [(f"{_PREFIXES[part]}.{name}", _entry(part, name, item)) for name, item in value.items()]
    if part == "default_triggers" and isinstance(value, Mapping):
        return [(f"defaultTriggers.{service}", list(names)) for service, names in value.items()]
    if part == "subscriptions":
        return [(part, [_spec(Subscription, item, f"{part}[{at}]") for at, item in enumerate(value)])]
    return [(_SINGLE[part], dict(value) if isinstance(value, Mapping) else list(value))]


def _entry(part: str, name: str, item: Any) -> Json:
    if part != "triggers":
        return item
    conditions = [item] if isinstance(item, Mapping | Spec) else list(item)
    return [_spec(TriggerCondition, one, f"triggers.{name}[{at}]") for at, one in enumerate(conditions)]


def _spec(kind: type[Spec], item: Any, where: str) -> Manifest:
    if isinstance(item, kind):
        return item.data()
    try:
        return kind(**item).data()
    except InputError as error:
        raise ValueError(f"{where}: {error.message}") from None


def _parsed(key: str, text: str) -> Json:
    try:
        return yamls.parse(text)
    except InputError as error:
        raise ValueError(f"data.{key}: is not YAML: {error.message}") from None


def _check(key: str, value: Json) -> None:
    prefix, _, name = key.partition(".")
    match prefix:
        case "service" if name:
            check_service(name, value)
        case "trigger" if name:
            _check_list(key, value, TriggerCondition)
        case "template" if name:
            _check_template(name, value)
        case "subscriptions" if not name:
            _check_list(key, value, Subscription)
        case "defaultTriggers":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ValueError(f"{key}: must be a list of triggers")
        case "context" if not name:
            if not isinstance(value, dict):
                raise ValueError("context: must be a mapping")  # noqa: TRY004  # pydantic gathers ValueErrors
        case _:
            raise ValueError(
                f"{key!r} means nothing to Argo CD: keys are service.<name>, trigger.<name>, template.<name>, "
                "subscriptions, defaultTriggers[.<service>] and context"
            )


def _check_list(key: str, value: Json, kind: type[Spec]) -> None:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"{key}: must be a list of mappings")
    for index, item in enumerate(value):
        try:
            kind.from_data(item)
        except InputError as error:
            raise ValueError(f"{key}[{index}]: {error.message}") from None


def _check_template(name: str, value: Json) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"template.{name}: must be a mapping with message or parts for services")  # noqa: TRY004  # same
    for part in sorted(value.keys() - {"message"}):
        if part not in SERVICES:
            check_service_name(part)
    if not value:
        raise ValueError(f"template.{name}: is empty: give message, or a part for a service")
