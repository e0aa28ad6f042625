"""Argo CD's own cases of AppProject permissions."""

import json
from typing import Any

import pytest
from tests.shared import SHARED, needs_shared

from nixernetes.gitops.argocd.projects import permissions
from nixernetes.languages.globs import gobwas as globs
from nixernetes.objects.identity import GroupKind

_FILE = SHARED / "conformance/argo_project.json"


def _wire(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _wire(item) for key, item in value.items()}
    return [_wire(item) for item in value] if isinstance(value, list) else value


def _cases() -> list[Any]:
    if not _FILE.is_file():
        return []
    found = json.loads(_FILE.read_text())
    return [
        pytest.param(case, id=f"{name}-{index}") for name, cases in found.items() for index, case in enumerate(cases)
    ]


def _cluster(data: dict[str, Any]) -> permissions.NamedCluster:
    return permissions.NamedCluster(name=data.get("Name") or "", server=data.get("Server") or "")


def _answer(case: dict[str, Any]) -> bool:
    spec, args = _wire(case.get("spec") or {}), case["args"]
    match case["method"]:
        case "IsSourcePermitted":
            return permissions.is_source_permitted(spec, args[0]["RepoURL"])
        case "IsDestinationPermitted":
            reserved = [_cluster(item) for item in case["project_clusters"] or []]
            return permissions.is_destination_permitted(spec, _cluster(args[0]), args[1], reserved)
        case "IsGroupKindNamePermitted":
            kind = GroupKind(args[0]["Group"], args[0]["Kind"])
            return permissions.is_group_kind_name_permitted(spec, kind, args[1], namespaced=args[2])
        case "globMatch":
            return globs.match(args[0], args[1], negation=args[2])
        case "IsAppNamespacePermitted":
            namespace = args[0]["ObjectMeta"].get("Namespace") or ""
            return permissions.is_source_namespace_permitted(spec, namespace, args[1])
    raise AssertionError(case["method"])


@needs_shared
@pytest.mark.parametrize("case", _cases())
def test_permissions_answer_as_argo_cd_does(case: dict[str, Any]) -> None:
    assert _answer(case) is case["expected"]
