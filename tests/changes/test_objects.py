"""What is a change of an object, what an API server refuses, and what is lost, restarted or opened by it."""

import base64
import json
from pathlib import Path

import pytest
from tests.changes.revisions import (
    claim,
    config,
    dangers,
    deployment,
    differ,
    fields,
    flux,
    kustomization,
    said,
)

from nixernetes.changes.formats.json_format import to_json
from nixernetes.changes.formats.pages import to_html, to_markdown
from nixernetes.changes.formats.terminal import to_terminal

POD = "selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{%s}]}}"


def workload(container: str, kind: str = "Deployment", more: str = "") -> str:
    return (
        f"---\napiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: web, namespace: shop}}\n"
        f"spec: {{{more}{POD % container}}}\n"
    )


def thing(api_version: str, kind: str, rest: str, name: str = "web") -> str:
    return f"---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\n{rest}\n"


IMAGE = 'name: web, image: "nginx:1.27"'
SERVICE = "spec: {selector: {a: b}, ports: [{port: 80%s}]%s}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            workload(IMAGE),
            workload(f"{IMAGE}, imagePullPolicy: IfNotPresent, terminationMessagePath: /dev/termination-log"),
        ),
        (workload(IMAGE), workload(IMAGE, more="replicas: 1, revisionHistoryLimit: 10, ")),
        (workload(IMAGE), workload(IMAGE, more="strategy: {type: RollingUpdate}, ")),
        (workload(IMAGE), workload(f"{IMAGE}, resources: {{}}, env: [], args: null")),
        (
            workload(f"{IMAGE}, ports: [{{containerPort: 80}}], livenessProbe: {{httpGet: {{port: 80, path: /}}}}"),
            workload(
                f"{IMAGE}, ports: [{{containerPort: 80, protocol: TCP}}], "
                "livenessProbe: {httpGet: {port: 80, path: /, scheme: HTTP}, periodSeconds: 10, failureThreshold: 3}"
            ),
        ),
        (
            workload(f"{IMAGE}, resources: {{limits: {{memory: 1Gi, cpu: 500m}}}}"),
            workload(f"{IMAGE}, resources: {{limits: {{memory: 1024Mi, cpu: 0.5}}}}"),
        ),
        (
            thing("v1", "Pod", "spec: {containers: [{name: a, image: 'a:1', resources: {limits: {cpu: 500m}}}]}"),
            thing(
                "v1",
                "Pod",
                "spec: {containers: [{name: a, image: 'a:1', resources: {limits: {cpu: 0.5}, requests: {cpu: 0.5}}}]}",
            ),
        ),
        (
            thing("v1", "Service", SERVICE % ("", "")),
            thing("v1", "Service", SERVICE % (", protocol: TCP, targetPort: 80", ", type: ClusterIP")),
        ),
        (config(), config(metadata=", labels: {}, annotations: null")),
        (
            thing("v1", "Secret", 'stringData: {key: "hunter22"}'),
            thing("v1", "Secret", f"type: Opaque\ndata: {{key: {base64.b64encode(b'hunter22').decode()}}}"),
        ),
        (
            thing("policy/v1", "PodDisruptionBudget", "spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}"),
            thing("policy/v1beta1", "PodDisruptionBudget", "spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}"),
        ),
        (
            thing("batch/v1", "CronJob", "spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {}}}}}"),
            thing(
                "batch/v1",
                "CronJob",
                "spec: {schedule: '@daily', suspend: false, concurrencyPolicy: Allow, "
                "jobTemplate: {spec: {template: {spec: {dnsPolicy: ClusterFirst}}}}}",
            ),
        ),
    ],
)
def test_what_an_api_server_stores_alike_is_no_change(tmp_path: Path, before: str, after: str) -> None:
    assert said(differ(tmp_path, flux(before), flux(after))) == set()


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        (workload(IMAGE), workload(IMAGE, more="replicas: 2, "), "spec.replicas"),
        (
            workload(IMAGE),
            workload(f"{IMAGE}, imagePullPolicy: Always"),
            "spec.template.spec.containers[name=web].imagePullPolicy",
        ),
        (
            workload(f'{IMAGE}, env: [{{name: A, value: "1"}}, {{name: B, value: "2"}}]'),
            workload(f'{IMAGE}, env: [{{name: N, value: "0"}}, {{name: A, value: "1"}}, {{name: B, value: "2"}}]'),
            "spec.template.spec.containers[name=web].env[name=N]",
        ),
        (
            workload(IMAGE),
            thing("apps/v1", "Deployment", f"spec: {{{POD % IMAGE}}}").replace(
                "containers:", "automountServiceAccountToken: false, containers:"
            ),
            "spec.template.spec.automountServiceAccountToken",
        ),
    ],
)
def test_a_change_names_the_field(tmp_path: Path, before: str, after: str, path: str) -> None:
    assert fields(differ(tmp_path, flux(before), flux(after))) == [path]


