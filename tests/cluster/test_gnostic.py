"""OpenAPI v2 in protobuf, read field by field."""

from collections.abc import Iterator

from tests.cluster.server.client import ApiClient

from nixernetes.cluster.openapi.gnostic import MEDIA, gnostic_bytes

ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield number and value of the fields of a message."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = number()
        if key & 7 == 0:
            yield key >> 3, number()
        else:
            size = number() if key & 7 == 2 else 8
            yield key >> 3, data[at : at + size]
            at += size


def inside(data: bytes, *path: int) -> list[bytes]:
    """Return the messages at a path of field numbers."""
    found = [data]
    for step in path:
        found = [
            value for each in found for number, value in fields(each) if number == step and isinstance(value, bytes)
        ]
    return found


def test_a_schema_is_written_with_all_that_it_has() -> None:
    schema = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": "string", "maxLength": 300, "enum": ["x"]}},
        "additionalProperties": {"$ref": "#/definitions/Other"},
        "x-kubernetes-map-type": "atomic",
    }
    data = gnostic_bytes({"swagger": "2.0", "info": {"title": "t", "version": "v"}, "definitions": {"Thing": schema}})
    assert inside(data, 1) == [b"2.0"]
    assert inside(data, 2, 2) == [b"v"]
    assert inside(data, 9, 1, 1) == [b"Thing"]
    (written,) = inside(data, 9, 1, 2)
    assert inside(written, 22, 1) == [b"object"]
    assert inside(written, 19) == [b"a"]
    assert inside(written, 21, 1, 1) == [b"#/definitions/Other"]
    assert inside(written, 31, 1) == [b"x-kubernetes-map-type"]
    assert inside(written, 31, 2, 2) == [b'"atomic"\n']
    assert inside(written, 25, 1, 1) == [b"a"]
    (prop,) = inside(written, 25, 1, 2)
    assert (11, 300) in [*fields(prop)]
    assert inside(prop, 20, 2) == [b'"x"\n']


def test_old_clients_find_what_a_patch_may_say() -> None:
    answer = ApiClient().ask("GET", "/openapi/v2", accept=ASKED)
    assert (answer.status, answer.content_type) == (200, MEDIA)
    path = b"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
    (item,) = [each for each in inside(answer.body, 8, 2) if inside(each, 1) == [path]]
    query = inside(item, 2, 8, 8, 1, 2, 3, 4)
    assert query == [b"dryRun", b"fieldManager", b"fieldValidation", b"force"]
    assert b"io.k8s.api.apps.v1.Deployment" in inside(answer.body, 9, 1, 1)
