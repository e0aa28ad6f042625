"""The models have each field of Kyverno's definitions and no other, and lose nothing of the policies of its suites."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel
from tests.shared import SHARED, needs_shared

from nixernetes import kyverno
from nixernetes.gitops.resource import Resource
from nixernetes.kyverno.definitions import policy_definitions
from nixernetes.schemas import Schemas

CRDS = SHARED / "conformance/crds"
SUITES = SHARED / "conformance/kyverno/suites"
KINDS: dict[tuple[str, str], type[Resource]] = {
    (kind.API_VERSION, kind.KIND): kind
    for kind in (getattr(kyverno, name) for name in kyverno.__all__)
    if isinstance(kind, type) and issubclass(kind, Resource)
}
_METADATA = {"name", "namespace", "labels", "annotations", "finalizers", "otherMetadata", "status"}


def definition(model: type[Resource]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CRDS / f"{model.API_VERSION.replace('/', '_')}_{model.KIND}.json").read_text())
    return found


def of_schema(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the path of each property, ``!`` after it where it must be given."""
    if schema.get("type") == "array":
        yield from of_schema(schema["items"], path)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from of_schema(schema["additionalProperties"], path)
    for name, part in schema.get("properties", {}).items():
        needed = name in schema.get("required", []) and "default" not in part
        yield f"{path}.{name}{'!' * needed}"
        yield from of_schema(part, f"{path}.{name}")


def of_model(model: type[BaseModel], path: str = "", without: frozenset[str] = frozenset()) -> Iterator[str]:
    model.model_rebuild()
    for name, field in model.model_fields.items():
        alias = field.alias or name
        if alias not in without:
            yield f"{path}.{alias}{'!' * field.is_required()}"
            for part in parts(field.annotation):
                yield from of_model(part, f"{path}.{alias}")


def parts(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for each in get_args(hint):
        yield from parts(each)


@needs_shared
@pytest.mark.parametrize("model", KINDS.values(), ids=lambda model: model.__name__)
def test_a_model_has_the_fields_that_the_definition_has(model: type[Resource]) -> None:
    schema = definition(model)["openAPIV3Schema"]["properties"]["spec"]
    assert sorted(of_model(model, without=frozenset(_METADATA))) == sorted(of_schema(schema))
    assert definition(model)["plural"] == model.PLURAL


@needs_shared
def test_every_policy_of_the_suites_is_written_as_it_was_read() -> None:
    found = 0
    for path in sorted(SUITES.glob("*/*.yaml")):
        for document in yaml.load_all(path.read_text(), Loader=yaml.CSafeLoader):
            if isinstance(document, dict) and (document.get("apiVersion"), document.get("kind")) in KINDS:
                model = KINDS[document["apiVersion"], document["kind"]]
                assert model.from_manifest(document).manifest() == document, path
                found += 1
    assert found > 200


@needs_shared
def test_the_built_in_definitions_take_every_policy_of_the_suites() -> None:
    schemas = Schemas.of("1.34", policy_definitions())
    for path in sorted(SUITES.glob("*/policy.yaml"))[::7]:
        for document in yaml.load_all(path.read_text(), Loader=yaml.CSafeLoader):
            if isinstance(document, dict) and "kyverno.io" in document["apiVersion"]:
                assert schemas.is_known(document)
                assert [str(each) for each in schemas.problems(document)] == []


def test_the_built_in_definitions_name_what_is_wrong_in_a_policy() -> None:
    rule = {"name": "r", "match": {"any": [{"resources": {"kind": ["Pod"]}}]}, "validate": {"message": 3}}
    policy = {
        "apiVersion": "kyverno.io/v1",
        "kind": "ClusterPolicy",
        "metadata": {"name": "p"},
        "spec": {"rules": [rule]},
    }
    told = "\n".join(str(each) for each in Schemas.of("1.34", policy_definitions()).problems(policy))
    assert "spec.rules[0].match.any[0].resources.kind: unknown field: is it kinds?" in told
    assert "spec.rules[0].validate.message" in told
