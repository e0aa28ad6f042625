"""The settings in ConfigMap argocd-cm that this engine honours (sections 12 and 16)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from nixernetes.cluster.api import Reader
from nixernetes.engine.argocd.comparison.tracking import INSTANCE_LABEL, Tracking
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.errors import InputError
from nixernetes.gitops.argocd.resource_filter import ResourceFilter
from nixernetes.health.argocd import Assessor
from nixernetes.objects import yamls
from nixernetes.objects.clocks import Clock
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["CachedSettings", "Settings", "load"]

POLL = timedelta(seconds=120)  # timeout.reconciliation since 3.0
_SUBJECT = "ConfigMap/argocd/argocd-cm"
_Read = TypeVar("_Read")
_IGNORE = "resource.customizations.ignoreDifferences."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What argocd-cm says.

    Attributes:
        poll: how long a comparison stays fresh; zero means for ever.
        tracking: how ownership is marked.
        assessor: how health is assessed.
        ignore_differences: (group/kind patterns, rule) of the whole system.
        resources: which kinds Argo CD sees.
        build_options: the flags for ``kustomize build``.
        impersonates: whether a sync writes as the service account that the project names for the destination.
        problem: which settings cannot be read, and why; they have their defaults.

    """

    poll: timedelta = POLL
    tracking: Tracking = field(default_factory=Tracking)
    assessor: Assessor = field(default_factory=Assessor)
    ignore_differences: tuple[Json, ...] = ()
    resources: ResourceFilter = field(default_factory=ResourceFilter)
    build_options: str = ""
    impersonates: bool = False
    problem: str = ""

    def excludes(self, kind: GroupKind, server: str) -> bool:
        """Tell whether a kind is invisible on a cluster."""
        return self.resources.excludes(kind, server)


def load(api: Reader, clock: Clock) -> Settings:
    """Read the settings; without argocd-cm, and where one cannot be read, they are the defaults.

    The clock is for scripts that ask for the time.
    """
    config = _config(api)
    data: Mapping[str, str] = config.get("data") or {}
    problems: list[str] = []

    def read(make: Callable[[], _Read], default: _Read) -> _Read:
        try:
            return make()
        except InputError as error:
            problems.append(error.message)
            return default

    method = data.get("application.resourceTrackingMethod") or "annotation"
    label = data.get("application.instanceLabelKey") or INSTANCE_LABEL
    found = Settings(
        poll=read(lambda: _poll(data.get("timeout.reconciliation")), POLL),
        tracking=read(lambda: Tracking(method=method, label=label), Tracking(label=label)),
        assessor=read(lambda: Assessor.from_settings(data, clock), Assessor()),
        ignore_differences=read(lambda: tuple(_system_rules(data)), ()),
        resources=read(lambda: ResourceFilter.from_settings(data), ResourceFilter()),
        build_options=data.get("kustomize.buildOptions") or "",
        impersonates=data.get("application.sync.impersonation.enabled") == "true",
    )
    return replace(found, problem="; ".join(problems))


def _config(api: Reader) -> Manifest:
    return api.get(ObjectKey("", "ConfigMap", namespace_of(api), "argocd-cm")) or {}


def _poll(text: str | None) -> timedelta:
    if not text:
        return POLL
    try:
        return parse_duration(text)
    except ValueError as error:
        raise InputError(f"timeout.reconciliation: {error}", subject=_SUBJECT) from error


def _parsed(data: Mapping[str, str], key: str) -> Json:
    try:
        return yamls.parse(data[key]) if data.get(key) else None
    except InputError as error:
        raise InputError(f"{key}: {error.message}", subject=_SUBJECT) from error


def _system_rules(data: Mapping[str, str]) -> list[Json]:
    found = []
    for key in sorted(key for key in data if key.startswith(_IGNORE)):
        name = key[len(_IGNORE) :]
        group, _, kind = name.rpartition("_")
        rule = _parsed(data, key) or {}
        if not isinstance(rule, dict):
            raise InputError(f"{key}: must be a map such as jsonPointers: [/spec/replicas]", subject=_SUBJECT)
        found.append({**rule, "group": "*" if name == "all" else group, "kind": "*" if name == "all" else kind})
    return found


class CachedSettings:
    """The settings of now, read again only when argocd-cm has changed."""

    def __init__(self, api: Reader, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._version: str | None = None
        self._settings = Settings()

    def current(self) -> Settings:
        """Return the settings."""
        config = _config(self._api)
        meta = config.get("metadata") or {}
        version = f"{meta.get('namespace')}/{meta.get('resourceVersion')}" if config else ""
        if version != self._version:
            self._settings = load(self._api, self._clock)
            self._version = version
        return self._settings
