"""Every field of every Flux CRD can be written, survives a round trip and is valid against its schema."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings, strategies as st
from tests.gitops import schemas
from tests.shared import needs_shared

from nixernetes.errors import InputError
from nixernetes.gitops import flux
from nixernetes.gitops.resource import Resource

pytestmark = needs_shared

# What a full instance must leave out, because a CEL rule of the CRD forbids it beside another field.
FORBIDDEN = {
    "Bucket": ["sts", "serviceAccountName"],
    "GitRepository": ["serviceAccountName"],
    "HelmRelease": [
        *("chartRef", "kubeConfig.configMapRef", "install.strategy.retryInterval", "upgrade.strategy.retryInterval"),
    ],
    "ImagePolicy": ["policy.alphabetical", "policy.numerical"],
    "Kustomization": ["kubeConfig.configMapRef"],
    "Provider": ["commitStatusExpr"],
    "Receiver": ["oidcProviders"],
}
# Further instances, so that each field is covered: changes to the full one.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "Bucket": [
        {"provider": "aws", "sts": {"provider": "aws", "endpoint": "https://sts.example.com"}},
        {
            "provider": "generic",
            "sts": {
                "provider": "ldap",
                "endpoint": "https://sts.example.com",
                "secretRef": {"name": "a"},
                "certSecretRef": {"name": "b"},
            },
        },
        {"provider": "gcp", "serviceAccountName": "reader", "secretRef": None},
    ],
    "GitRepository": [{"provider": "azure", "serviceAccountName": "reader"}],
    "HelmRelease": [
        {"chart": None, "chartRef": {"apiVersion": "v1", "kind": "OCIRepository", "name": "a", "namespace": "b"}},
        {
            "install": {"strategy": {"name": "RetryOnFailure", "retryInterval": "5m"}},
            "upgrade": {"strategy": {"name": "RetryOnFailure", "retryInterval": "5m"}},
            "kubeConfig": {"configMapRef": {"name": "a"}},
        },
    ],
    "ImagePolicy": [{"policy": {"alphabetical": {"order": "desc"}}}, {"policy": {"numerical": {"order": "desc"}}}],
    "Kustomization": [{"kubeConfig": {"configMapRef": {"name": "a"}}}],
    "Provider": [{"type": "github", "commitStatusExpr": "event.metadata.commit"}],
    "Receiver": [
        {
            "type": "generic-oidc",
            "secretRef": None,
            "oidcProviders": [
                {
                    "issuerURL": "https://issuer.example.com",
                    "audience": "flux",
                    "variables": [{"name": "sub", "expression": "claims.sub"}],
                    "validations": [{"expression": "vars.sub != ''", "message": "no subject"}],
                }
            ],
        }
    ],
}

KINDS: list[type[Resource]] = [
    getattr(flux, name)
    for name in flux.__all__
    if isinstance(getattr(flux, name), type) and issubclass(getattr(flux, name), Resource)
]
IDS = [kind.KIND for kind in KINDS]


def manifest_of(kind: type[Resource], spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": kind.API_VERSION,
        "kind": kind.KIND,
        "metadata": {
            "name": "full",
            "namespace": "apps",
            "labels": {"example.com/team": "platform"},
            "annotations": {"note": "any text at all"},
            "finalizers": ["finalizers.fluxcd.io"],
            "resourceVersion": "12",
            "generation": 3,
        },
        "spec": spec,
        "status": {"observedGeneration": -1},
    }


def full_spec(kind: type[Resource]) -> dict[str, Any]:
    spec = schemas.full(schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["spec"])
    if kind.KIND == "ImagePolicy":
        spec["digestReflectionPolicy"] = "Always"
    return schemas.without(spec, *FORBIDDEN.get(kind.KIND, []))


def variants(kind: type[Resource]) -> list[dict[str, Any]]:
    full = full_spec(kind)
    changed = [{**full, **change} for change in VARIANTS.get(kind.KIND, [])]
    return [full, *({name: value for name, value in spec.items() if value is not None} for spec in changed)]


def is_valid(kind: type[Resource], manifest: dict[str, Any]) -> bool:
    schema = schemas.schema_of(kind.API_VERSION, kind.KIND)
    return bool(jsonschema_rs.validator_for(schema).is_valid(schemas.defaulted(schema, manifest)))


def test_every_kind_of_flux_is_here() -> None:
    files = schemas.CRDS.glob("*toolkit.fluxcd.io_*.json")
    assert sorted(path.stem.rsplit("_", 1)[1] for path in files) == sorted(IDS)


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_an_instance_with_every_field_survives_the_round_trip_and_is_valid(kind: type[Resource]) -> None:
    for spec in variants(kind):
        manifest = manifest_of(kind, spec)
        assert is_valid(kind, manifest)
        assert kind.from_manifest(manifest).manifest() == manifest


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_the_variants_cover_every_field_of_the_schema(kind: type[Resource]) -> None:
    spec = schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["spec"]
    written = {path for variant in variants(kind) for path in paths_of(variant)}
    assert schema_paths(spec) - written == set()


def schema_paths(schema: dict[str, Any], path: str = "") -> set[str]:
    found = set()
    for name, part in schema.get("properties", {}).items():
        found |= {f"{path}.{name}", *schema_paths(part, f"{path}.{name}")}
    return found | (schema_paths(schema["items"], f"{path}[]") if isinstance(schema.get("items"), dict) else set())


def paths_of(data: Any, path: str = "") -> set[str]:
    if isinstance(data, dict):
        return {p for name, part in data.items() for p in ({f"{path}.{name}"} | paths_of(part, f"{path}.{name}"))}
    return {p for part in data for p in paths_of(part, f"{path}[]")} if isinstance(data, list) else set()


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_keywords_in_snake_case_give_the_same_object_as_the_manifest(kind: type[Resource]) -> None:
    names = {field.alias: name for name, field in kind.model_fields.items()}
    for spec in variants(kind):
        read = kind.from_manifest({k: v for k, v in manifest_of(kind, spec).items() if k != "status"})
        made = kind(
            name="full",
            namespace="apps",
            labels={"example.com/team": "platform"},
            annotations={"note": "any text at all"},
            finalizers=["finalizers.fluxcd.io"],
            other_metadata={"resourceVersion": "12", "generation": 3},
            **{names[alias]: value for alias, value in spec.items()},
        )
        assert made == read


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_every_alternative_value_is_accepted_and_any_other_is_refused(kind: type[Resource]) -> None:
    schema = schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["spec"]
    accepted = 0
    for path, value in schemas.alternatives(schema):
        spec = schemas.put(full_spec(kind), path, value)
        try:
            kind.from_manifest(manifest_of(kind, spec))
            accepted += 1
        except InputError:
            assert path[-1] in ("type", "provider", "kind", "mode", "digestReflectionPolicy", "name"), path
        wrong = schemas.put(full_spec(kind), path, "no-such-value")
        if wrong != full_spec(kind):
            with pytest.raises(InputError, match="no-such-value"):
                kind.from_manifest(manifest_of(kind, wrong))
    assert accepted or not list(schemas.alternatives(schema))


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_what_the_schema_requires_is_required_and_nothing_else(kind: type[Resource]) -> None:
    schema = schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["spec"]
    full = full_spec(kind)
    for path in schemas.required_paths(schema):
        spec = schemas.drop(full, path)
        if spec != full:
            with pytest.raises(InputError, match=f"{path[-1]} is missing|exactly one"):
                kind.from_manifest(manifest_of(kind, spec))
    for path in schemas.optional_paths(schema):
        spec = schemas.drop(full, path)
        try:
            manifest = manifest_of(kind, spec)
            assert kind.from_manifest(manifest).manifest() == manifest
        except InputError as error:
            # A rule of the CRD ties the field to another.
            assert path[-1] in ("chart", "secretRef", "interval", "digestReflectionPolicy", "semver"), (path, error)  # noqa: PT017


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_a_value_of_the_wrong_type_is_refused_where_the_schema_refuses_it(kind: type[Resource]) -> None:
    schema = schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["spec"]
    for name, part in schema["properties"].items():
        wrong = {"string": 7, "boolean": "true", "integer": "3", "array": "x", "object": ["x"]}.get(part.get("type"))
        if wrong is None or name not in full_spec(kind):
            continue
        spec = full_spec(kind) | {name: wrong}
        assert not is_valid(kind, manifest_of(kind, spec))
        with pytest.raises(InputError, match=name):
            kind.from_manifest(manifest_of(kind, spec))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_part_of_a_full_instance_survives_the_round_trip(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    spec = data.draw(st.sampled_from(variants(kind)))
    optional = list(schemas.optional_paths(schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["spec"]))
    for path in data.draw(st.lists(st.sampled_from(optional), max_size=8)) if optional else []:
        try:
            spec = schemas.drop(spec, path)
        except (KeyError, TypeError, IndexError):
            continue
    manifest = manifest_of(kind, spec)
    try:
        read = kind.from_manifest(manifest)
    except InputError:
        return
    assert read.manifest() == manifest
    assert is_valid(kind, manifest)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 99),
    st.sampled_from(["", "x", "1d", "10m", "1h", "https://x", "oci://x", "Secret", "*", "x" * 300, "x\n"]),
    st.lists(st.sampled_from(["x", 1, {}]), max_size=2),
    st.dictionaries(st.sampled_from(["name", "kind", "spec", "x"]), st.sampled_from(["x", 1, {}]), max_size=2),
)


def all_paths(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for key, value in items for found in [(*path, key), *all_paths(value, (*path, key))]]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_accepted_is_valid_and_survives_whatever_stands_in_a_field(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    spec = data.draw(st.sampled_from(variants(kind)))
    path = data.draw(st.sampled_from(all_paths(spec)))
    value = data.draw(JUNK)
    manifest = manifest_of(kind, schemas.put(spec, path, value))
    try:
        read = kind.from_manifest(manifest)
    except InputError as error:
        assert error.place  # noqa: PT017
        return
    assert read.manifest() == manifest
    # The API server drops a null before it looks at the schema.
    assert value is None or is_valid(kind, manifest)
