"""Fields that may have a few values alone say which, as Kubernetes' own documents do."""

from nixernetes.cluster.openapi.schemas import builtin_schemas


def test_a_field_names_its_values_and_what_each_is_for() -> None:
    found = builtin_schemas("apps", "v1", "Deployment")
    assert found is not None
    field = found[1]["io.k8s.api.apps.v1.DeploymentStrategy"]["properties"]["type"]
    assert field["enum"] == ["Recreate", "RollingUpdate"]
    assert '\n\nPossible enum values:\n - `"Recreate"` Kill all existing pods' in field["description"]


def test_of_a_list_its_items_do() -> None:
    found = builtin_schemas("", "v1", "PersistentVolumeClaim")
    assert found is not None
    field = found[1]["io.k8s.api.core.v1.PersistentVolumeClaimSpec"]["properties"]["accessModes"]
    assert "enum" not in field
    assert field["items"]["enum"] == ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
