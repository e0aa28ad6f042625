"""Pod Security, as the labels of a namespace ask for it (kubernetes v1.34.4, ``pod-security-admission/admission``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from nixernetes.cluster.api import ApiError, Cause, Details
from nixernetes.cluster.strategies.templates import TEMPLATES
from nixernetes.cluster.validation import invalid
from nixernetes.objects.fields import at, mapping_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import (
    POD,
)
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import POD_SECURITY_PREFIX
from nixernetes.schemas.pod_security.standards import BASELINE_CHECKS, LATEST, SecurityLevel, failures
from nixernetes.schemas.pod_security.violations import Breach

__all__ = ["check_labels", "check_security", "existing_breaches"]

_VERSION: Final = re.compile(r"latest|v1\.(0|[1-9][0-9]{0,3})")
_LEVELS: Final = tuple(level.value for level in SecurityLevel)
_WRONG_LEVEL: Final = f"must be one of {', '.join(_LEVELS)}"
_WRONG_VERSION: Final = 'must be "latest" or "v1.x"'
_MOST_TOLD: Final = 100


class _Demand(NamedTuple):
    """What a namespace asks of pods, in one of three modes."""

    level: SecurityLevel
    version: str

    def breaches(self, template: Manifest) -> list[Breach]:
        minor = LATEST if self.version == "latest" else int(self.version.removeprefix("v1."))
        found = failures(mapping_at(template, "spec"), mapping_at(template, "metadata"), self.level, minor)
        return sorted(found, key=lambda each: each.check not in BASELINE_CHECKS)

    def __str__(self) -> str:
        return f'"{self.level.value}:{self.version}"'


def check_security(manifest: Manifest, key: ObjectKey, namespace: Manifest | None) -> list[str]:
    """Return the warnings about a pod, or about an object that makes pods.

    Args:
        manifest: the object.
        key: its identity.
        namespace: its namespace.

    Raises:
        ApiError: Forbidden, a pod breaks what its namespace enforces.

    """
    labels = labels_of(namespace) if namespace is not None else {}
    if not any(name.startswith(POD_SECURITY_PREFIX) for name in labels):
        return []
    enforced, warned = _demand(labels, "enforce"), _demand(labels, "warn")
    if key.group_kind == POD:
        told = enforced.breaches(manifest) if enforced is not None else []
        if told:
            why = f"violates PodSecurity {enforced}: {_detailed(told)}"
            details = Details(name=key.name, kind="pods")
            message = f'pods "{key.name}" is forbidden: {why}'
            raise ApiError("Forbidden", message, subject=str(key), details=details)
        template: Json = manifest
    else:
        path = TEMPLATES.get(key.group_kind)
        template = at(manifest, *path) if path is not None else None
        if warned is None and not any(name == f"{POD_SECURITY_PREFIX}warn" for name in labels):
            warned = enforced
    if warned is None or not isinstance(template, dict):
        return []
    told = warned.breaches(template)
    return [f"would violate PodSecurity {warned}: {_detailed(told)}"] if told else []


def check_labels(namespace: Manifest) -> None:
    """Refuse a namespace whose labels ask for a level that there is not.

    Raises:
        ApiError: Invalid.

    """
    found = []
    for name, value in sorted(labels_of(namespace).items()):
        if not name.startswith(POD_SECURITY_PREFIX):
            continue
        is_version = name.endswith("-version")
        fits = _VERSION.fullmatch(value) is not None if is_version else value in _LEVELS
        if not fits:
            why = f'Invalid value: "{value}": {_WRONG_VERSION if is_version else _WRONG_LEVEL}'
            found.append(Cause("FieldValueInvalid", why, f"metadata.labels[{name}]"))
    if found:
        raise invalid(key_of(namespace), found)


def existing_breaches(namespace: Manifest, live: Manifest, pods: Iterable[Manifest]) -> list[str]:
    """Return the warnings about pods that are there and break what a namespace enforces from now on."""
    before, now = _demand(labels_of(live), "enforce"), _demand(labels_of(namespace), "enforce")
    if now is None or now == before:
        return []
    found: dict[str, list[str]] = {}
    for pod in list(pods)[:_MOST_TOLD]:
        reasons = ", ".join(each.reason for each in now.breaches(pod))
        if reasons:
            found.setdefault(reasons, []).append(pod["metadata"]["name"])
    if not found:
        return []
    name = namespace["metadata"]["name"]
    head = f'existing pods in namespace "{name}" violate the new PodSecurity enforce level {now}'
    return [head, *(f"{_counted(names)}: {reasons}" for reasons, names in sorted(found.items()))]


def _counted(names: list[str]) -> str:
    others = len(names) - 1
    if not others:
        return names[0]
    return f"{names[0]} (and {others} other pod{'s' if others > 1 else ''})"


def _demand(labels: Mapping[str, str], mode: str) -> _Demand | None:
    level, version = (
        labels.get(f"{POD_SECURITY_PREFIX}{mode}"),
        labels.get(f"{POD_SECURITY_PREFIX}{mode}-version", "latest"),
    )
    if level not in _LEVELS or level == SecurityLevel.PRIVILEGED.value:
        return None
    return _Demand(SecurityLevel(level), version if _VERSION.fullmatch(version) else "latest")


def _detailed(breaches: Iterable[Breach]) -> str:
    return ", ".join(f"{each.reason} ({each.detail})" if each.detail else each.reason for each in breaches)
