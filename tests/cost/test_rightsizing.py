"""Recommendations say what they would save and become patches; what fits nothing is told, and nothing is applied."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from tests.cost.samples import container, template, workload

from nixernetes import cost
from nixernetes.cost.estimates import estimate_objects
from nixernetes.cost.formats.resizing import resizing_json, resizing_markdown, resizing_patches, resizing_text
from nixernetes.cost.given import cost_objects
from nixernetes.cost.prices.shipped import shipped
from nixernetes.cost.rightsizing.recommendations import read_recommendations
from nixernetes.cost.rightsizing.resizing import Resizing, resized
from nixernetes.errors import InputError
from nixernetes.languages import json_patch
from nixernetes.objects import yamls

Data = dict[str, Any]


def scan(requests: Data, limits: Data | None = None, **subject: str) -> Data:
    named = {"kind": "Deployment", "namespace": "shop", "name": "web", "container": "main", **subject}
    values = {
        name: {key: {"value": value} for key, value in said.items()}
        for name, said in (("requests", requests), ("limits", limits or {}))
    }
    return {"object": named, "recommended": values, "severity": "WARNING"}


def krr(*scans: Data) -> bytes:
    return json.dumps({"scans": list(scans), "score": 62}).encode()


def resizing(objects: Any, data: bytes) -> Resizing:
    given = list(cost_objects(objects))
    after, changes, unmatched = resized(given, read_recommendations(data))
    delta = cost.compare(estimate_objects(given, shipped()), estimate_objects(after, shipped()))
    return Resizing(changes=tuple(changes), unmatched=tuple(unmatched), delta=delta)


def web(kind: str = "Deployment", **limits: str) -> Data:
    main = container("500m", "512Mi")
    main["resources"]["limits"] = limits
    spec = template(container("100m", "64Mi") | {"name": "proxy"}, main)
    return workload({"replicas": 3, **spec}, kind)


def test_amounts_of_krr_are_rounded_up_and_what_it_does_not_know_is_left() -> None:
    (found,) = read_recommendations(
        krr(scan({"cpu": 0.0061, "memory": 104857601.0}, {"cpu": None, "memory": "?"}), scan({"cpu": "?"}, {}))
    )
    assert (found.requests, found.limits) == ({"cpu": "7m", "memory": "101Mi"}, {"cpu": None})


def test_a_vertical_autoscaler_recommends_too() -> None:
    advice = {"containerName": "main", "target": {"cpu": "25m", "memory": "262144k"}}
    item = {
        "kind": "VerticalPodAutoscaler",
        "metadata": {"namespace": "shop", "name": "web"},
        "spec": {"targetRef": {"kind": "Deployment", "name": "web"}},
        "status": {"recommendation": {"containerRecommendations": [advice]}},
    }
    (found,) = read_recommendations(json.dumps({"items": [item]}).encode())
    assert (str(found), found.requests) == ("Deployment/shop/web main", {"cpu": "25m", "memory": "250Mi"})


def test_what_it_would_save_has_causes() -> None:
    found = resizing([web()], krr(scan({"cpu": 0.25, "memory": 268435456})))
    assert found.delta.amount == Decimal(-3) * (Decimal("5.7690075") + Decimal("0.7732525"))
    assert "prod" not in resizing_text(found)
    assert "requests.cpu      500m         250m" in resizing_text(found)
    assert "requests.memory" in resizing_markdown(found)
    assert json.loads(resizing_json(found))["change"] == "-19.62678"


def test_the_objects_stay_as_they_are() -> None:
    given = web()
    before = json.dumps(given)
    resizing([given], krr(scan({"cpu": 0.25})))
    assert json.dumps(given) == before


def test_a_patch_names_its_target_and_takes_away_a_limit() -> None:
    text = resizing_patches(resizing([web(cpu="2")], krr(scan({"cpu": 0.25}, {"cpu": None}))))
    (entry,) = yamls.parse(text.encode(), file="a")["patches"]
    assert entry["target"] == {"group": "apps", "kind": "Deployment", "name": "web", "namespace": "shop"}
    patch = yamls.parse(entry["patch"].encode(), file="a")
    assert patch["spec"]["template"]["spec"]["containers"] == [
        {"name": "main", "resources": {"requests": {"cpu": "250m"}, "limits": {"cpu": None}}}
    ]


def test_kinds_of_others_get_operations_by_position() -> None:
    rollout = web("Rollout", cpu="2")
    text = resizing_patches(resizing([rollout], krr(scan({"cpu": 0.25}, {"cpu": None, "memory": 1}, kind="Rollout"))))
    (entry,) = yamls.parse(text.encode(), file="a")["patches"]
    patched = json_patch.apply(rollout, json_patch.parse(entry["patch"]))
    assert patched["spec"]["template"]["spec"]["containers"][1]["resources"] == {
        "requests": {"cpu": "250m", "memory": "512Mi"},
        "limits": {"memory": "1Mi"},
    }


def test_a_cron_job_is_patched_in_its_job() -> None:
    job = {"schedule": "@daily", "jobTemplate": {"spec": template(container("1"))}}
    found = resizing([workload(job, "CronJob")], krr(scan({"cpu": 0.1}, kind="CronJob")))
    (entry,) = yamls.parse(resizing_patches(found).encode(), file="a")["patches"]
    assert "jobTemplate:" in entry["patch"]


def test_what_is_already_so_changes_nothing() -> None:
    found = resizing([web()], krr(scan({"cpu": 0.5})))
    assert (found.changes, found.unmatched) == ((), ())
    assert "Nothing would change." in resizing_text(found)


def test_what_fits_nothing_or_too_much_is_told() -> None:
    both = {"prod": [web()], "dev": [web()]}
    found = resizing(both, krr(scan({"cpu": 0.1}), scan({"cpu": 0.1}, name="gone"), scan({"cpu": 0.1}, cluster="dev")))
    assert found.unmatched == (
        "Deployment/shop/web main: it is on prod and dev, and no cluster is recommended for",
        "Deployment/shop/gone main: nothing that is rendered is called so",
    )
    assert [each.item.cluster for each in found.changes] == ["dev"]
    other = resizing([web()], krr(scan({"cpu": 0.1}, container="none")))
    assert other.unmatched == ("Deployment/shop/web none: it has no such container",)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[1", b'"x"', b"\xff", b"[" * 100_000, krr(scan({"cpu": -1})), krr(scan({"cpu": [1]}))]
)
def test_what_is_no_recommendation_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_recommendations(data)
