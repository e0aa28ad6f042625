"""The controls that the level ``restricted`` adds: what a pod must give up by itself."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.fields import at, items_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.schemas.pod_security.baseline import is_confined, setters
from nixernetes.schemas.pod_security.violations import Breach, Pod, PodContainer, Violation, counted, quoted

__all__ = ["capabilities", "non_root", "non_root_user", "privilege_escalation", "seccomp", "volume_types"]

_WINDOWS: Final = 25  # the minor version from which pods of Windows need not give up what only Linux has
_VOLUMES: Final = (
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"),
    *("persistentVolumeClaim", "projected", "secret"),
)
_OTHER_VOLUMES: Final = (  # in the order in which a volume is asked what it is
    *("hostPath", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd"),
    *("flexVolume", "cinder", "cephfs", "flocker", "fc", "azureFile", "vsphereVolume", "quobyte", "azureDisk"),
    *("photonPersistentDisk", "portworxVolume", "scaleIO", "storageos"),
)


def volume_types(pod: Pod, _minor: int) -> Breach | None:
    """Volume Types: those that hold nothing of a node."""
    names: list[str] = []
    kinds: set[str] = set()
    found: list[Violation] = []
    for index, each in enumerate(items_at(pod.spec, "volumes")):
        if not isinstance(each, dict) or any(isinstance(at(each, name), dict) for name in _VOLUMES):
            continue
        if set(each) <= {"name"}:
            continue  # what names no source is an emptyDir, by default
        kind = next((name for name in _OTHER_VOLUMES if isinstance(at(each, name), dict)), "unknown")
        names.append(text_at(each, "name"))
        kinds.add(kind)
        found.append(Violation(f"spec.volumes[{index}].{kind}"))
    if not found:
        return None
    word = "uses" if len(names) == 1 else "use"
    told = f"restricted volume type{'' if len(kinds) == 1 else 's'} {quoted(sorted(kinds))}"
    detail = f"{counted('volume', names)} {word} {told}"
    return Breach(check="restrictedVolumes", reason="restricted volume types", detail=detail, violations=tuple(found))


def privilege_escalation(pod: Pod, minor: int) -> Breach | None:
    """Privilege Escalation: every container says that it gains no rights."""
    if pod.is_for_windows and minor >= _WINDOWS:
        return None
    found = [
        (each.name, _escalation(each, value))
        for each in pod.containers()
        for value in [at(each.security, "allowPrivilegeEscalation")]
        if value is not False
    ]
    if not found:
        return None
    told = counted("container", [name for name, _ in found])
    return Breach(
        check="allowPrivilegeEscalation",
        reason="allowPrivilegeEscalation != false",
        detail=f"{told} must set securityContext.allowPrivilegeEscalation=false",
        violations=tuple(violation for _, violation in found),
    )


def _escalation(container: PodContainer, value: Json) -> Violation:
    """Return what is wrong: a container without a security context lacks the field, another leaves it empty."""
    field = container.at("allowPrivilegeEscalation")
    if value is None and "securityContext" not in container.spec:
        return Violation(field, None, is_required=True)
    return Violation(field, "nil" if value is None else True)


def non_root(pod: Pod, _minor: int) -> Breach | None:
    """Look at "Running as Non-root": a container says so, or the pod does and no container the contrary."""
    said = at(pod.security, "runAsNonRoot")
    own = [Violation("spec.securityContext.runAsNonRoot", value=False)] if said is False else []
    against: dict[str, list[Violation]] = {"said": [], "unsaid": []}
    names: dict[str, list[str]] = {"said": [], "unsaid": []}
    for each in pod.containers():
        value, place = at(each.security, "runAsNonRoot"), each.at("runAsNonRoot")
        if value is False:
            against["said"].append(Violation(place, value=False))
            names["said"].append(each.name)
        elif value is None and said is not True:
            against["unsaid"].append(Violation(place, is_required=True))
            names["unsaid"].append(each.name)
    details = []
    if own or against["said"]:
        details.append(f"{setters(own, names['said'])} must not set securityContext.runAsNonRoot=false")
    if against["unsaid"]:
        told = counted("container", names["unsaid"])
        details.append(f"pod or {told} must set securityContext.runAsNonRoot=true")
    if not details:
        return None
    return Breach(
        check="runAsNonRoot",
        reason="runAsNonRoot != true",
        detail=details[0],
        violations=(*own, *against["said"], *against["unsaid"]),
    )


def non_root_user(pod: Pod, _minor: int) -> Breach | None:
    """Look at "Running as Non-root user": nobody names the user 0."""
    own = [Violation("spec.securityContext.runAsUser", 0)] if _is_root(at(pod.security, "runAsUser")) else []
    found = [each for each in pod.containers() if _is_root(at(each.security, "runAsUser"))]
    if not (own or found):
        return None
    return Breach(
        check="runAsUser",
        reason="runAsUser=0",
        detail=f"{setters(own, [each.name for each in found])} must not set runAsUser=0",
        violations=(*own, *(Violation(each.at("runAsUser"), 0) for each in found)),
    )


def _is_root(user: object) -> bool:
    return isinstance(user, int) and not isinstance(user, bool) and user == 0


def seccomp(pod: Pod, minor: int) -> Breach | None:
    """Seccomp: the pod has a profile, or every container has."""
    if pod.is_for_windows and minor >= _WINDOWS:
        return None
    path = ("seccompProfile", "type")
    kinds: set[str] = set()
    own: list[Violation] = []
    profile = at(pod.security, "seccompProfile")
    is_set = isinstance(profile, dict) and is_confined(text_at(profile, "type"))
    if isinstance(profile, dict) and not is_set:
        kinds.add(text_at(profile, "type"))
        own.append(Violation("spec.securityContext.seccompProfile.type", text_at(profile, "type")))
    said: list[tuple[str, Violation]] = []
    unsaid: list[tuple[str, Violation]] = []
    for each in pod.containers():
        if isinstance(at(each.security, "seccompProfile"), dict):
            kind = text_at(each.security, *path)
            if not is_confined(kind):
                kinds.add(kind)
                said.append((each.name, Violation(each.at(*path), kind)))
        elif not is_set:
            unsaid.append((each.name, Violation(each.at(*path), is_required=True)))
    if own or said:
        who = setters(own, [name for name, _ in said])
        detail = f"{who} must not set securityContext.seccompProfile.type to {quoted(sorted(kinds))}"
        found = (*own, *(violation for _, violation in said))
    elif unsaid:
        who = counted("container", [name for name, _ in unsaid])
        detail = f'pod or {who} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"'
        found = tuple(violation for _, violation in unsaid)
    else:
        return None
    return Breach(check="seccompProfile_restricted", reason="seccompProfile", detail=detail, violations=found)


def capabilities(pod: Pod, minor: int) -> Breach | None:
    """Capabilities: every container drops all, and takes back none but to bind low ports."""
    if pod.is_for_windows and minor >= _WINDOWS:
        return None
    kept: list[tuple[str, Violation]] = []
    added: list[tuple[str, Violation]] = []
    forbidden: set[str] = set()
    for each in pod.containers():
        dropped = [str(item) for item in items_at(each.security, "capabilities", "drop")]
        if "ALL" not in dropped:
            place, values = each.at("capabilities", "drop"), tuple(sorted(set(dropped)))
            kept.append((each.name, Violation(place, values) if values else Violation(place, is_required=True)))
        here = {str(item) for item in items_at(each.security, "capabilities", "add")} - {"NET_BIND_SERVICE"}
        if here:
            forbidden |= here
            added.append((each.name, Violation(each.at("capabilities", "add"), tuple(sorted(here)))))
    details = []
    if kept:
        told = counted("container", [name for name, _ in kept])
        details.append(f'{told} must set securityContext.capabilities.drop=["ALL"]')
    if added:
        told = counted("container", [name for name, _ in added])
        details.append(f"{told} must not include {quoted(sorted(forbidden))} in securityContext.capabilities.add")
    if not details:
        return None
    return Breach(
        check="capabilities_restricted",
        reason="unrestricted capabilities",
        detail="; ".join(details),
        violations=tuple(violation for _, violation in (*kept, *added)),
    )