BINDING = """\
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
subjects: [{kind: Group, name: %s, apiGroup: rbac.authorization.k8s.io}]"""
STATEFUL = "serviceName: %s, "
INDEXED = "spec: {completions: %s, template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (claim(size="2Gi"), claim(size="1Gi")),
        (claim(more=", storageClassName: a"), claim(more=", storageClassName: b")),
        (claim(), claim(more=", storageClassName: b")),
        (workload(IMAGE, "StatefulSet", STATEFUL % "a"), workload(IMAGE, "StatefulSet", STATEFUL % "b")),
        (workload(IMAGE, "DaemonSet"), workload(IMAGE, "DaemonSet").replace("{a: b}", "{a: c}")),
        (thing("batch/v1", "Job", INDEXED % 1), thing("batch/v1", "Job", INDEXED % 2)),
        (thing("v1", "Service", SERVICE % ("", "")), thing("v1", "Service", SERVICE % ("", ", clusterIP: None"))),
        (
            thing("v1", "Service", SERVICE % ("", ", type: LoadBalancer, loadBalancerClass: acme.io/a")),
            thing("v1", "Service", SERVICE % ("", ", type: LoadBalancer, loadBalancerClass: acme.io/b")),
        ),
        (
            thing("v1", "Secret", "type: Opaque"),
            thing("v1", "Secret", "type: kubernetes.io/tls\nstringData: {tls.crt: a, tls.key: b}"),
        ),
        (
            thing("v1", "Secret", "immutable: true\nstringData: {a: b}"),
            thing("v1", "Secret", "immutable: true\nstringData: {a: c}"),
        ),
        (
            thing("rbac.authorization.k8s.io/v1", "RoleBinding", BINDING % ("view", "a")),
            thing("rbac.authorization.k8s.io/v1", "RoleBinding", BINDING % ("viewer", "a")),
        ),
        (
            thing("scheduling.k8s.io/v1", "PriorityClass", "value: 1").replace(", namespace: shop", ""),
            thing("scheduling.k8s.io/v1", "PriorityClass", "value: 2").replace(", namespace: shop", ""),
        ),
        (
            thing("v1", "Pod", "spec: {containers: [{name: a, image: a}]}"),
            thing("v1", "Pod", "spec: {containers: [{name: a, image: a, command: [b]}]}"),
        ),
    ],
)
def test_what_an_api_server_refuses_to_change_is_told(tmp_path: Path, before: str, after: str) -> None:
    report = differ(tmp_path, flux(before + config()), flux(after + config()))
    assert [each.action for each in report.changes] == ["change"]
    assert {each.topic for each in report.dangers if each.severity == "error"} == {"immutable-field"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (claim(size="1Gi"), claim(size="2Gi")),
        (
            workload(IMAGE, "StatefulSet", STATEFUL % "a"),
            workload(f"{IMAGE}, args: [b]", "StatefulSet", STATEFUL % "a"),
        ),
        (
            thing("batch/v1", "Job", INDEXED % 1),
            thing("batch/v1", "Job", INDEXED.replace("spec: {c", "spec: {parallelism: 2, c", 1) % 1),
        ),
        (thing("v1", "Secret", "stringData: {a: b}"), thing("v1", "Secret", "immutable: true\nstringData: {a: c}")),
        (
            thing("v1", "Pod", "spec: {containers: [{name: a, image: a}]}"),
            thing("v1", "Pod", "spec: {containers: [{name: a, image: b}]}"),
        ),
    ],
)
def test_what_may_change_is_no_danger(tmp_path: Path, before: str, after: str) -> None:
    report = differ(tmp_path, flux(before + config()), flux(after + config()))
    assert [each.action for each in report.changes] == ["change"]
    assert dangers(report) == set()


def role(rules: str, kind: str = "ClusterRole") -> str:
    return f"---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: agent}}\nrules: [{rules}]\n"


READS = '{apiGroups: [""], resources: [pods], verbs: [get, list]}'


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (role(READS), role('{apiGroups: [""], resources: [secrets], verbs: [get]}'), True),
        (
            role(READS),
            role(f"{READS}, {{apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [bind]}}"),
            True,
        ),
        (role('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}'), role(READS), False),
        (
            role('{apiGroups: [""], resources: ["*"], verbs: ["*"]}'),
            role('{apiGroups: [""], resources: [secrets], verbs: [get]}'),
            False,
        ),
        (
            role(READS),
            role(READS.replace("get, ", "") + ", " + READS.replace(", list", "")),
            False,
        ),
        (role(READS), role(READS.replace("list", "watch")), False),
    ],
)
def test_permissions_that_grow_dangerously_are_told(tmp_path: Path, before: str, after: str, is_told: bool) -> None:
    report = differ(tmp_path, flux(before + config()), flux(after + config()))
    assert dangers(report) == ({"warning rbac-escalation ClusterRole/agent"} if is_told else set())


@pytest.mark.parametrize(("name", "group"), [("cluster-admin", "ops"), ("view", "system:authenticated")])
def test_a_binding_that_gives_much_or_to_all_is_told(tmp_path: Path, name: str, group: str) -> None:
    binding = thing("rbac.authorization.k8s.io/v1", "RoleBinding", BINDING % (name, f'"{group}"'))
    report = differ(tmp_path, flux(config()), flux(config() + binding))
    assert dangers(report) == {"warning rbac-escalation RoleBinding/shop/web"}


