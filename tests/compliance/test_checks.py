"""What each check lets pass and what it does not, with the field that it points at."""

from __future__ import annotations

from typing import Any

import pytest
from tests.compliance.objects import deployment, network_policy, obj, role
from tests.compliance.test_worked_examples import failures

from nixernetes.compliance.checks.catalog import CHECK_IDS
from nixernetes.compliance.checks.images import image_name
from nixernetes.compliance.checks.registry import CHECKS
from nixernetes.compliance.objects import pointer

RBAC = "rbac.authorization.k8s.io/v1"
DENY = network_policy(podSelector={}, policyTypes=["Ingress", "Egress"])


def pod(security: dict[str, Any] | None = None, container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    """Return a Deployment with one container."""
    made = deployment("web", security or {}, **spec)
    made["spec"]["template"]["spec"]["containers"][0].update(container or {})
    return made


def bound(kind: str, name: str, target: str = "cluster-admin") -> dict[str, Any]:
    subject = {"kind": kind, "name": name, **({"namespace": "ops"} if kind == "ServiceAccount" else {})}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": target}
    return obj(RBAC, "ClusterRoleBinding", namespace="", roleRef=reference, subjects=[subject])


def rule(resources: str, *verbs: str, group: str = "") -> dict[str, Any]:
    return role({"apiGroups": [group], "resources": [resources], "verbs": list(verbs)})


def claim(storage_class: str | None) -> dict[str, Any]:
    return obj("v1", "PersistentVolumeClaim", spec={"storageClassName": storage_class} if storage_class else {})


def storage_class(**parameters: str) -> dict[str, Any]:
    return obj("storage.k8s.io/v1", "StorageClass", "fast", "", parameters=parameters)


def policy(action: str, **rule_fields: Any) -> dict[str, Any]:
    match = {"any": [{"resources": {"kinds": ["Pod"]}}]}
    validate = {"failureAction": action, "podSecurity": {"level": "restricted"}, **rule_fields}
    rules = [{"name": "r", "match": match, "validate": validate}]
    return obj("kyverno.io/v1", "ClusterPolicy", "p", "", spec={"rules": rules})


GATEWAY = obj(
    "gateway.networking.k8s.io/v1",
    "Gateway",
    "edge",
    spec={"listeners": [{"name": "tls", "protocol": "HTTPS"}, {"name": "plain", "protocol": "HTTP"}]},
)


def route(section: str, **spec: Any) -> dict[str, Any]:
    return obj(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        spec={"parentRefs": [{"name": "edge", "sectionName": section}], **spec},
    )


PASSING: list[tuple[str, list[Any]]] = [
    ("pod.drop-net-raw", [pod({"capabilities": {"drop": ["NET_RAW"]}})]),
    ("pod.no-added-capabilities", [pod()]),
    ("pod.read-only-root", [pod({"readOnlyRootFilesystem": True})]),
    ("pod.security-context", [pod(securityContext={"fsGroup": 1})]),
    ("pod.linux-hardening", [pod(securityContext={"seccompProfile": {"type": "RuntimeDefault"}})]),
    ("pod.cpu-limit", [pod(container={"resources": {"limits": {"cpu": "1"}}})]),
    (
        "pod.memory-limit",
        [pod(), obj("v1", "LimitRange", spec={"limits": [{"type": "Container", "default": {"memory": "1Gi"}}]})],
    ),
    ("pod.requests", [pod(container={"resources": {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}})]),
    ("pod.sa-token", [pod(), obj("v1", "ServiceAccount", "default", automountServiceAccountToken=False)]),
    (
        "pod.sa-token",
        [
            pod(serviceAccountName="web"),
            obj(RBAC, "RoleBinding", subjects=[{"kind": "ServiceAccount", "name": "web"}], roleRef={"name": "r"}),
        ],
    ),
    ("pod.default-sa", [pod(serviceAccountName="web")]),
    ("pod.secrets-as-files", [pod(container={"env": [{"name": "A", "value": "b"}]})]),
    ("pod.image-tag", [pod(container={"image": "ghcr.io/a/b@sha256:00"})]),
    ("pod.image-digest", [pod(container={"image": "ghcr.io/a/b:1@sha256:00"})]),
    ("pod.no-plain-credentials", [pod(container={"env": [{"name": "PASSWORD_FILE", "value": "/run/secret"}]})]),
    ("pod.no-plain-credentials", [pod(container={"env": [{"name": "TOKEN_TTL", "value": "3600s"}]})]),
    ("pod.no-plain-credentials", [obj("v1", "ConfigMap", data={"key": "value", "tokenizer": "bert-base"})]),
    ("pod.probes", [pod(container={"livenessProbe": {}, "readinessProbe": {}})]),
    (
        "net.default-deny",
        [pod(), network_policy("i", podSelector={}), network_policy("e", podSelector={}, policyTypes=["Egress"])],
    ),
    ("net.policy-selects-pod", [pod(), DENY]),
    ("net.namespace-has-policy", [obj("v1", "Namespace", "app", ""), DENY]),
    (
        "net.ingress-tls",
        [
            obj(
                "networking.k8s.io/v1",
                "Ingress",
                spec={"rules": [{"host": "a.example.com"}], "tls": [{"hosts": ["*.example.com"]}]},
            )
        ],
    ),
    ("net.ingress-tls", [route("tls"), GATEWAY]),
    (
        "net.ingress-tls",
        [
            route("plain", rules=[{"filters": [{"requestRedirect": {"scheme": "https"}}]}]),
            GATEWAY,
        ],
    ),
    ("rbac.cluster-admin", [bound("Group", "devs", "view")]),
    ("rbac.secrets", [rule("configmaps", "get")]),
    ("rbac.create-pods", [rule("pods", "get", "list")]),
    ("rbac.exec", [rule("pods", "create")]),
    ("rbac.escalate", [role({"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"]})]),
    ("ns.not-default", [pod()]),
    (
        "ns.pod-security",
        [obj("v1", "Namespace", "a", "", metadata={"labels": {"pod-security.kubernetes.io/enforce": "restricted"}})],
    ),
    ("ns.pod-security", [obj("v1", "Namespace", "a", ""), policy("Enforce")]),
    ("policy.engine", [policy("Audit")]),
    ("policy.enforced", [policy("Enforce")]),
    (
        "policy.image-verify",
        [
            pod(),
            obj(
                "policies.kyverno.io/v1",
                "ImageValidatingPolicy",
                namespace="",
                spec={"matchImageReferences": [{"glob": "ghcr.io/*"}]},
            ),
        ],
    ),
    ("secrets.not-in-git", [obj("v1", "Secret", data={"a": "Yg=="}, sops={"mac": "x"})]),
    ("secrets.external", [obj("external-secrets.io/v1", "ExternalSecret", spec={})]),
    (
        "mesh.mtls",
        [pod(), obj("security.istio.io/v1", "PeerAuthentication", spec={"mtls": {"mode": "STRICT"}})],
    ),
    (
        "mesh.mtls",
        [
            pod(),
            obj(
                "v1",
                "Namespace",
                "app",
                "",
                metadata={
                    "annotations": {
                        "linkerd.io/inject": "enabled",
                        "config.linkerd.io/default-inbound-policy": "all-authenticated",
                    }
                },
            ),
        ],
    ),
    ("storage.encrypted", [claim("fast"), storage_class(encrypted="true")]),
    (
        "git.signed",
        [obj("source.toolkit.fluxcd.io/v1", "GitRepository", spec={"verify": {"secretRef": {"name": "k"}}})],
    ),
    (
        "labels.required",
        [
            obj(
                "v1",
                "ConfigMap",
                metadata={
                    "labels": {
                        "nixernetes.io/framework": "SOC2",
                        "nixernetes.io/owner": "a",
                        "nixernetes.io/data-classification": "public",
                    }
                },
            )
        ],
    ),
    ("labels.audit-id", [obj("v1", "ConfigMap", metadata={"annotations": {"nixernetes.io/audit-id": "1"}})]),
]

