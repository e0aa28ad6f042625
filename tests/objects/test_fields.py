"""Fields are read as they are meant: what has another form reads as nothing, and nothing raises."""

import pytest

from nixernetes.objects import fields
from nixernetes.objects.manifest import Json

OBJECT: Json = {"spec": {"replicas": 3, "name": "web", "paused": True, "items": [{"a": 1}, "b", None]}}


def test_a_field_of_its_form_is_read() -> None:
    assert fields.at(OBJECT, "spec", "replicas") == 3
    assert fields.text_at(OBJECT, "spec", "name") == "web"
    assert fields.number_at(OBJECT, "spec", "replicas") == 3
    assert fields.flag_at(OBJECT, "spec", "paused")
    assert fields.items_at(OBJECT, "spec", "items") == [{"a": 1}, "b", None]
    assert fields.objects_at(OBJECT, "spec", "items") == [{"a": 1}]
    assert list(fields.mappings_in(OBJECT)) == [OBJECT, OBJECT["spec"], {"a": 1}]


@pytest.mark.parametrize("value", [None, "3", 3.5, True, [], {}, [1]])
@pytest.mark.parametrize("path", [("spec",), ("spec", "field"), ("spec", "field", "deeper")])
def test_a_field_of_another_form_is_nothing(value: Json, path: tuple[str, ...]) -> None:
    data: Json = value
    for name in reversed(path[:-1]):
        data = {name: data}
    assert fields.number_at(data, *path, default=7) == 7
    assert fields.text_at(data, *path) == ""
    assert fields.items_at(data, *path) == fields.objects_at(data, *path) == []
    assert fields.mapping_at(data, *path) == {}
