"""What the Pod Security Standards forbid, in the words of the admission plugin."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from nixernetes.schemas.pod_security import CONTROLS, SecurityLevel, failures

MODULE = "k8s.io/pod-security-admission@v0.34.1"
COVERED = {  # checks of baseline, told at restricted by the check that covers them
    "hostpathvolumes": "restrictedVolumes",
    "capabilities_baseline": "capabilities_restricted",
    "seccompprofile_baseline": "seccompProfile_restricted",
}
GOOD = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
    "capabilities": {"drop": ["ALL"]},
}


def pod(security: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    container = {"name": "a", "image": "nginx", "securityContext": GOOD if security is None else security}
    return {"containers": [container], **more}


def told(spec: dict[str, Any], level: SecurityLevel = SecurityLevel.BASELINE, minor: int = 34) -> list[str]:
    return [f"{each.reason} ({each.detail})" for each in failures(spec, {}, level, minor)]


def test_a_pod_that_gives_everything_up_keeps_every_control() -> None:
    assert failures(pod(), {}, SecurityLevel.RESTRICTED) == []
    assert failures(pod(hostNetwork=True), {}, SecurityLevel.PRIVILEGED) == []


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (pod(hostPID=True, hostIPC=True), "host namespaces (hostPID=true, hostIPC=true)"),
        (pod({"privileged": True}), 'privileged (container "a" must not set securityContext.privileged=true)'),
        (
            pod({"capabilities": {"add": ["SYS_ADMIN", "CHOWN", "BPF"]}}),
            (
                'non-default capabilities (container "a" must not include "BPF", "SYS_ADMIN" in '
                "securityContext.capabilities.add)"
            ),
        ),
        (pod(volumes=[{"name": "v", "hostPath": {"path": "/"}}]), 'hostPath volumes (volume "v")'),
        (
            pod(securityContext={"sysctls": [{"name": "kernel.msgmax"}, {"name": "net.ipv4.tcp_rmem"}]}),
            "forbidden sysctls (kernel.msgmax)",
        ),
        (
            pod(securityContext={"seLinuxOptions": {"type": "spc_t", "user": "u"}}),
            'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)',
        ),
    ],
)
def test_baseline_in_the_words_of_the_plugin(spec: dict[str, Any], said: str) -> None:
    assert told(spec) == [said]


def test_restricted_wants_what_a_pod_does_not_say() -> None:
    found = failures(pod({}), {}, SecurityLevel.RESTRICTED)
    assert [each.check for each in found] == [
        "allowPrivilegeEscalation",
        "capabilities_restricted",
        "runAsNonRoot",
        "seccompProfile_restricted",
    ]
    fields = [violation.field for each in found for violation in each.violations]
    assert fields[-1] == "spec.containers[0].securityContext.seccompProfile.type"
    assert found[-1].violations[0].is_required


def test_a_container_wins_over_its_pod() -> None:
    spec = pod({**GOOD, "runAsNonRoot": False}, securityContext={"runAsNonRoot": True})
    assert [each.check for each in failures(spec, {}, SecurityLevel.RESTRICTED)] == ["runAsNonRoot"]


def test_an_older_version_has_fewer_rules() -> None:
    probe = pod()
    probe["containers"][0]["livenessProbe"] = {"httpGet": {"host": "example.com", "port": 80}}
    assert told(probe, minor=33) == []
    assert told(probe, minor=34) == [
        'probe or lifecycle host (container "a" uses probe or lifecycle host "example.com")'
    ]
    keepalive = pod(securityContext={"sysctls": [{"name": "net.ipv4.tcp_keepalive_time"}]})
    assert told(keepalive, minor=28) == ["forbidden sysctls (net.ipv4.tcp_keepalive_time)"]
    assert told(keepalive, minor=29) == []


def test_pods_of_windows_need_not_give_up_what_only_linux_has() -> None:
    spec = pod({"runAsNonRoot": True}, os={"name": "windows"})
    assert failures(spec, {}, SecurityLevel.RESTRICTED) == []
    assert len(failures(spec, {}, SecurityLevel.RESTRICTED, 24)) == 3


def test_wrong_types_are_read_as_nothing() -> None:
    for odd in (None, 1, "x", [], {}, [None, 1, []], {"a": 1}):
        spec = {
            "containers": odd,
            "volumes": odd,
            "securityContext": odd,
            "initContainers": odd,
            "hostPID": odd,
            "os": odd,
        }
        failures(spec, {"annotations": odd}, SecurityLevel.RESTRICTED)  # type: ignore[dict-item]
        failures(
            pod(dict.fromkeys(GOOD, odd) | {"seLinuxOptions": odd, "procMount": odd}), {}, SecurityLevel.RESTRICTED
        )


def test_the_cases_of_the_plugin_itself() -> None:
    if shutil.which("go") is None:
        pytest.skip("the cases are in a module of Go, and Go is not installed")
    try:
        done = subprocess.run(
            ["go", "mod", "download", "-json", MODULE], cwd="/", capture_output=True, timeout=60, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"the module with the cases cannot be fetched: {error}")
    root = Path(json.loads(done.stdout)["Dir"], "test/testdata")
    names = {name.lower(): name for name in CONTROLS}
    count = 0
    for file in sorted(root.glob("*/v1.*/*/*.yaml")):
        level, version, kind, _ = file.relative_to(root).parts
        if version not in ("v1.0", "v1.19", "v1.24", "v1.34"):
            continue
        data = yaml.load(file.read_bytes(), yaml.CSafeLoader)
        found = [
            each.check for each in failures(data["spec"], data["metadata"], SecurityLevel(level), int(version[3:]))
        ]
        wanted = file.stem.rstrip("0123456789")
        if kind == "pass":
            assert found == [], file
        elif level == "restricted" and wanted in COVERED:
            assert found, file
        else:
            assert names[wanted] in found, file
        count += 1
    assert count > 400
