"""The API server refuses with Kubernetes' own reasons and words."""

import copy

import pytest
from tests.cluster.samples import config_map, workload

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.manifest import Json, Manifest


def refused(cluster: EmbeddedCluster, manifest: Manifest) -> tuple[str, str]:
    with pytest.raises(ApiError) as caught:
        cluster.apply(manifest, manager="flux", force=True)
    return caught.value.reason, str(caught.value)


def changed(manifest: Manifest, path: str, value: Json) -> Manifest:
    result = copy.deepcopy(manifest)
    place = result
    *parents, last = path.split(".")
    for part in parents:
        place = place.setdefault(part, {})
    place[last] = value
    return result


def test_a_missing_namespace_fails_the_apply(cluster: EmbeddedCluster) -> None:
    assert refused(cluster, config_map(namespace="team")) == ("NotFound", 'namespaces "team" not found')


def test_a_namespaced_object_needs_a_namespace(cluster: EmbeddedCluster) -> None:
    manifest = config_map()
    del manifest["metadata"]["namespace"]
    assert refused(cluster, manifest) == ("NotFound", "the server could not find the requested resource")


def test_a_kind_that_is_not_served_has_no_matches(cluster: EmbeddedCluster) -> None:
    manifest = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a", "namespace": "default"}}
    assert refused(cluster, manifest) == ("NoMatch", 'no matches for kind "Widget" in version "example.com/v1"')


@pytest.mark.parametrize("name", ["Upper", "under_score", "-dash", "a" * 254])
def test_a_name_must_be_a_subdomain(cluster: EmbeddedCluster, name: str) -> None:
    reason, message = refused(cluster, config_map(name=name))
    assert reason == "Invalid"
    assert message.startswith(f'ConfigMap "{name}" is invalid: metadata.name: Invalid value')


def test_a_label_must_be_a_string(cluster: EmbeddedCluster) -> None:
    reason, message = refused(cluster, changed(config_map(), "metadata.labels", {"port": 80}))
    assert reason == ""
    assert message.endswith(".metadata.labels.port: expected string, got &value.valueUnstructured{Value:80}")


@pytest.mark.parametrize(
    ("manifest", "path", "value", "message"),
    [
        (workload(), "spec.selector.matchLabels", {"app": "x"}, 'spec.selector: Invalid value: {"matchLabels":'),
        (workload("StatefulSet"), "spec.serviceName", "x", "spec: Forbidden: updates to statefulset spec for fields"),
        (
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "default"}, "type": "a/b"},
            "type",
            "c/d",
            'type: Invalid value: "c/d": field is immutable',
        ),
        (
            {**config_map(a="1"), "immutable": True},
            "data.a",
            "2",
            "data: Forbidden: field is immutable when `immutable` is set",
        ),
        (
            {
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "RoleBinding",
                "metadata": {"name": "b", "namespace": "default"},
                "roleRef": {"kind": "Role", "name": "x"},
            },
            "roleRef.name",
            "y",
            "cannot change roleRef",
        ),
    ],
)
def test_immutable_fields_do_not_change(
    cluster: EmbeddedCluster, manifest: Manifest, path: str, value: Json, message: str
) -> None:
    cluster.apply(manifest, manager="flux")
    reason, said = refused(cluster, changed(manifest, path, value))
    assert reason == "Invalid"
    assert message in said


def test_an_immutable_template_is_not_printed(cluster: EmbeddedCluster) -> None:
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "j", "namespace": "default"},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}},
    }
    cluster.apply(job, manager="flux")
    env = [{"name": "PASSWORD", "value": "hunter2"}]
    containers = [{"name": "c", "image": "i", "env": env}]
    _, message = refused(cluster, changed(job, "spec.template.spec.containers", containers))
    assert "spec.template: Invalid value" in message
    assert "hunter2" not in message


def test_creating_twice_and_touching_what_is_not_there(cluster: EmbeddedCluster) -> None:
    cluster.create(workload(), manager="k")
    with pytest.raises(ApiError, match=r'deployments\.apps "web" already exists'):
        cluster.create(workload(), manager="k")
    with pytest.raises(ApiError, match=r'deployments\.apps "other" not found'):
        cluster.delete(ObjectKey("apps", "Deployment", "default", "other"))
    with pytest.raises(ApiError, match='configmaps "settings" not found'):
        cluster.update(config_map(), manager="k")


def test_a_custom_kind_is_served_while_its_definition_is_there(cluster: EmbeddedCluster) -> None:
    crd = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"kind": "Widget", "plural": "widgets"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {
                        "openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                    },
                }
            ],
        },
    }
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": {"x": 1}}
    stored = cluster.apply(crd, manager="flux")
    assert {c["type"]: c["status"] for c in stored["status"]["conditions"]}["Established"] == "True"
    assert cluster.is_namespaced(GroupKind("example.com", "Widget")) is False
    cluster.apply(widget, manager="flux")
    cluster.delete(ObjectKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "widgets.example.com"))
    assert cluster.is_namespaced(GroupKind("example.com", "Widget")) is None
    assert cluster.get(ObjectKey("example.com", "Widget", "", "a")) is None