C = "/spec/template/spec/containers/0"
FAILING: list[tuple[str, list[Any], str]] = [
    ("psa.host-namespaces", [pod(hostPID=True)], "/spec/template/spec/hostPID"),
    (
        "psa.host-path",
        [pod(volumes=[{"name": "v", "hostPath": {"path": "/"}}])],
        "/spec/template/spec/volumes/0/hostPath",
    ),
    ("psa.privileged", [pod({"privileged": True})], f"{C}/securityContext/privileged"),
    ("psa.host-ports", [pod(container={"ports": [{"hostPort": 80}]})], f"{C}/ports/0/hostPort"),
    ("pod.drop-net-raw", [pod()], f"{C}/securityContext/capabilities/drop"),
    ("pod.no-added-capabilities", [pod({"capabilities": {"add": ["CHOWN"]}})], f"{C}/securityContext/capabilities/add"),
    ("pod.read-only-root", [pod()], f"{C}/securityContext/readOnlyRootFilesystem"),
    ("pod.security-context", [pod()], "/spec/template/spec/securityContext"),
    ("pod.linux-hardening", [pod()], f"{C}/securityContext"),
    ("pod.cpu-limit", [pod()], f"{C}/resources/limits/cpu"),
    ("pod.memory-limit", [pod()], f"{C}/resources/limits/memory"),
    ("pod.sa-token", [pod()], "/spec/template/spec/automountServiceAccountToken"),
    ("pod.default-sa", [pod(serviceAccountName="default")], "/spec/template/spec/serviceAccountName"),
    (
        "pod.secrets-as-files",
        [pod(container={"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]})],
        f"{C}/env/0/valueFrom/secretKeyRef",
    ),
    ("pod.image-tag", [pod(container={"image": "nginx:latest"})], f"{C}/image"),
    ("pod.image-tag", [pod(container={"image": "localhost:5000/nginx"})], f"{C}/image"),
    ("pod.image-digest", [pod()], f"{C}/image"),
    (
        "pod.no-plain-credentials",
        [pod(container={"env": [{"name": "DB_PASSWORD", "value": "hunter2"}]})],
        f"{C}/env/0/value",
    ),
    ("pod.no-plain-credentials", [pod(container={"env": [{"name": "apiKey", "value": "abcdef"}]})], f"{C}/env/0/value"),
    ("pod.no-plain-credentials", [obj("v1", "ConfigMap", data={"url": "postgres://me:pw@db/x"})], "/data/url"),
    ("net.policy-selects-pod", [pod(), network_policy(podSelector={"matchLabels": {"app": "other"}})], ""),
    ("net.namespace-has-policy", [obj("v1", "Namespace", "app", "")], ""),
    (
        "net.ingress-tls",
        [obj("networking.k8s.io/v1", "Ingress", spec={"rules": [{"host": "a.example.com"}]})],
        "/spec/rules/0/host",
    ),
    ("net.ingress-tls", [route("plain"), GATEWAY], "/spec/parentRefs/0"),
    (
        "net.ingress-snippets",
        [
            obj(
                "networking.k8s.io/v1",
                "Ingress",
                metadata={"annotations": {"nginx.ingress.kubernetes.io/server-snippet": "x"}},
            )
        ],
        "/metadata/annotations/nginx.ingress.kubernetes.io~1server-snippet",
    ),
    ("net.ingress-nginx", [pod(container={"image": "registry.k8s.io/ingress-nginx/controller:v1"})], f"{C}/image"),
    ("rbac.cluster-admin", [bound("Group", "devs")], "/subjects/0/name"),
    ("rbac.secrets", [rule("secrets", "list")], "/rules/0/verbs/0"),
    ("rbac.secrets", [rule("*", "patch", "watch")], "/rules/0/verbs/1"),
    ("rbac.create-pods", [rule("deployments", "create", group="apps")], "/rules/0/verbs/0"),
    ("rbac.exec", [rule("pods/exec", "get")], "/rules/0/verbs/0"),
    ("rbac.escalate", [rule("clusterroles", "bind", group="rbac.authorization.k8s.io")], "/rules/0/verbs/0"),
    ("rbac.create-pv", [rule("persistentvolumes", "create")], "/rules/0/verbs/0"),
    ("rbac.nodes-proxy", [rule("*/proxy", "get")], "/rules/0/verbs/0"),
    (
        "rbac.csr-approve",
        [rule("certificatesigningrequests/approval", "update", group="certificates.k8s.io")],
        "/rules/0/verbs/0",
    ),
    (
        "rbac.webhooks",
        [rule("mutatingwebhookconfigurations", "patch", group="admissionregistration.k8s.io")],
        "/rules/0/verbs/0",
    ),
    ("rbac.sa-token", [rule("serviceaccounts/token", "create")], "/rules/0/verbs/0"),
    ("rbac.system-masters", [bound("Group", "system:masters", "view")], "/subjects/0/name"),
    ("ns.not-default", [deployment("a", {}, namespace="default")], "/metadata/namespace"),
    (
        "ns.pod-security",
        [obj("v1", "Namespace", "a", ""), policy("Audit")],
        "/metadata/labels/pod-security.kubernetes.io~1enforce",
    ),
    ("policy.engine", [pod()], ""),
    ("policy.enforced", [policy("Audit")], "/spec/rules/0/validate/failureAction"),
    ("policy.image-verify", [pod()], f"{C}/image"),
    ("secrets.not-in-git", [obj("v1", "Secret", stringData={"password": "hunter2"})], "/stringData/password"),
    ("secrets.external", [obj("v1", "Secret", data={"a": "Yg=="})], ""),
    (
        "mesh.mtls",
        [pod(), obj("security.istio.io/v1", "PeerAuthentication", spec={"mtls": {"mode": "PERMISSIVE"}})],
        "",
    ),
    ("storage.encrypted", [claim("fast"), storage_class(type="gp3")], "/spec/storageClassName"),
    ("git.signed", [obj("source.toolkit.fluxcd.io/v1", "GitRepository", spec={})], "/spec/verify"),
    ("labels.audit-id", [obj("v1", "ConfigMap")], "/metadata/annotations/nixernetes.io~1audit-id"),
]


@pytest.mark.parametrize(("check", "manifests"), PASSING)
def test_a_check_lets_pass(check: str, manifests: list[Any]) -> None:
    assert failures(check, *manifests) == []


@pytest.mark.parametrize(("check", "manifests", "where"), FAILING)
def test_a_check_points_at_what_is_wrong(check: str, manifests: list[Any], where: str) -> None:
    found = failures(check, *manifests)
    assert [pointer(each.path) for each in found][:1] == [where]
    assert not any(each.undecided for each in found)


def test_every_check_is_there_and_in_the_catalog() -> None:
    assert len(CHECK_IDS) == 63
    assert set(CHECKS) == set(CHECK_IDS)


@pytest.mark.parametrize(
    ("check", "manifests"),
    [
        ("pod.image-registry", [pod()]),
        ("storage.encrypted", [claim(None)]),
        ("net.ingress-tls", [route("tls")]),
    ],
)
def test_what_files_do_not_say_is_undecided_and_never_passes(check: str, manifests: list[Any]) -> None:
    assert [each.undecided for each in failures(check, *manifests)] == [True]


def test_lists_of_the_settings_decide() -> None:
    assert failures("pod.image-registry", pod(), registries=["ghcr.io/myorg"]) == []
    assert len(failures("pod.image-registry", pod(), registries=["ghcr.io/my"])) == 1, "a folder, not a prefix"
    assert failures("rbac.cluster-admin", bound("Group", "devs"), admins=["Group/*"]) == []
    assert failures("rbac.secrets", rule("secrets", "get"), roles=["Role/app/r"]) == []
    assert failures("storage.encrypted", claim("fast"), encrypted_storage_classes=["fast"]) == []
    assert [each.found for each in failures("policy.enforced", policy("Enforce"), policies=["other"])] == ["not placed"]
    assert (
        len(
            failures(
                "pod.no-plain-credentials", obj("v1", "ConfigMap", data={"dsn": "x1y2z3"}), credential_keys=["^dsn$"]
            )
        )
        == 1
    )


def test_credentials_are_never_shown() -> None:
    found = failures("pod.no-plain-credentials", pod(container={"env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}))
    found += failures("secrets.not-in-git", obj("v1", "Secret", stringData={"password": "hunter2"}))
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("nginx", ("docker.io", "library/nginx", "", "")),
        ("org/app:1", ("docker.io", "org/app", "1", "")),
        ("localhost:5000/a/b", ("localhost:5000", "a/b", "", "")),
        ("ghcr.io/a/b:1@sha256:0", ("ghcr.io", "a/b", "1", "sha256:0")),
        ("index.docker.io/library/nginx:1", ("docker.io", "library/nginx", "1", "")),
    ],
)
def test_the_name_of_an_image_is_read_as_runtimes_do(text: str, parts: tuple[str, ...]) -> None:
    assert tuple(image_name(text)) == parts


def test_a_long_value_takes_time_in_proportion_to_its_length() -> None:
    """A pattern that goes back would need hours for this one."""
    long = obj("v1", "ConfigMap", data={"text": "a" * 2_000_000, "key": "x://" * 200_000})
    assert failures("pod.no-plain-credentials", long) == []
