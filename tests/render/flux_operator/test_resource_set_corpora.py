"""ResourceSets of real repositories give the objects that their inputs ask for."""

from pathlib import Path

import pytest
from tests.shared import SHARED

from nixernetes.objects import yamls
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import RESOURCE_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.render.flux_operator import resource_set_objects
from nixernetes.render.outside import Surroundings

CORPORA = SHARED / "corpora"
NOTHING = Surroundings(lambda _: None, lambda _: [])


def _resource_sets(path: Path) -> list[Manifest]:
    if not path.is_file():
        pytest.skip("the corpora are not here")
    documents = yamls.parse_all(path.read_bytes(), file=str(path))
    return [each.data for each in documents if each.data and group_kind(each.data) == RESOURCE_SET]


def test_a_template_with_conditions_makes_a_namespace_for_each_input() -> None:
    (resource_set,) = _resource_sets(CORPORA / "ionfury+homelab/kubernetes/platform/namespaces.yaml")
    made = {key_of(each.manifest).name: each.manifest for each in resource_set_objects(resource_set, NOTHING)}
    assert list(made) == [each["name"] for each in resource_set["spec"]["inputs"]]
    assert made["velero"]["metadata"]["annotations"] == {"network-policy.homelab/profile": "internal-egress"}
    assert made["velero"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce-version"] == "latest"
    assert "annotations" not in made["spegel"]["metadata"]


def test_each_tenant_gets_all_resources() -> None:
    (resource_set,) = _resource_sets(CORPORA / "controlplaneio-fluxcd+d2-fleet/tenants/apps.yaml")
    made = [str(key_of(each.manifest)) for each in resource_set_objects(resource_set, NOTHING)]
    assert len(made) == 2 * len(resource_set["spec"]["resources"])
    assert {"Namespace/frontend", "Kustomization/backend/apps"} <= set(made)
