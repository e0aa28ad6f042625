"""Which fields never change, once an object is there (``ValidateUpdate`` of ``pkg/apis/*/validation``, 1.34)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from nixernetes.cluster.immutable.jobs import of_job
from nixernetes.cluster.immutable.pods import of_pod
from nixernetes.cluster.immutable.volumes import of_claim, of_volume
from nixernetes.objects.fields import at, mapping_at, text_at
from nixernetes.objects.identity import GroupKind, group_kind
from nixernetes.objects.kinds import (
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    CUSTOM_RESOURCE_DEFINITION,
    DAEMON_SET,
    DEPLOYMENT,
    INGRESS_CLASS,
    JOB,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    PRIORITY_CLASS,
    REPLICA_SET,
    ROLE_BINDING,
    RUNTIME_CLASS,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    STORAGE_CLASS,
)
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.objects.well_known import STAND_IN

__all__ = ["changes"]

_Rule: TypeAlias = Callable[[Manifest, Manifest], Iterator[str]]


def changes(old: Manifest, new: Manifest) -> list[str]:
    """Return what must not have changed, and did; a stand-in may become whatever takes its place."""
    rule = _IMMUTABLE.get(group_kind(old))
    return [] if rule is None or STAND_IN in annotations_of(old) else list(rule(old, new))


def _fixed(*paths: str) -> _Rule:
    """Return the rule of fields that stay as they are, also where they were not given; nothing is an empty map."""

    def rule(old: Manifest, new: Manifest) -> Iterator[str]:
        for path in paths:
            before, after = (at(each, *path.split(".")) for each in (old, new))
            if before != after and (before or after):
                yield f"{path}: Invalid value: {_shown(after)}: field is immutable"

    return rule


def _kept(*paths: str) -> _Rule:
    """Return the rule of fields that stay as they are once they have a value."""
    fixed = [(path, _fixed(path)) for path in paths]

    def rule(old: Manifest, new: Manifest) -> Iterator[str]:
        for path, one in fixed:
            if at(old, *path.split(".")) is not None:
                yield from one(old, new)

    return rule


def _forbidden(text: str, *paths: str) -> _Rule:
    def rule(old: Manifest, new: Manifest) -> Iterator[str]:
        for path in paths:
            before, after = (at(each, *path.split(".")) for each in (old, new))
            if before != after and (before or after):
                yield f"{path}: Forbidden: {text.format(path=path)}"

    return rule


def _all(*rules: _Rule) -> _Rule:
    def rule(old: Manifest, new: Manifest) -> Iterator[str]:
        for each in rules:
            yield from each(old, new)

    return rule


def _stateful_set(old: Manifest, new: Manifest) -> Iterator[str]:
    changeable = {"replicas", "ordinals", "template", "updateStrategy", "minReadySeconds", "revisionHistoryLimit"}
    changeable.add("persistentVolumeClaimRetentionPolicy")
    before = {k: v for k, v in mapping_at(old, "spec").items() if k not in changeable}
    after = {k: v for k, v in mapping_at(new, "spec").items() if k not in changeable}
    if before != after:
        yield (
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' "
            "are forbidden"
        )


def _frozen_data(old: Manifest, new: Manifest) -> Iterator[str]:
    if old.get("immutable") is not True:
        return
    if new.get("immutable") is not True:
        yield "immutable: Forbidden: field is immutable when `immutable` is set"
    for field in ("data", "binaryData"):
        if mapping_at(old, field) != mapping_at(new, field):
            yield f"{field}: Forbidden: field is immutable when `immutable` is set"


def _role_binding(old: Manifest, new: Manifest) -> Iterator[str]:
    if mapping_at(old, "roleRef") != mapping_at(new, "roleRef"):
        after = mapping_at(new, "roleRef")
        shown = {
            go: text_at(after, name) for go, name in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name"))
        }
        yield f"roleRef: Invalid value: {json.dumps(shown, separators=(',', ':'))}: cannot change roleRef"


def _service(old: Manifest, new: Manifest) -> Iterator[str]:
    before, after = (text_at(each, "spec", "clusterIP") for each in (old, new))
    outside = "ExternalName" in (text_at(old, "spec", "type"), text_at(new, "spec", "type"))
    if before and before != after and not outside:
        yield f'spec.clusterIPs[0]: Invalid value: ["{after}"]: may not change once set'


def _job(old: Manifest, new: Manifest) -> Iterator[str]:
    return of_job(old, new, _shown)


def _definition(old: Manifest, new: Manifest) -> Iterator[str]:
    yield from _kept("spec.group", "spec.names.plural", "spec.names.kind", "spec.scope")(old, new)


_IMMUTABLE: Final[dict[GroupKind, _Rule]] = {
    DEPLOYMENT: _fixed("spec.selector"),
    REPLICA_SET: _fixed("spec.selector"),
    DAEMON_SET: _fixed("spec.selector"),
    STATEFUL_SET: _stateful_set,
    JOB: _job,
    POD: of_pod,
    SERVICE: _service,
    PERSISTENT_VOLUME: of_volume,
    PERSISTENT_VOLUME_CLAIM: of_claim,
    CONFIG_MAP: _frozen_data,
    SECRET: _all(_fixed("type"), _frozen_data),
    ROLE_BINDING: _role_binding,
    CLUSTER_ROLE_BINDING: _role_binding,
    STORAGE_CLASS: _all(
        _forbidden("updates to {path} are forbidden.", "provisioner", "parameters", "reclaimPolicy"),
        _fixed("volumeBindingMode"),
    ),
    PRIORITY_CLASS: _all(_forbidden("may not be changed in an update.", "value"), _fixed("preemptionPolicy")),
    INGRESS_CLASS: _fixed("spec.controller"),
    RUNTIME_CLASS: _fixed("handler"),
    CUSTOM_RESOURCE_DEFINITION: _definition,
}
_READABLE: Final = ("matchLabels", "matchExpressions", "apiGroup", "kind", "name")


def _shown(value: Json) -> str:
    """Show selectors and references as JSON, in Go's order, and others by their fields: they may hold secrets."""
    if isinstance(value, dict) and value.keys() <= set(_READABLE):
        parts = [(name, value[name]) for name in _READABLE if name in value]
        inner = (json.dumps(part, sort_keys=True, separators=(",", ":")) for _, part in parts)
        return "{" + ",".join(f'"{name}":{text}' for (name, _), text in zip(parts, inner, strict=True)) + "}"
    if isinstance(value, dict):
        return "{" + ", ".join(sorted(value)) + "}"
    return json.dumps(value)
