"""Checks of admission: which policies a cluster has, whether they deny, and what verifies images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.compliance.checks.check import UNSET, CheckScene, ComplianceCheck, Fault, on_kinds, on_pods
from nixernetes.compliance.checks.images import images
from nixernetes.compliance.objects import AssessedObject, ClusterIndex
from nixernetes.languages.globs.gobwas import glob_match
from nixernetes.objects.api_groups import KYVERNO, KYVERNO_POLICIES
from nixernetes.objects.fields import at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import NAMESPACE, VALIDATING_ADMISSION_POLICY, VALIDATING_ADMISSION_POLICY_BINDING
from nixernetes.objects.manifest import Json, labels_of
from nixernetes.objects.well_known import POD_SECURITY_PREFIX
from nixernetes.schemas.pod_security import SecurityLevel

__all__ = ["CHECKS"]

_ENFORCE: Final = f"{POD_SECURITY_PREFIX}enforce"
_CONSTRAINTS: Final = ("constraints.gatekeeper.sh", "templates.gatekeeper.sh")
_LEVELS: Final = (SecurityLevel.PRIVILEGED, SecurityLevel.BASELINE, SecurityLevel.RESTRICTED)
_CLASSIC: Final = tuple(GroupKind(KYVERNO, kind) for kind in ("ClusterPolicy", "Policy"))
_VALIDATING: Final = (
    GroupKind(KYVERNO_POLICIES, "ValidatingPolicy"),
    GroupKind(KYVERNO_POLICIES, "NamespacedValidatingPolicy"),
)
_IMAGES: Final = (
    GroupKind(KYVERNO_POLICIES, "ImageValidatingPolicy"),
    GroupKind(KYVERNO_POLICIES, "NamespacedImageValidatingPolicy"),
)
_BUILT_IN: Final = VALIDATING_ADMISSION_POLICY
_BINDING: Final = VALIDATING_ADMISSION_POLICY_BINDING
_ENGINES: Final = (*_CLASSIC, *_VALIDATING, *_IMAGES, _BUILT_IN)


def _level(namespace: AssessedObject) -> str:
    return labels_of(namespace.manifest).get(_ENFORCE, "")


def _rank(level: str) -> int:
    return _LEVELS.index(SecurityLevel(level)) if level in list(_LEVELS) else 0


def _engine(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    index = scene.index
    held = any(_rank(_level(each)) for each in index.namespaces.values())
    if not (held or index.of(*_ENGINES) or index.of_groups(*_CONSTRAINTS)):
        yield Fault((), "a Pod Security label, or a policy of Kubernetes, Kyverno or Gatekeeper", "none")
    del item


def _pod_security(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    wanted = scene.options.pod_security
    found = _level(item)
    if _rank(found) >= _rank(wanted) or _has_equal_policy(scene.index, wanted):
        return
    yield Fault(("metadata", "labels", _ENFORCE), f"{wanted} or stricter", found or UNSET)


def _has_equal_policy(index: ClusterIndex, wanted: SecurityLevel) -> bool:
    """Tell whether a ClusterPolicy holds every pod of every namespace to a level."""
    for policy in index.of(_CLASSIC[0]):
        for rule in objects_at(policy.manifest, "spec", "rules"):
            level = text_at(rule, "validate", "podSecurity", "level")
            if level and _rank(level) >= _rank(wanted) and _is_about_all_pods(rule) and _denies(policy, rule):
                return not items_at(rule, "validate", "podSecurity", "exclude")
    return False


def _is_about_all_pods(rule: Json) -> bool:
    if mapping_at(rule, "exclude") or mapping_at(rule, "celPreconditions") or at(rule, "preconditions"):
        return False
    filters = [*objects_at(rule, "match", "any"), *objects_at(rule, "match", "all")] or [mapping_at(rule, "match")]
    return any(
        set(mapping_at(each, "resources")) == {"kinds"} and "Pod" in items_at(each, "resources", "kinds")
        for each in filters
    )


def _denies(policy: AssessedObject, rule: Json) -> bool:
    action = text_at(rule, "validate", "failureAction")
    action = action or text_at(policy.manifest, "spec", "validationFailureAction") or "Audit"
    return action.lower() == "enforce"


def _enforced(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    wanted = scene.options.policies
    if item.key.kind == "Cluster" and not item.key.group:
        placed = {each.key.name for each in scene.index.of(*_ENGINES)}
        for name in wanted:
            if name not in placed:
                yield Fault((), f"the policy {name}", "not placed")
        return
    if wanted and item.key.name not in wanted:
        return
    yield from _audits(item, scene)


def _audits(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    if item.key.group_kind == _BUILT_IN:
        bindings = [
            each for each in scene.index.of(_BINDING) if text_at(each.manifest, "spec", "policyName") == item.key.name
        ]
        if not any("Deny" in items_at(each.manifest, "spec", "validationActions") for each in bindings):
            yield Fault((), "a binding with the action Deny", "none")
    elif item.key.group_kind in _CLASSIC:
        for number, rule in enumerate(items_at(item.manifest, "spec", "rules")):
            if isinstance(at(rule, "validate"), dict) and not _denies(item, rule):
                yield Fault(("spec", "rules", number, "validate", "failureAction"), "Enforce", "Audit")
    else:
        actions = items_at(item.manifest, "spec", "validationActions")
        if "Deny" not in actions and actions:  # without actions it denies
            yield Fault(("spec", "validationActions"), "Deny", actions)


def _image_verify(item: AssessedObject, scene: CheckScene) -> Iterator[Fault]:
    rules = list(_verifying(item, scene.index))
    for path, image in images(item, scene):
        answers = {_is_verified(references, image) if plain else None for plain, references in rules}
        if True in answers:
            continue
        if None in answers:
            yield Fault(path, "whether a policy verifies this image depends on its conditions", image, undecided=True)
        else:
            yield Fault(path, "a policy that verifies the image", "none")


def _verifying(item: AssessedObject, index: ClusterIndex) -> Iterator[tuple[bool, list[str] | None]]:
    """Yield, for each rule that verifies images: whether it is about all pods for sure, and the images it means."""
    for policy in index.of(*_IMAGES):
        if policy.namespace not in ("", item.namespace):
            continue
        spec = mapping_at(policy.manifest, "spec")
        meant = items_at(spec, "matchImageReferences")
        globs = [text_at(each, "glob") for each in meant]
        plain = not (items_at(spec, "matchConditions") or mapping_at(spec, "matchConstraints", "namespaceSelector"))
        yield plain, globs if all(globs) else None
    for policy in index.of(*_CLASSIC):
        if policy.namespace not in ("", item.namespace):
            continue
        for rule in objects_at(policy.manifest, "spec", "rules"):
            for each in objects_at(rule, "verifyImages"):
                yield _is_about_all_pods(rule), [str(one) for one in items_at(each, "imageReferences")] or ["*"]


def _is_verified(references: list[str] | None, image: str) -> bool | None:
    """Tell whether an image is one of some references; None where nobody can say."""
    if references is None:
        return None
    return not references or any(glob_match(each, image) for each in references)


CHECKS: Final = (
    on_kinds("ns.pod-security", _pod_security, NAMESPACE),
    ComplianceCheck("policy.engine", lambda index: index.itself, _engine),
    ComplianceCheck("policy.enforced", lambda index: [*index.itself, *index.of(*_ENGINES)], _enforced),
    on_pods("policy.image-verify", _image_verify),
)
