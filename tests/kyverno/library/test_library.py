"""The ready-made policies: both APIs say the same of every object, and what they say is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nixernetes import kyverno
from nixernetes.kyverno import library
from nixernetes.kyverno.engine.evaluation import Evaluation, evaluated

APIS = ("policies.kyverno.io/v1", "kyverno.io/v1")
SAFE = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
GOOD = {
    "name": "web",
    "image": "ghcr.io/acme/web:1.2",
    "imagePullPolicy": "Always",
    "securityContext": SAFE,
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
    "readinessProbe": {"tcpSocket": {"port": 80}},
    "livenessProbe": {"tcpSocket": {"port": 80}},
}
LABELS = {"app.kubernetes.io/name": "web", "team": "shop"}


def pod(container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    whole = {"containers": [GOOD if container is None else container], **spec}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop", "labels": LABELS},
        "spec": whole,
    }


def secured(**changes: Any) -> dict[str, Any]:
    """Return the good container with some settings of its security context changed; None takes one away."""
    context = {name: value for name, value in {**SAFE, **changes}.items() if value is not None}
    return {**GOOD, "securityContext": context}


def image(reference: str) -> dict[str, Any]:
    return {**GOOD, "image": reference}


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != field}


def made_by(kind: str, subject: dict[str, Any]) -> dict[str, Any]:
    """Return an object that makes the pod."""
    template = {"metadata": {"labels": subject["metadata"].get("labels", {})}, "spec": subject["spec"]}
    spec: dict[str, Any] = {"template": template}
    if kind == "CronJob":
        spec = {"schedule": "@daily", "jobTemplate": {"spec": spec}}
    version = "apps/v1" if kind == "Deployment" else "batch/v1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "web", "namespace": "shop"}, "spec": spec}


def verdicts(policy: Any, subject: dict[str, Any]) -> set[str]:
    rows = evaluated(Evaluation(policies=[policy.manifest()], objects=[subject]))
    return {each.row.result for each in rows}


Build = Callable[..., Any]


def registries(**choices: Any) -> Any:
    return library.restrict_registries(["ghcr.io/acme", "docker.io/library"], **choices)


def baseline(**choices: Any) -> Any:
    return library.pod_security_standard("baseline", **choices)


def labelled(**choices: Any) -> Any:
    return library.require_labels(["app.kubernetes.io/name", "team"], **choices)


def restricted(**choices: Any) -> Any:
    return library.pod_security_standard("restricted", **choices)


BUILDERS: list[Build] = [
    registries,
    baseline,
    restricted,
    library.disallow_host_access,
    library.disallow_latest_tag,
    library.disallow_privilege_escalation,
    library.disallow_privileged,
    library.require_dropped_capabilities,
    labelled,
    library.require_non_root,
    library.require_probes,
    library.require_pull_policy,
    library.require_read_only_root,
    library.require_requests_and_limits,
]
HOST_PATH = [{"name": "v", "hostPath": {"path": "/"}}]
APPARMOR = {"container.apparmor.security.beta.kubernetes.io/web": "unconfined"}
UNLABELLED = {**pod(), "metadata": {"name": "web", "namespace": "shop"}}
UNCONFINED = {**pod(), "metadata": {"name": "web", "namespace": "shop", "annotations": APPARMOR}}
BAD: list[tuple[Build, dict[str, Any]]] = [
    (registries, pod(image("ghcr.io/acme-evil/web:1"))),
    (registries, pod(image("quay.io/acme/web:1"))),
    (registries, pod(image("acme/web:1"))),
    (registries, pod(initContainers=[image("quay.io/a/b")])),
    (library.disallow_latest_tag, pod(image("ghcr.io/acme/web:latest"))),
    (library.disallow_latest_tag, pod(image("localhost:5000/web"))),
    (library.disallow_privileged, pod(secured(privileged=True))),
    (library.disallow_privileged, pod(initContainers=[secured(privileged=True)])),
    (library.disallow_host_access, pod(hostPID=True)),
    (library.disallow_host_access, pod({**GOOD, "ports": [{"containerPort": 80, "hostPort": 80}]})),
    (library.disallow_host_access, pod(volumes=HOST_PATH)),
    (library.disallow_privilege_escalation, pod(secured(allowPrivilegeEscalation=None))),
    (library.require_dropped_capabilities, pod(secured(capabilities={"drop": ["ALL"], "add": ["SYS_TIME"]}))),
    (library.require_dropped_capabilities, pod(without("securityContext"))),
    (labelled, UNLABELLED),
    (library.require_non_root, pod(secured(runAsNonRoot=None))),
    (library.require_non_root, pod(secured(runAsNonRoot=False), securityContext={"runAsNonRoot": True})),
    (library.require_non_root, pod(secured(runAsUser=0))),
    (library.require_probes, pod(without("livenessProbe"))),
    (library.require_pull_policy, pod(without("imagePullPolicy"))),
    (library.require_read_only_root, pod(secured(readOnlyRootFilesystem=None))),
    (library.require_requests_and_limits, pod(without("resources"))),
    (library.require_requests_and_limits, pod({**GOOD, "resources": {"limits": {"memory": "1Gi"}}})),
    (baseline, pod(hostNetwork=True)),
    (baseline, pod(secured(privileged=True))),
    (baseline, pod(secured(capabilities={"add": ["SYS_TIME"]}))),
    (baseline, pod(volumes=HOST_PATH)),
    (baseline, pod({**GOOD, "ports": [{"containerPort": 80, "hostPort": 80}]})),
    (baseline, pod(secured(appArmorProfile={"type": "Unconfined"}))),
    (baseline, UNCONFINED),
    (baseline, pod(secured(seLinuxOptions={"type": "spc_t"}))),
    (baseline, pod(securityContext={"seLinuxOptions": {"user": "root"}})),
    (baseline, pod(secured(procMount="Unmasked"))),
    (baseline, pod(secured(seccompProfile={"type": "Unconfined"}))),
    (baseline, pod(securityContext={"sysctls": [{"name": "kernel.msgmax", "value": "1"}]})),
    (baseline, pod(securityContext={"windowsOptions": {"hostProcess": True}}, hostNetwork=True)),
    (restricted, pod(volumes=[{"name": "v", "nfs": {"server": "a", "path": "/"}}])),
    (restricted, pod(secured(allowPrivilegeEscalation=None))),
    (restricted, pod(secured(runAsNonRoot=None))),
    (restricted, pod(secured(runAsUser=0))),
    (restricted, pod(secured(seccompProfile=None))),
    (restricted, pod(secured(capabilities=None))),
]
FINE: list[tuple[Build, dict[str, Any]]] = [
    (registries, pod(image("nginx:1.27"))),
    (library.disallow_latest_tag, pod(image("localhost:5000/web:1"))),
    (library.disallow_latest_tag, pod(image(f"web@sha256:{'0' * 64}"))),
    (library.require_non_root, pod(secured(runAsNonRoot=None), securityContext={"runAsNonRoot": True})),
    (library.require_probes, pod(without("livenessProbe"), restartPolicy="Never")),
    (library.require_requests_and_limits, pod(ephemeralContainers=[{"name": "debug", "image": "a:1"}])),
    (baseline, pod(without("securityContext"))),
    (baseline, pod(securityContext={"sysctls": [{"name": "net.ipv4.tcp_rmem", "value": "1"}]})),
    (restricted, pod(secured(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}))),
    (restricted, pod(secured(seccompProfile=None), securityContext={"seccompProfile": {"type": "Localhost"}})),
    (restricted, pod(volumes=[{"name": "v", "emptyDir": {}}, {"name": "c", "configMap": {"name": "c"}}])),
]


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("build", BUILDERS)
def test_a_good_pod_and_whatever_makes_it_passes(build: Build, api: str) -> None:
    """Nothing in the library refuses a workload that follows it all."""
    policy = build(api=api)
    for subject in (pod(), made_by("Deployment", pod()), made_by("Job", pod()), made_by("CronJob", pod())):
        assert verdicts(policy, subject) == {"pass"}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(("build", "subject"), BAD)
def test_a_bad_pod_fails_alone_and_in_what_makes_it(build: Build, subject: dict[str, Any], api: str) -> None:
    """A failure is a failure, not an error, in both APIs."""
    policy = build(api=api)
    assert verdicts(policy, subject) == {"fail"}
    if "annotations" not in subject["metadata"]:
        assert verdicts(policy, made_by("Deployment", subject)) == {"fail"}
        assert verdicts(policy, made_by("CronJob", subject)) == {"fail"}


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize(("build", "subject"), FINE)
def test_what_only_looks_bad_passes(build: Build, subject: dict[str, Any], api: str) -> None:
    """The finer points of each demand hold in both APIs."""
    assert verdicts(build(api=api), subject) == {"pass"}


def test_a_job_whose_template_has_no_metadata_fails_for_want_of_labels() -> None:
    """A missing map is a missing label, not an error."""
    job = made_by("Job", pod())
    del job["spec"]["template"]["metadata"]
    assert [verdicts(labelled(api=api), job) for api in APIS] == [{"fail"}, {"fail"}]


@pytest.mark.parametrize("api", APIS)
def test_default_labels_are_added_and_never_replace(api: Any) -> None:
    """What an object says of itself stays."""
    policy = library.add_default_labels({"team": "platform", "tier": "b"}, api=api).manifest()
    for labels in ({"team": "shop"}, None):
        metadata = {"name": "web", "namespace": "shop"} | ({"labels": labels} if labels else {})
        subject = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 80}]}}
        (row,) = [each.row for each in evaluated(Evaluation(policies=[policy], objects=[subject]))]
        assert row.patched is not None
        assert row.patched["metadata"]["labels"] == {"team": "platform", "tier": "b"} | (labels or {})  # type: ignore[index,call-overload]


@pytest.mark.parametrize("api", APIS)
def test_a_namespace_gets_a_network_policy_unless_it_is_the_system_s(api: Any) -> None:
    """Both APIs make the same object."""
    policy = library.default_deny_network(except_namespaces=["open"], api=api).manifest()
    made = {}
    for name in ("shop", "open", "kube-system"):
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        rows = evaluated(Evaluation(policies=[policy], objects=[space]))
        made[name] = [each for row in rows for each in row.row.generated]
    (only,) = made.pop("shop")
    assert made == {"open": [], "kube-system": []}
    assert only["kind"] == "NetworkPolicy"
    assert only["metadata"]["namespace"] == "shop"  # type: ignore[index,call-overload]
    assert only["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.mark.parametrize(
    "gather",
    [library.security_baseline, library.compliance_suite, library.cost_optimization, library.best_practices],
)
def test_every_policy_of_a_collection_says_what_it_is_for(gather: Build) -> None:
    """Reports group and weigh by these annotations; names are unique; the form follows the API."""
    for api, kinds in zip(APIS, ({"ValidatingPolicy", "GeneratingPolicy"}, {"ClusterPolicy"}), strict=True):
        policies = [each.manifest() for each in gather(api=api)]
        assert {each["kind"] for each in policies} <= kinds
        assert len({each["metadata"]["name"] for each in policies}) == len(policies)
        for each in policies:
            noted = each["metadata"]["annotations"]
            wanted = {f"policies.kyverno.io/{word}" for word in ("title", "category", "severity", "description")}
            assert wanted <= noted.keys()


def test_collections_can_be_taken_together() -> None:
    """No two policies of the library's collections have one name."""
    gathered = (library.security_baseline, library.compliance_suite, library.cost_optimization, library.best_practices)
    names = [each.name for gather in gathered for each in gather()]
    assert len(set(names)) == len(names)


