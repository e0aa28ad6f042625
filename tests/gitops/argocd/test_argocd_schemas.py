"""Every field of every Argo CD CRD can be written, survives a round trip and is valid against its schema."""

from typing import Any

import jsonschema_rs
import pytest
from tests.gitops import schemas
from tests.shared import needs_shared

from nixernetes.gitops.argocd.applications.application import Application
from nixernetes.gitops.argocd.applicationsets.application_set import ApplicationSet
from nixernetes.gitops.argocd.projects.app_project import AppProject
from nixernetes.gitops.resource import Resource

pytestmark = needs_shared

KINDS: list[type[Resource]] = [AppProject, Application, ApplicationSet]
# Values that the schema leaves open, and a rule of Argo CD does not; by the field's name.
SAMPLES = {
    "applicationsSync": "sync",
    "cloneProtocol": "ssh",
    "deletionOrder": "Reverse",
    "duration": "1h",
    "goTemplateOptions": ["missingkey=error"],
    "maxDuration": "3m",
    "maxUpdate": "25%",
    "operator": "In",
    "policies": ["p, proj:full:text, applications, get, full/*, allow"],
    "schedule": "0 22 * * MON-FRI",
    "syncOptions": ["CreateNamespace=true"],
    "timeZone": "Europe/Berlin",
}
# Fields of which a valid object has one.
EXCLUSIVE = (
    ("helm", "kustomize", "directory", "plugin"),
    ("hook", "apply"),
    ("github", "gitlab", "gitea", "bitbucket", "bitbucketServer", "azuredevops", "azureDevOps", "awsCodeCommit"),
)

schemas.SAMPLES.setdefault("^.{2,}|[^./]$", "environments/prod")


def full(schema: dict[str, Any], name: str = "") -> Any:
    if name in SAMPLES and not (name == "policies" and "properties" in schema.get("items", {})):
        return SAMPLES[name]
    if name == "type" and "enum" not in schema:
        return "RollingSync"
    if name == "kind" and schema.get("type") == "string":
        return "allow"
    if name == "elements":
        return [{"cluster": "a", "nested": {"list": [1, None]}}]
    if "properties" in schema:
        return {key: full(part, key) for key, part in schema["properties"].items()}
    if schema.get("type") == "array" and "properties" in schema.get("items", {}):
        return [full(schema["items"], "")]
    if schema.get("x-kubernetes-int-or-string"):
        return 3
    return schemas.full(schema)


def single(value: Any, choose: int) -> Any:
    """Choose one of each group of fields that exclude each other; ``choose`` says which."""
    if isinstance(value, list):
        return [single(item, choose) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: single(item, choose) for key, item in value.items()}
    if "server" in found and "name" in found and "jsonPointers" not in found and len(found) == 3:
        found.pop("server" if choose % 2 else "name")
    for group in EXCLUSIVE:
        present = [key for key in group if key in found]
        for key in present:
            if len(present) > 1 and key != present[choose % len(present)]:
                del found[key]
    return found


def spec_of(kind: type[Resource], choose: int) -> dict[str, Any]:
    spec = full(schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["spec"])
    if kind is ApplicationSet:
        own = spec["generators"][0]
        selector, template = own["selector"], spec["template"]
        plain = [
            {key: value, "selector": selector}
            for key, value in own.items()
            if key not in ("matrix", "merge", "selector")
        ]
        inner = {"merge": {"generators": plain[:2], "mergeKeys": ["a"]}}
        matrix = {"matrix": {"generators": [plain[choose], inner], "template": template}}
        outer = {"merge": {"generators": plain, "mergeKeys": ["name"], "template": template}, "selector": selector}
        spec["generators"] = [*plain, matrix, outer]
    return single(spec, choose)


def manifests(kind: type[Resource]) -> list[dict[str, Any]]:
    extra = {}
    if kind is Application:
        operation = schemas.schema_of(kind.API_VERSION, kind.KIND)["properties"]["operation"]
        extra = {"operation": full(operation)}
    return [
        {
            "apiVersion": kind.API_VERSION,
            "kind": kind.KIND,
            "metadata": {
                "name": "full",
                "namespace": "argocd",
                "labels": {"team": "platform"},
                "annotations": {"note": "text"},
                "finalizers": ["resources-finalizer.argocd.argoproj.io"],
            },
            "spec": spec_of(kind, choose),
            **single(extra, choose),
        }
        for choose in range(7)
    ]


def paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, list):
        return set().union(*(paths(item, path) for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    return {f"{path}.{key}" for key in value} | set().union(
        *(paths(item, f"{path}.{key}") for key, item in value.items())
    )


def schema_paths(schema: dict[str, Any], path: str = "") -> set[str]:
    if "items" in schema:
        return schema_paths(schema["items"], path)
    found: set[str] = set()
    for name, part in schema.get("properties", {}).items():
        found |= {f"{path}.{name}", *schema_paths(part, f"{path}.{name}")}
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
def test_instances_with_every_field_survive_the_round_trip_and_are_valid(kind: type[Resource]) -> None:
    validator = jsonschema_rs.validator_for(schemas.schema_of(kind.API_VERSION, kind.KIND))
    for manifest in manifests(kind):
        assert [error.message for error in validator.iter_errors(manifest)] == []
        assert kind.from_manifest(manifest).manifest() == manifest


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
def test_the_instances_cover_every_field_of_the_schema(kind: type[Resource]) -> None:
    schema = schemas.schema_of(kind.API_VERSION, kind.KIND)
    written = set().union(*(paths(manifest) for manifest in manifests(kind)))
    wanted = {path for path in schema_paths(schema) if path.startswith((".spec.", ".operation."))}
    # Nested generators are one recursive class: what a generator holds at the top it holds inside of a matrix too.
    wanted = {path for path in wanted if ".matrix.generators." not in path and ".merge.generators." not in path}
    assert wanted - written == set()
