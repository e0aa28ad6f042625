"""``validate.podSecurity``: the Pod Security Standards, with single controls left out (Kyverno, ``pkg/pss``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nixernetes.kyverno.engine.images import POD_SPECS
from nixernetes.kyverno.engine.rows import RuleRow
from nixernetes.kyverno.engine.wildcards import any_matches
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.schemas.pod_security import CONTROLS, Breach, SecurityLevel, Violation, failures
from nixernetes.schemas.pod_security.standards import LATEST

__all__ = ["PodSecurityException", "judged_pod"]

PodSecurityException = tuple[str, Sequence[Mapping[str, Json]]]  # its key, and the controls that it leaves out
_NUMBER: Final = re.compile(r"\d+")
_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")


def judged_pod(rule: Mapping[str, Json], manifest: Manifest, exceptions: Sequence[PodSecurityException]) -> RuleRow:
    """Return what a rule says of a pod, or of what makes pods.

    Args:
        rule: the rule.
        manifest: the object.
        exceptions: the exceptions that match the object and leave out single controls.

    """
    name, wanted = text_at(rule, "name"), mapping_at(rule, "validate", "podSecurity")
    path = POD_SPECS.get(text_at(manifest, "kind"))
    if path is None:
        message = "Error while getting new resource: could not find correct resource type"
        return RuleRow(rule=name, result="error", message=message)
    level, version = text_at(wanted, "level"), text_at(wanted, "version")
    minor = _minor(version)
    if level not in list(SecurityLevel) or minor is None:
        message = f"failed to parse pod security api version: {version or level!r}"
        return RuleRow(rule=name, result="error", message=message)
    noted = path[:2] if text_at(manifest, "kind") == "CronJob" else path[:-1]  # a CronJob's are those of its Job
    # Kyverno passes over checks only at the level baseline: at privileged it asks them all
    asked = SecurityLevel.BASELINE if level == SecurityLevel.BASELINE else SecurityLevel.RESTRICTED
    pod = _Pod(mapping_at(manifest, *path), mapping_at(manifest, *noted, "metadata"), asked, minor)
    found = pod.without(objects_at(wanted, "exclude"), pod.breaches())
    if not found:
        return RuleRow(rule=name, result="pass", message=f"Validation rule '{name}' passed.")
    found = pod.without([each for _, controls in exceptions for each in controls], found)
    keys = [key for key, _ in exceptions]
    if not found:
        message = f"rule is skipped due to policy exceptions {', '.join(keys)}"
        return RuleRow(rule=name, result="skip", message=message)
    told = "".join(_told(each, path) for each in found)
    message = f"Validation rule '{name}' failed. It violates PodSecurity \"{level}:{version}\": {told}"
    return RuleRow(rule=name, result="fail", message=message)


def _minor(version: str) -> int | None:
    if version in ("", "latest"):
        return LATEST
    head, _, minor = version.partition(".")
    return int(minor) if head == "v1" and minor.isdigit() else None


class _Pod:
    """A pod at a level, with what is left out."""

    def __init__(
        self, spec: Mapping[str, Json], metadata: Mapping[str, Json], level: SecurityLevel, minor: int
    ) -> None:
        self._spec = spec
        self._metadata = metadata
        self._level = level
        self._minor = minor

    def breaches(self, spec: Mapping[str, Json] | None = None, *, noted: bool = True) -> list[Breach]:
        metadata = self._metadata if noted else {}
        return failures(self._spec if spec is None else spec, metadata, self._level, self._minor, all_checks=True)

    def without(self, excluded: Iterable[Mapping[str, Json]], found: list[Breach]) -> list[Breach]:
        """Return what is left when what each entry names is taken away."""
        left = {each.check: list(each.violations) for each in found}
        for entry in excluded:
            images = [str(each) for each in items_at(entry, "images")]
            part = self._part(images)
            for breach in self.breaches(part, noted=not images):
                if CONTROLS[breach.check] == text_at(entry, "controlName") and left.get(breach.check):
                    for violation in breach.violations:
                        if _names(entry, violation):
                            self._take(left[breach.check], violation, part if images else None)
        return [
            Breach(check=each.check, reason=each.reason, detail=each.detail, violations=tuple(left[each.check]))
            for each in found
            if left[each.check]
        ]

    def _part(self, images: list[str]) -> Mapping[str, Json]:
        """Return the pod without containers, or the containers with some images without the pod."""
        if not images:
            kept = {name: value for name, value in self._spec.items() if name not in _CONTAINERS}
            return {**kept, "containers": [{"name": "fake"}]}
        return {
            kind: [each for each in objects_at(self._spec, kind) if any_matches(images, text_at(each, "image"))]
            for kind in _CONTAINERS
        }

    def _take(self, left: list[Violation], gone: Violation, part: Mapping[str, Json] | None) -> None:
        """Take the first violation of the same field away; of the same container where containers are meant."""
        wanted = (_starred(gone.field), None if part is None else _container(part, gone.field))
        for index, each in enumerate(left):
            known = (_starred(each.field), None if part is None else _container(self._spec, each.field))
            if known == wanted:
                left[index] = left[-1]  # the last one takes its place, so that messages are told in the same order
                left.pop()
                return


def _names(entry: Mapping[str, Json], violation: Violation) -> bool:
    field = text_at(entry, "restrictedField")
    if field not in ("", _starred(violation.field)):
        return False
    values = [str(each) for each in items_at(entry, "values")]
    return not values or all(any_matches(values, each) for each in _texts(violation.value))


def _texts(value: bool | int | str | tuple[str, ...] | None) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return list(value) if isinstance(value, tuple) else [str(value)]


def _starred(field: str) -> str:
    return _NUMBER.sub("*", field)


def _container(spec: Mapping[str, Json], field: str) -> str | None:
    """Return the name of the container that a field is of, or None."""
    kind, _, rest = field.removeprefix("spec.").partition("[")
    if kind not in _CONTAINERS:
        return None
    items = items_at(spec, kind)
    index = int(rest.partition("]")[0])
    return text_at(items[index], "name") if index < len(items) else None


def _told(breach: Breach, path: Sequence[str]) -> str:
    fields = ", ".join(_field(each, path) for each in breach.violations)
    return f"(Forbidden reason: {breach.reason}, field error list: [{fields}])"


def _field(violation: Violation, path: Sequence[str]) -> str:
    field = violation.field.replace("spec", ".".join(path))
    field = field.replace("metadata", "spec.template.metadata")
    if violation.is_required:
        return f"{field}: Required value"
    value = violation.value
    if value is None or value == "":
        return f"{field}: Forbidden"
    texts = _texts(value)
    told = f"[{' '.join(texts)}]" if isinstance(value, tuple) else texts[0]  # as Go prints a slice
    return f"{field} is forbidden, forbidden values found: {told}"
