"""The table of built-in types says how each field merges."""

from hypothesis import given, settings
from tests.wrong_types import changes

from nixernetes.objects import schema
from nixernetes.objects.manifest import Json


def test_containers_merge_by_name_and_tolerations_do_not() -> None:
    root = schema.of("apps/v1", "Deployment")
    assert root is not None
    pod = root.field("spec").field("template").field("spec")  # type: ignore[union-attr]
    assert pod is not None
    containers, tolerations = pod.field("containers"), pod.field("tolerations")
    assert containers is not None
    assert containers.merge_key == "name"
    assert containers.list_map_keys == ("name",)
    assert containers.items().field("ports").merge_key == "containerPort"  # type: ignore[union-attr]
    assert tolerations is not None
    assert tolerations.list_type == "atomic"


def test_values_of_a_map_have_a_schema_and_unknown_names_have_none() -> None:
    root = schema.of("v1", "ConfigMap")
    assert root is not None
    assert root.field("data").field("any") is not None  # type: ignore[union-attr]
    assert root.field("nonsense") is None


def test_a_kind_that_kubernetes_does_not_ship_is_unknown() -> None:
    assert schema.of("example.com/v1", "Widget") is None


def test_a_custom_resource_schema_is_read_the_same_way() -> None:
    field = schema.from_open_api(
        {
            "properties": {
                "ports": {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port"], "items": {}}
            }
        }
    )
    ports = field.field("ports")
    assert ports is not None
    assert (ports.list_type, ports.list_map_keys) == ("map", ("port",))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    changes(
        [
            {
                "properties": {"a": {"type": "array", "items": {"type": "object"}}},
                "additionalProperties": {"type": "string"},
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
                "x-kubernetes-patch-strategy": "merge,retainKeys",
            }
        ]
    )
)
def test_a_schema_of_any_shape_is_read(schemas: list[Json]) -> None:
    found = schema.from_open_api(schemas[0])
    inner = found.field("a")
    assert all(isinstance(key, str) for key in found.list_map_keys)
    assert inner is None or inner.items() is None or inner.list_type == ""
