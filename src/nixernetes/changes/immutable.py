"""Fields that never change: what an API server refuses when an object is patched, in its own words.

After Kubernetes 1.34, ``ValidateUpdate`` of each kind in ``pkg/apis/*/validation``; the evidence of a real server is
in the words. What the embedded cluster refuses too stands there (``cluster.immutable``); here is what only two
revisions show: fields that the server had filled in, and sizes that shrink.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final

from nixernetes.cluster.immutable import changes
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import (
    CUSTOM_RESOURCE_DEFINITION,
    INGRESS_CLASS,
    JOB,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD,
    PRIORITY_CLASS,
    RUNTIME_CLASS,
    SERVICE,
    STATEFUL_SET,
    STORAGE_CLASS,
)
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import ARGOCD_HOOK, HELM_HOOK
from nixernetes.verify.objects import Placed

__all__ = ["refused"]

_IMMUTABLE: Final = "field is immutable"


def refused(before: Manifest, after: Manifest, old: Placed, new: Placed) -> str:
    """Return why an API server refuses a change, or ``""``; hooks are made anew and change as they like.

    Args:
        before: the object as it was stored.
        after: the object as it would be stored.
        old: the object as it was written.
        new: the object as it is written.

    """
    annotations = mapping_at(new.manifest, "metadata", "annotations")
    if ARGOCD_HOOK in annotations or HELM_HOOK in annotations:
        return ""
    kind = new.key.group_kind
    own = _RULES.get(kind)
    found = next(iter(own(before, after)), "") if own is not None else ""
    if found:
        return found
    head = {"apiVersion": new.manifest.get("apiVersion"), "kind": new.key.kind}
    if own is not None and kind in _WHOLLY:
        return ""
    told = next(iter(changes({**before, **head, "apiVersion": old.manifest.get("apiVersion")}, {**after, **head})), "")
    return told.partition("\n")[0]


def _fixed(before: Manifest, after: Manifest, *paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        old, new = at(before, *path), at(after, *path)
        if old != new:
            yield f"{'.'.join(path)}: Invalid value: {_shown(new)}: {_IMMUTABLE}"


def _service(before: Manifest, after: Manifest) -> Iterator[str]:
    old, new = mapping_at(before, "spec"), mapping_at(after, "spec")
    external = "ExternalName"
    if external in (old.get("type"), new.get("type")):
        return
    names = [text_at(each, "loadBalancerClass") for each in (old, new)]
    if {old.get("type"), new.get("type")} == {"LoadBalancer"} and names[0] != names[1]:
        yield f"spec.loadBalancerClass: Invalid value: {json.dumps(names[1])}: may not change once set"
    given = text_at(new, "clusterIP")
    if text_at(old, "clusterIP") != given:
        shown = json.dumps([given]) if given else "an address of the server's choice"
        yield f"spec.clusterIPs[0]: Invalid value: {shown}: may not change once set"
        return
    families = items_at(old, "ipFamilies"), items_at(new, "ipFamilies")
    if given != "None" and all(families) and families[0][0] != families[1][0]:  # a headless one may change them
        yield f"spec.ipFamilies[0]: Invalid value: {json.dumps(families[1])}: may not change once set"


def _job(before: Manifest, after: Manifest) -> Iterator[str]:
    if at(before, "spec", "template") != at(after, "spec", "template"):
        yield f"spec.template: Invalid value: the template of a Job: {_IMMUTABLE}"
    if at(before, "spec", "completionMode") != "Indexed":
        yield from _fixed(before, after, ("spec", "completions"))
    yield from _fixed(
        before,
        after,
        ("spec", "completionMode"),
        ("spec", "selector"),
        ("spec", "podFailurePolicy"),
        ("spec", "backoffLimitPerIndex"),
        ("spec", "podReplacementPolicy"),
        ("spec", "managedBy"),
    )


def _pod(before: Manifest, after: Manifest) -> Iterator[str]:
    """Yield what changes besides images, deadlines and added tolerations."""

    def rest(manifest: Manifest) -> Json:
        spec = {
            name: value
            for name, value in mapping_at(manifest, "spec").items()
            if name not in ("activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "schedulingGates")
        }
        for name in ("containers", "initContainers"):
            spec[name] = [
                {key: value for key, value in each.items() if key not in ("image", "imagePullPolicy")}
                for each in objects_at(spec, name)
            ]
        return spec

    if rest(before) != rest(after):
        yield (
            "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
            "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
            "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously "
            "negative)"
        )


def _claim(before: Manifest, after: Manifest) -> Iterator[str]:
    old, new = mapping_at(before, "spec"), mapping_at(after, "spec")
    if _shrinks(old, new):
        yield "spec.resources.requests.storage: Forbidden: field can not be less than previous value"
    # A server fills in the class and the volume: to give them later changes what is there.
    for name in sorted({*old, *new} - {"resources", "volumeAttributesClassName"}):
        if old.get(name) != new.get(name):
            if name == "volumeName" and name not in new:
                continue
            yield (
                "spec: Forbidden: spec is immutable after creation except resources.requests and "
                f"volumeAttributesClassName for bound claims: {name} changes"
            )


def _shrinks(old: Json, new: Json) -> bool:
    try:
        sizes = [quantities.parse(text_at(each, "resources", "requests", "storage")) for each in (old, new)]
    except InputError:
        return False
    return sizes[1] < sizes[0]


def _stateful_set(before: Manifest, after: Manifest) -> Iterator[str]:
    changeable = {
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    }
    old, new = mapping_at(before, "spec"), mapping_at(after, "spec")
    names = sorted(name for name in {*old, *new} - changeable if old.get(name) != new.get(name))
    if names:
        yield (
            "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' "
            f"are forbidden: {', '.join(names)} changes"
        )


def _storage_class(before: Manifest, after: Manifest) -> Iterator[str]:
    for name, words in (
        ("parameters", "updates to parameters are forbidden."),
        ("provisioner", "updates to provisioner are forbidden."),
        ("reclaimPolicy", "updates to reclaimPolicy are forbidden."),
    ):
        if before.get(name) != after.get(name):
            yield f"{name}: Forbidden: {words}"
    yield from _fixed(before, after, ("volumeBindingMode",))


def _priority_class(before: Manifest, after: Manifest) -> Iterator[str]:
    if before.get("value") != after.get("value"):
        yield "value: Forbidden: may not be changed in an update."
    if before.get("preemptionPolicy") != after.get("preemptionPolicy"):
        yield f"preemptionPolicy: Invalid value: {_shown(after.get('preemptionPolicy'))}: {_IMMUTABLE}"


def _definition(before: Manifest, after: Manifest) -> Iterator[str]:
    yield from _fixed(
        before, after, ("spec", "scope"), ("spec", "group"), ("spec", "names", "plural"), ("spec", "names", "kind")
    )
    kept = {text_at(each, "name") for each in objects_at(after, "spec", "versions")}
    for each in objects_at(before, "spec", "versions"):
        name = text_at(each, "name")
        if each.get("storage") is True and name not in kept:
            yield (
                f'status.storedVersions[0]: Invalid value: "{name}": must appear in spec.versions: objects are stored '
                "in it"
            )


def _handler(before: Manifest, after: Manifest) -> Iterator[str]:
    yield from _fixed(before, after, ("handler",))


def _controller(before: Manifest, after: Manifest) -> Iterator[str]:
    yield from _fixed(before, after, ("spec", "controller"))


def _volume(before: Manifest, after: Manifest) -> Iterator[str]:
    fixed = {"capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "mountOptions", "storageClassName"}
    old, new = mapping_at(before, "spec"), mapping_at(after, "spec")
    if any(
        old.get(name) != new.get(name) for name in {*old, *new} - fixed - {"nodeAffinity", "volumeAttributesClassName"}
    ):
        yield "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"


_RULES: Final[dict[GroupKind, Callable[[Manifest, Manifest], Iterator[str]]]] = {
    CUSTOM_RESOURCE_DEFINITION: _definition,
    INGRESS_CLASS: _controller,
    JOB: _job,
    PERSISTENT_VOLUME_CLAIM: _claim,
    PERSISTENT_VOLUME: _volume,
    POD: _pod,
    PRIORITY_CLASS: _priority_class,
    RUNTIME_CLASS: _handler,
    SERVICE: _service,
    STATEFUL_SET: _stateful_set,
    STORAGE_CLASS: _storage_class,
}


_WHOLLY: Final = frozenset((PERSISTENT_VOLUME_CLAIM,))  # a claim is taken as bound, whatever its status says


def _shown(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
