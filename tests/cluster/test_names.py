"""Names and labels that Kubernetes refuses are refused here, with its words."""

import pytest
from tests.cluster.samples import config_map, workload

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.identity import ObjectKey
from nixernetes.schemas import names


@pytest.mark.parametrize(
    ("kind", "name", "problem"),
    [
        ("ConfigMap", "a.b-c", ""),
        ("ConfigMap", "a_b", "a lowercase RFC 1123 subdomain must consist of"),
        ("ConfigMap", "a" * 254, "must be no more than 253 characters"),
        ("Namespace", "a.b", "must not contain dots"),
        ("Service", "1st", "a DNS-1035 label must consist of"),
        ("Service", "first", ""),
    ],
)
def test_a_name_follows_the_rule_of_its_kind(kind: str, name: str, problem: str) -> None:
    found = names.name_problem(ObjectKey("", kind, "", name))
    assert found.startswith(problem)
    assert bool(found) is bool(problem)


@pytest.mark.parametrize(("name", "valid"), [("system:admin", True), ("a/b", False), ("..", False), ("a%b", False)])
def test_roles_are_named_as_freely_as_paths_allow(name: str, valid: bool) -> None:
    assert (not names.name_problem(ObjectKey("rbac.authorization.k8s.io", "ClusterRole", "", name))) is valid


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("app", ""),
        ("app.kubernetes.io/name", ""),
        ("a b", "name part must consist of alphanumeric characters"),
        ("/a", "prefix part must be non-empty"),
        ("example.com/", "name part must be non-empty"),
        ("ex_ample/a", "prefix part a lowercase RFC 1123 subdomain"),
        ("a" * 64, "name part must be no more than 63 characters"),
    ],
)
def test_a_label_key_is_a_qualified_name(key: str, problem: str) -> None:
    found = names.label_key_problem(key)
    assert found.startswith(problem)
    assert bool(found) is bool(problem)


def test_a_label_that_is_no_label_makes_the_object_invalid(cluster: EmbeddedCluster) -> None:
    manifest = config_map()
    manifest["metadata"]["labels"] = {"team": "a team"}
    with pytest.raises(ApiError) as caught:
        cluster.apply(manifest, manager="flux")
    assert caught.value.reason == "Invalid"
    assert str(caught.value) == (
        'ConfigMap "settings" is invalid: metadata.labels: Invalid value: "a team": a valid label must be an empty '
        "string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    )


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_a_selector_must_match_the_pods_of_its_template(cluster: EmbeddedCluster, kind: str) -> None:
    manifest = workload(kind, selector={"matchLabels": {"app": "other"}})
    with pytest.raises(ApiError, match="`selector` does not match template `labels`"):
        cluster.apply(manifest, manager="flux")
