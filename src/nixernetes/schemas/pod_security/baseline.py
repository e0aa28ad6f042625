"""The controls of the level ``baseline``: what lets a pod out of its confinement by known ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, number_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.objects.well_known import APPARMOR_ANNOTATION, SECCOMP_CONTAINER_ANNOTATION, SECCOMP_POD_ANNOTATION
from nixernetes.schemas.pod_security.violations import Breach, Pod, PodContainer, Violation, counted, quoted

__all__ = [
    "app_armor",
    "capabilities",
    "host_namespaces",
    "host_paths",
    "host_ports",
    "host_probes",
    "host_process",
    "is_confined",
    "privileged",
    "proc_mount",
    "se_linux",
    "seccomp",
    "seccomp_annotations",
    "setters",
    "sysctls",
]

_CAPABILITIES: Final = frozenset(
    (
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"),
        *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    )
)
_CONFINED: Final = ("RuntimeDefault", "Localhost")
_APP_ARMOR_NOTE: Final = APPARMOR_ANNOTATION
_SE_LINUX_TYPES: Final = ("", "container_t", "container_init_t", "container_kvm_t")
_SYSCTLS: Final = {  # since which minor version each is safe
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
}
_SE_LINUX_ENGINE: Final = 31  # the minor version from which container_engine_t is allowed


def is_confined(kind: str) -> bool:
    """Tell whether a type of a seccomp or AppArmor profile confines."""
    return kind in _CONFINED


def setters(pod: list[Violation], names: list[str]) -> str:
    """Return who sets something: the pod, its containers, or both."""
    return " and ".join([*(["pod"] if pod else []), *([counted("container", names)] if names else [])])


def _found(pod: Pod, look: Callable[[PodContainer], Iterator[Violation]]) -> tuple[list[str], list[Violation]]:
    """Return the names of the containers that a look finds something in, and what."""
    names: list[str] = []
    violations: list[Violation] = []
    for container in pod.containers():
        here = list(look(container))
        if here:
            names.append(container.name)
            violations += here
    return names, violations


def host_process(pod: Pod, _minor: int) -> Breach | None:
    """HostProcess: no pod of Windows runs on its node."""
    path = ("windowsOptions", "hostProcess")
    own = [Violation(f"spec.securityContext.{'.'.join(path)}", value=True)] if flag_at(pod.security, *path) else []

    def look(container: PodContainer) -> Iterator[Violation]:
        if flag_at(container.security, *path):
            yield Violation(container.at(*path), value=True)

    names, found = _found(pod, look)
    if not (own or found):
        return None
    detail = f"{setters(own, names)} must not set securityContext.windowsOptions.hostProcess=true"
    return Breach(check="windowsHostProcess", reason="hostProcess", detail=detail, violations=(*own, *found))


def host_namespaces(pod: Pod, _minor: int) -> Breach | None:
    """Host Namespaces: a pod has network, processes and memory of its own."""
    found = [name for name in ("hostNetwork", "hostPID", "hostIPC") if flag_at(pod.spec, name)]
    if not found:
        return None
    return Breach(
        check="hostNamespaces",
        reason="host namespaces",
        detail=", ".join(f"{name}=true" for name in found),
        violations=tuple(Violation(f"spec.{name}", value=True) for name in found),
    )


def privileged(pod: Pod, _minor: int) -> Breach | None:
    """Privileged Containers: none is."""

    def look(container: PodContainer) -> Iterator[Violation]:
        if flag_at(container.security, "privileged"):
            yield Violation(container.at("privileged"), value=True)

    names, found = _found(pod, look)
    if not found:
        return None
    detail = f"{counted('container', names)} must not set securityContext.privileged=true"
    return Breach(check="privileged", reason="privileged", detail=detail, violations=tuple(found))


def capabilities(pod: Pod, _minor: int) -> Breach | None:
    """Capabilities: none is added to what container runtimes give."""
    forbidden: set[str] = set()

    def look(container: PodContainer) -> Iterator[Violation]:
        here = {str(each) for each in items_at(container.security, "capabilities", "add")} - _CAPABILITIES
        if here:
            forbidden.update(here)
            yield Violation(container.at("capabilities", "add"), tuple(sorted(here)))

    names, found = _found(pod, look)
    if not found:
        return None
    added = quoted(sorted(forbidden))
    detail = f"{counted('container', names)} must not include {added} in securityContext.capabilities.add"
    return Breach(
        check="capabilities_baseline", reason="non-default capabilities", detail=detail, violations=tuple(found)
    )


def host_paths(pod: Pod, _minor: int) -> Breach | None:
    """HostPath Volumes: there are none."""
    found = [
        (text_at(each, "name"), Violation(f"spec.volumes[{index}].hostPath", text_at(each, "hostPath", "path")))
        for index, each in enumerate(items_at(pod.spec, "volumes"))
        if isinstance(at(each, "hostPath"), dict)
    ]
    if not found:
        return None
    names = [name for name, _ in found]
    return Breach(
        check="hostPathVolumes",
        reason="hostPath volumes",
        detail=counted("volume", names),
        violations=tuple(violation for _, violation in found),
    )


def host_ports(pod: Pod, _minor: int) -> Breach | None:
    """Host Ports: no container takes a port of its node."""
    ports: set[str] = set()

    def look(container: PodContainer) -> Iterator[Violation]:
        for index, each in enumerate(items_at(container.spec, "ports")):
            port = number_at(each, "hostPort")
            if port:
                ports.add(str(port))
                yield Violation(f"{container.path}.ports[{index}].hostPort", port)

    names, found = _found(pod, look)
    if not found:
        return None
    word = "uses" if len(names) == 1 else "use"
    named = f"hostPort{'' if len(ports) == 1 else 's'} {', '.join(sorted(ports))}"
    detail = f"{counted('container', names)} {word} {named}"
    return Breach(check="hostPorts", reason="hostPort", detail=detail, violations=tuple(found))


def host_probes(pod: Pod, _minor: int) -> Breach | None:
    """Host Probes / Lifecycle Hooks: probes and hooks ask the pod, not another host."""
    hosts: set[str] = set()

    def look(container: PodContainer) -> Iterator[Violation]:
        handlers = [(name,) for name in ("livenessProbe", "readinessProbe", "startupProbe")]
        for path in (*handlers, ("lifecycle", "postStart"), ("lifecycle", "preStop")):
            for kind in ("httpGet", "tcpSocket"):
                host = text_at(container.spec, *path, kind, "host")
                if host:
                    hosts.add(host)
                    yield Violation(".".join((container.path, *path, kind, "host")), host)

    names, found = _found(pod, look)
    if not found:
        return None
    named, word = sorted(set(names)), "uses" if len(set(names)) == 1 else "use"
    what = f"probe or lifecycle host{'' if len(hosts) == 1 else 's'} {quoted(sorted(hosts))}"
    detail = f"{counted('container', named)} {word} {what}"
    return Breach(
        check="hostProbesAndHostLifecycle", reason="probe or lifecycle host", detail=detail, violations=tuple(found)
    )


def app_armor(pod: Pod, _minor: int) -> Breach | None:
    """AppArmor: no profile is taken away."""
    values: set[str] = set()

    def bad(security: Mapping[str, Json], place: str) -> list[Violation]:
        profile = at(security, "appArmorProfile")
        kind = text_at(profile, "type")
        if not isinstance(profile, dict) or is_confined(kind):
            return []
        values.add(kind)
        return [Violation(place, kind)]

    own = bad(pod.security, "spec.securityContext.appArmorProfile.type")
    names, found = _found(pod, lambda each: iter(bad(each.security, each.at("appArmorProfile", "type"))))
    notes = {
        key: value
        for key, value in sorted(pod.annotations.items())
        if key.startswith(_APP_ARMOR_NOTE) and not _is_allowed(value)
    }
    if not (own or found or notes):
        return None
    who = [setters(own, names)] if own or names else []
    who += [f"annotation{'' if len(notes) == 1 else 's'}"] if notes else []
    told = [*sorted(values), *sorted(f'{key}="{value}"' for key, value in notes.items())]
    return Breach(
        check="appArmorProfile",
        reason=f"forbidden AppArmor profile{'' if len(told) == 1 else 's'}",
        detail=f"{' and '.join(who)} must not set AppArmor profile type to {quoted(told)}",
        violations=(
            *own,
            *found,
            *(Violation(f"metadata.annotations[{key}]", value) for key, value in notes.items()),
        ),
    )


def _is_allowed(note: str) -> bool:
    return note in ("", "runtime/default") or note.startswith("localhost/")


def se_linux(pod: Pod, minor: int) -> Breach | None:
    """SELinux: types are those of containers, and no user or role is set."""
    allowed = (*_SE_LINUX_TYPES, "container_engine_t") if minor >= _SE_LINUX_ENGINE else _SE_LINUX_TYPES
    types: set[str] = set()
    others: set[str] = set()

    def bad(security: Mapping[str, Json], place: str) -> list[Violation]:
        options = mapping_at(security, "seLinuxOptions")
        kind, found = text_at(options, "type"), []
        if kind not in allowed:
            types.add(kind)
            found.append(Violation(f"{place}.type", kind))
        for name in ("user", "role"):
            if text_at(options, name):
                others.add(name)
                found.append(Violation(f"{place}.{name}", text_at(options, name)))
        return found

    own = bad(pod.security, "spec.securityContext.seLinuxOptions")
    names, found = _found(pod, lambda each: iter(bad(each.security, each.at("seLinuxOptions"))))
    if not (own or found):
        return None
    told = [f"type{'' if len(types) == 1 else 's'} {quoted(sorted(types))}"] if types else []
    told += [f"{name} may not be set" for name in ("user", "role") if name in others]
    detail = f"{setters(own, names)} set forbidden securityContext.seLinuxOptions: {'; '.join(told)}"
    return Breach(check="seLinuxOptions", reason="seLinuxOptions", detail=detail, violations=(*own, *found))


def proc_mount(pod: Pod, _minor: int) -> Breach | None:
    """/proc Mount Type: parts of /proc stay hidden."""
    kinds: set[str] = set()

    def look(container: PodContainer) -> Iterator[Violation]:
        kind = text_at(container.security, "procMount")
        if kind not in ("", "Default"):
            kinds.add(kind)
            yield Violation(container.at("procMount"), kind)

    names, found = _found(pod, look)
    if not found:
        return None
    detail = f"{counted('container', names)} must not set securityContext.procMount to {quoted(sorted(kinds))}"
    return Breach(check="procMount", reason="procMount", detail=detail, violations=tuple(found))


def seccomp(pod: Pod, _minor: int) -> Breach | None:
    """Seccomp: no profile is taken away."""
    kinds: set[str] = set()

    def bad(security: Mapping[str, Json], place: str) -> list[Violation]:
        profile = at(security, "seccompProfile")
        kind = text_at(profile, "type")
        if not isinstance(profile, dict) or is_confined(kind):
            return []
        kinds.add(kind)
        return [Violation(place, kind)]

    own = bad(pod.security, "spec.securityContext.seccompProfile.type")
    names, found = _found(pod, lambda each: iter(bad(each.security, each.at("seccompProfile", "type"))))
    if not (own or found):
        return None
    detail = f"{setters(own, names)} must not set securityContext.seccompProfile.type to {quoted(sorted(kinds))}"
    return Breach(check="seccompProfile_baseline", reason="seccompProfile", detail=detail, violations=(*own, *found))


def seccomp_annotations(pod: Pod, _minor: int) -> Breach | None:
    """Seccomp, before Kubernetes 1.19: annotations say the profile."""
    keys = [SECCOMP_POD_ANNOTATION, *(f"{SECCOMP_CONTAINER_ANNOTATION}{each.name}" for each in pod.containers())]
    found = sorted(
        (key, value)
        for key in dict.fromkeys(keys)
        for value in [pod.annotations.get(key)]
        if value is not None
        and value not in ("runtime/default", "docker/default")
        and not value.startswith("localhost/")
    )
    if not found:
        return None
    told = ", ".join(f'{key}="{value}"' for key, value in found)
    return Breach(
        check="seccompProfile_baseline",
        reason="seccompProfile",
        detail=f"forbidden annotation{'' if len(found) == 1 else 's'} {told}",
        violations=tuple(Violation(f"metadata.annotations[{key}]", value) for key, value in found),
    )


def sysctls(pod: Pod, minor: int) -> Breach | None:
    """Sysctls: those that stay inside the pod."""
    found = [
        Violation(f"spec.securityContext.sysctls[{index}].name", text_at(each, "name"))
        for index, each in enumerate(items_at(pod.security, "sysctls"))
        if _SYSCTLS.get(text_at(each, "name"), minor + 1) > minor
    ]
    if not found:
        return None
    detail = ", ".join(str(each.value) for each in found)
    return Breach(check="sysctls", reason="forbidden sysctls", detail=detail, violations=tuple(found))
