"""ApplicationSets sync their Applications step by step."""

from __future__ import annotations

import pytest
from tests.engine.argocd.conftest import Plane
from tests.engine.argocd.samples import URL, config_map, namespace

from nixernetes.engine.reports.argocd import set_delivery
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.well_known import IN_CLUSTER

STEPS = [
    {"matchExpressions": [{"key": "env", "operator": "In", "values": ["dev"]}]},
    {"matchExpressions": [{"key": "env", "operator": "In", "values": ["prod"]}]},
]


def rolling(*rows: Json, steps: Json = STEPS, policy: Json = None, **more: Json) -> Manifest:
    template = {
        "metadata": {"name": "{{.name}}", "labels": {"env": "{{.env}}"}},
        "spec": {
            "project": "default",
            "source": {"repoURL": URL, "path": "{{.name}}", "targetRevision": "main"},
            "destination": {"server": IN_CLUSTER, "namespace": "production"},
            "syncPolicy": {"automated": {"prune": True}} if policy is None else policy,
        },
    }
    strategy = {"type": "RollingSync", "rollingSync": {"steps": steps}, **more}
    spec = {"goTemplate": True, "generators": [{"list": {"elements": list(rows)}}], "template": template}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": {**spec, "strategy": strategy},
    }


def rows(plane: Plane) -> dict[str, tuple[str, str]]:
    found = plane.api.get(ObjectKey(*APPLICATION_SET, "argocd", "set"))
    assert found is not None
    listed = found["status"].get("applicationStatus") or []
    return {row["application"]: (row["step"], row["status"]) for row in listed}


def condition(plane: Plane) -> str:
    found = plane.api.get(ObjectKey(*APPLICATION_SET, "argocd", "set"))
    assert found is not None
    stands = set_delivery("one", plane.api, found, objects=False)
    assert stands.state == ("progressing" if "performing" in stands.message else "ready")
    (one,) = [row for row in found["status"]["conditions"] if row["type"] == "RolloutProgressing"]
    return f"{one['status']}: {one['message']}"


def deployment(name: str, tag: str = "1", image: str = "web") -> Manifest:
    labels = {"app": name}
    pod = {"containers": [{"name": "c", "image": f"{image}:{tag}"}]}
    template = {"metadata": {"labels": labels}, "spec": pod}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": labels}, "template": template},
    }


def started(plane: Plane, name: str) -> str:
    return str(plane.operation(name)["startedAt"])


DEV, PROD = {"name": "dev", "env": "dev"}, {"name": "prod", "env": "prod"}