def test_a_workload_that_stops_is_told(tmp_path: Path) -> None:
    report = differ(tmp_path, flux(workload(IMAGE)), flux(workload(IMAGE, more="replicas: 0, ")))
    assert dangers(report) == {"warning scaled-to-zero Deployment/shop/web"}


def test_a_namespace_takes_along_what_others_bring(tmp_path: Path) -> None:
    cluster = kustomization() + kustomization("other", path="./other")
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    base = flux(config("one", namespace="else") + "---\n" + namespace, cluster=cluster, other__all=config("inside"))
    report = differ(tmp_path, base, flux(config("one", namespace="else"), cluster=cluster, other__all=config("inside")))
    assert said(report) == {"delete Namespace/shop"}
    assert [each.message for each in report.dangers if "ConfigMap/shop/inside" in each.message]


def test_secrets_are_hidden_wherever_they_turn_up_and_that_they_change_shows(tmp_path: Path) -> None:
    def files(word: str) -> dict[str, str]:
        encoded = base64.b64encode(word.encode()).decode()
        secret = thing("v1", "Secret", f"stringData: {{a: {word}}}") + thing(
            "v1", "Secret", f"data: {{a: {encoded}}}", "two"
        )
        return flux(secret + config(data=f'url: "https://user:{word}@example.com"'))

    report = differ(tmp_path, files("first-pass-1"), files("second-pass-2"))
    assert said(report) == {"change Secret/shop/web", "change Secret/shop/two", "change ConfigMap/shop/settings"}
    for text in (
        to_json(report),
        to_markdown(report),
        to_html(report),
        to_terminal(report, colour=False, everything=True),
    ):
        for word in ("first-pass-1", "second-pass-2"):
            assert word not in text
            assert base64.b64encode(word.encode()).decode() not in text
    shown = [field for change in json.loads(to_json(report))["changes"] for field in change["fields"]]
    assert all(field["before"] != field["after"] for field in shown)


def test_images_are_told_with_their_containers(tmp_path: Path) -> None:
    report = differ(tmp_path, flux(deployment(image="a:1")), flux(deployment(image="a:2")))
    assert [(each.container, each.before, each.after) for each in report.images] == [("web", "a:1", "a:2")]


def test_findings_that_are_new_or_mended_are_told(tmp_path: Path) -> None:
    namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    reader = namespace + workload(f"{IMAGE}, envFrom: [{{configMapRef: {{name: settings}}}}]")
    broken = differ(tmp_path / "broken", flux(reader + config()), flux(reader + config("other")))
    mended = differ(tmp_path / "mended", flux(reader + config("other")), flux(reader + config()))
    assert [each.rule for each in broken.new] == ["missing-reference"]
    assert broken.fixed == () == mended.new
    assert [each.rule for each in mended.fixed] == ["missing-reference"]


def test_an_encrypted_value_that_changes_shows_though_nobody_can_open_it(tmp_path: Path) -> None:
    value = '"ENC[AES256_GCM,data:%s,iv:aaaa,tag:aaaa,type:str]"'
    metadata = 'lastmodified: "2026-01-01T00:00:00Z", version: 3.9.0, age: [{recipient: age1x, enc: x}]'
    sealed = f"stringData: {{a: {value}, b: {value % 'Q0ND'}}}\nsops: {{mac: {value}, {metadata}}}"
    cluster = kustomization(more="prune: true, decryption: {provider: sops}")
    base, head = (flux(thing("v1", "Secret", sealed % (text, text)), cluster=cluster) for text in ("QUFB", "QkJC"))
    report = differ(tmp_path, base, head)
    assert said(report) == {"change Secret/shop/web"}
    assert fields(report) == ["stringData.a"]
    assert "QkJC" not in to_json(report)


SIZED = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.acme.io}
spec:
  group: acme.io
  names: {plural: things, kind: Thing}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              x-kubernetes-validations: [{rule: "!has(self.size) || self.size != 'c'", message: no c}]
              properties:
                size: {type: string, x-kubernetes-validations: [{rule: "self == oldSelf", message: it is immutable}]}
                more: {type: string}
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{size: a}", "{size: b}", {"error immutable-field Thing/shop/web"}),
        ("{size: a}", "{size: a, more: b}", set()),
        ("{size: c}", "{size: c, more: b}", set()),
        ("{more: a}", "{size: a}", set()),
    ],
)
def test_a_rule_of_a_definition_about_the_step_is_asked(
    tmp_path: Path, before: str, after: str, told: set[str]
) -> None:
    def made(spec: str) -> str:
        return SIZED + thing("acme.io/v1", "Thing", f"spec: {spec}")

    report = differ(tmp_path, flux(made(before)), flux(made(after)))
    assert [str(each.key) for each in report.changes] == ["Thing/shop/web"]
    assert dangers(report) == told
