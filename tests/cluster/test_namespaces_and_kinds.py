"""Namespaces hold what is in them; kinds are served only once they are defined."""

from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

WIDGET = GroupKind("example.org", "Widget")
NAMESPACE: Manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
CRD: Manifest = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.org"},
    "spec": {
        "group": "example.org",
        "scope": "Namespaced",
        "names": {"kind": "Widget", "plural": "widgets", "singular": "widget", "listKind": "WidgetList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {
                            "spec": {
                                "type": "object",
                                "properties": {
                                    "parts": {
                                        "type": "array",
                                        "x-kubernetes-list-type": "map",
                                        "x-kubernetes-list-map-keys": ["name"],
                                        "items": {
                                            "type": "object",
                                            "required": ["name"],
                                            "properties": {"name": {"type": "string"}},
                                        },
                                    }
                                },
                            }
                        },
                    }
                },
            }
        ],
    },
}


def widget(*parts: str) -> Manifest:
    return {
        "apiVersion": "example.org/v1",
        "kind": "Widget",
        "metadata": {"name": "w", "namespace": "default"},
        "spec": {"parts": [{"name": part} for part in parts]},
    }


def test_a_new_cluster_has_the_namespaces_of_kubernetes(cluster: EmbeddedCluster) -> None:
    names = [item["metadata"]["name"] for item in cluster.list(GroupKind("", "Namespace"))]
    assert names == ["default", "kube-node-lease", "kube-public", "kube-system"]


def test_a_namespace_has_an_account_and_the_root_certificate(cluster: EmbeddedCluster) -> None:
    cluster.apply(NAMESPACE, manager="flux")
    assert cluster.get(ObjectKey("", "ServiceAccount", "shop", "default")) is not None
    assert cluster.get(ObjectKey("", "ConfigMap", "shop", "kube-root-ca.crt")) is not None


def test_a_definition_serves_its_kind_with_the_merge_rules_of_its_schema(cluster: EmbeddedCluster) -> None:
    stored = cluster.apply(CRD, manager="flux")
    assert {c["type"]: c["status"] for c in stored["status"]["conditions"]} == {
        "NamesAccepted": "True",
        "Established": "True",
    }
    assert cluster.is_namespaced(WIDGET) is True
    cluster.apply(widget("a"), manager="one")
    merged = cluster.apply(widget("b"), manager="two")
    assert merged["spec"]["parts"] == [{"name": "a"}, {"name": "b"}]
    assert merged["metadata"]["generation"] == 2


def test_deleting_a_definition_deletes_its_objects(cluster: EmbeddedCluster) -> None:
    cluster.apply(CRD, manager="flux")
    cluster.apply(widget("a"), manager="one")
    cluster.delete(key_of(CRD))
    assert cluster.list(WIDGET) == []
    assert cluster.is_namespaced(WIDGET) is None


def test_a_registered_kind_needs_no_definition(cluster: EmbeddedCluster) -> None:
    cluster.serve(WIDGET, namespaced=True)
    assert WIDGET in cluster.kinds()
    assert cluster.apply(widget("a"), manager="one")["spec"] == {"parts": [{"name": "a"}]}