def test_a_step_begins_when_the_one_before_is_healthy(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": deployment("dev"), "prod/a.yaml": deployment("prod")})
    plane.apply(namespace("production"), rolling(PROD, DEV))
    plane.run(0)
    assert rows(plane) == {"dev": ("1", "Progressing"), "prod": ("2", "Waiting")}
    assert plane.words("prod") == "OutOfSync/Missing"
    assert condition(plane) == "True: ApplicationSet is performing rollout of step 1"
    assert plane.settle()
    assert rows(plane) == {"dev": ("1", "Healthy"), "prod": ("2", "Healthy")}
    assert condition(plane) == "False: ApplicationSet Rollout has completed"
    assert started(plane, "dev") < started(plane, "prod")
    operation = plane.operation("prod")["operation"]
    assert operation["initiatedBy"] == {"automated": True, "username": "applicationset-controller"}
    assert operation["sync"]["prune"] is True
    assert operation["retry"] == {"limit": 5}
    assert plane.app("prod")["spec"]["syncPolicy"]["automated"] == {"enabled": False, "prune": True}


def test_a_new_commit_goes_through_the_steps_again(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": deployment("dev"), "prod/a.yaml": deployment("prod")})
    plane.apply(namespace("production"), rolling(DEV, PROD))
    assert plane.settle()
    plane.commit({"dev/a.yaml": deployment("dev", "2"), "prod/a.yaml": deployment("prod", "2")})
    plane.run(400)
    assert rows(plane) == {"dev": ("1", "Healthy"), "prod": ("2", "Healthy")}
    assert started(plane, "dev") < started(plane, "prod")
    assert plane.get("Deployment", "production", "prod", group="apps")["spec"]["template"]["spec"]["containers"][0][
        "image"
    ].endswith(":2")


def test_what_never_gets_healthy_holds_up_the_next_step(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": deployment("dev", "1", "broken"), "prod/a.yaml": deployment("prod")})
    plane.apply(namespace("production"), rolling(DEV, PROD))
    assert plane.settle(7200)
    assert rows(plane) == {"dev": ("1", "Progressing"), "prod": ("2", "Waiting")}
    assert plane.get("Deployment", "production", "prod", group="apps") is None


def test_a_step_has_no_more_on_the_way_than_it_may(plane: Plane) -> None:
    names = [f"a{number}" for number in range(5)]
    plane.commit({f"{name}/a.yaml": deployment(name) for name in names})
    elements = [{"name": name, "env": "dev"} for name in names]
    plane.apply(namespace("production"), rolling(*elements, steps=[{**STEPS[0], "maxUpdate": "50%"}]))
    most = 0
    for _ in range(120):
        plane.run(1)
        most = max(most, sum(word in ("Pending", "Progressing") for _, word in rows(plane).values()))
    assert most == 2
    assert {word for _, word in rows(plane).values()} == {"Healthy"}


@pytest.mark.parametrize(("limit", "synced"), [(0, 0), ("0%", 0), ("1%", 3), (100, 3), (None, 3)])
def test_no_updates_at_all_are_allowed_by_zero_only(plane: Plane, limit: Json, synced: int) -> None:
    plane.commit({f"{name}/a.yaml": config_map(name) for name in "abc"})
    step = {**STEPS[0], **({} if limit is None else {"maxUpdate": limit})}
    plane.apply(namespace("production"), rolling(*({"name": name, "env": "dev"} for name in "abc"), steps=[step]))
    plane.run(60)
    assert sum(word == "Healthy" for _, word in rows(plane).values()) == synced


def test_an_application_of_no_step_is_not_synced(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": config_map("dev"), "other/a.yaml": config_map("other")})
    plane.apply(namespace("production"), rolling(DEV, {"name": "other", "env": "other"}))
    plane.run(60)
    assert rows(plane) == {"dev": ("1", "Healthy"), "other": ("-1", "Waiting")}
    assert plane.words("other") == "OutOfSync/Missing"


def test_an_expression_that_excludes_takes_what_lacks_the_label(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": config_map("dev"), "prod/a.yaml": config_map("prod")})
    steps = [
        {"matchExpressions": [{"key": "env", "operator": "NotIn", "values": ["prod"]}]},
        {"matchExpressions": [{"key": "none", "operator": "NotIn", "values": ["x"]}]},
    ]
    plane.apply(namespace("production"), rolling(DEV, PROD, steps=steps))
    plane.run(60)
    assert rows(plane) == {"dev": ("1", "Healthy"), "prod": ("2", "Healthy")}


def test_a_changed_template_goes_through_the_steps_again(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": config_map("dev"), "prod/a.yaml": config_map("prod")})
    plane.apply(namespace("production"), rolling(DEV, PROD))
    plane.run(60)
    before = started(plane, "prod")
    changed = rolling(DEV, PROD)
    changed["spec"]["template"]["spec"]["source"]["kustomize"] = {"commonLabels": {"v": "2"}}
    plane.apply(changed)
    plane.run(60)
    assert rows(plane) == {"dev": ("1", "Healthy"), "prod": ("2", "Healthy")}
    assert started(plane, "prod") >= before


def test_all_are_synced_at_once_where_progressive_syncs_are_off(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": deployment("dev"), "prod/a.yaml": deployment("prod")})
    params = {"applicationsetcontroller.enable.progressive.syncs": "false"}
    meta = {"name": "argocd-cmd-params-cm", "namespace": "argocd"}
    plane.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": params})
    plane.apply(namespace("production"), rolling(DEV, PROD))
    assert plane.settle()
    assert rows(plane) == {}
    assert started(plane, "dev") == started(plane, "prod")
    assert plane.app("dev")["spec"]["syncPolicy"]["automated"] == {"prune": True}


def test_applications_are_deleted_from_the_last_step_to_the_first(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": config_map("dev"), "prod/a.yaml": config_map("prod")})
    plane.apply(namespace("production"), rolling(DEV, PROD, deletionOrder="Reverse"))
    plane.run(60)
    key = ObjectKey(*APPLICATION_SET, "argocd", "set")
    assert (plane.api.get(key) or {})["metadata"]["finalizers"] == ["resources-finalizer.argocd.argoproj.io"]
    gone: list[str] = []
    plane.api.watch(
        lambda event: gone.append(event.object["metadata"]["name"]) if event.type.name == "DELETED" else None
    )
    plane.api.delete(key)
    plane.run(120)
    assert [name for name in gone if name in ("dev", "prod", "set")] == ["prod", "prod", "dev", "dev", "set"]


def test_applications_stay_with_a_set_that_may_not_delete_them(plane: Plane) -> None:
    plane.commit({"dev/a.yaml": config_map("dev")})
    made = rolling(DEV)
    made["spec"]["syncPolicy"] = {"applicationsSync": "create-update"}
    made["metadata"]["finalizers"] = ["resources-finalizer.argocd.argoproj.io"]
    plane.apply(namespace("production"), made)
    plane.run(60)
    plane.api.delete(ObjectKey(*APPLICATION_SET, "argocd", "set"))
    plane.run(60)
    assert plane.api.get(ObjectKey(*APPLICATION_SET, "argocd", "set")) is None
    assert [app["metadata"]["name"] for app in plane.api.list(APPLICATION)] == ["dev"]
    assert "ownerReferences" not in plane.app("dev")["metadata"]