def test_audit_comes_first_and_enforce_is_one_word() -> None:
    """The default reports; nothing is refused by accident."""
    for word, action, failure in (("audit", "Audit", "Audit"), ("enforce", "Deny", "Enforce")):
        new = library.disallow_privileged(enforcement=word).manifest()  # type: ignore[arg-type]
        old = library.disallow_privileged(enforcement=word, api="kyverno.io/v1").manifest()  # type: ignore[arg-type]
        assert new["spec"]["validationActions"] == [action]  # type: ignore[index,call-overload]
        assert old["spec"]["rules"][0]["validate"]["failureAction"] == failure  # type: ignore[index,call-overload]
    assert library.disallow_privileged() == library.disallow_privileged(enforcement="audit")


def test_registries_are_asked_for_in_the_baseline_where_they_are_named() -> None:
    """Images are restricted only to what somebody said."""
    names = [
        each.manifest()["metadata"]["name"] for each in kyverno.library.security_baseline(registries=["ghcr.io/a"])
    ]  # type: ignore[index,call-overload]
    assert "restrict-image-registries" in names
    assert len(kyverno.library.security_baseline()) == len(names) - 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: library.restrict_registries([]), "registries must be"),
        (lambda: library.restrict_registries("ghcr.io"), "registries must be"),
        (lambda: library.require_labels([]), "labels must be"),
        (lambda: library.add_default_labels({}), "labels must give"),
        (lambda: library.require_pull_policy("Sometimes"), "policy must be"),  # type: ignore[arg-type]
        (lambda: library.pod_security_standard("strict"), "level must be"),  # type: ignore[arg-type]
        (lambda: library.require_probes(api="v2"), "api must be"),  # type: ignore[arg-type]
        (lambda: library.require_probes(enforcement="warn"), "enforcement must be"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_choice_is_refused(call: Callable[[], Any], said: str) -> None:
    """The message says what may be given."""
    with pytest.raises(ValueError, match=said):
        call()
