"""What is asked of a running world is answered as kubectl, flux and argocd would; wrong names with the right ones."""

import json
from pathlib import Path

import pytest
from tests.app.console.worlds import ask, error, settled

from nixernetes.app.worlds import World
from nixernetes.cluster.workloads import WorkloadProfile
from nixernetes.cluster.workloads.profile import Failure


def _table(world: World, *words: str, **more: object) -> list[dict[str, str]]:
    (table,) = ask(world, "table", *words, **more)["tables"]
    return [dict(zip(table["heads"], row, strict=True)) for row in table["rows"]]


@pytest.mark.parametrize(
    "word", ["ks", "kustomization", "Kustomizations", "kustomizations.kustomize.toolkit.fluxcd.io"]
)
def test_a_kind_has_many_names(flux: World, word: str) -> None:
    rows = _table(flux, word, "shop")
    assert [row["CLUSTER"] for row in rows] == ["ap-south-1", "eu-west-1", "us-east-1"]
    assert {row["READY"] for row in rows} == {"True"}
    assert [*rows[0]][:3] == ["CLUSTER", "NAMESPACE", "NAME"]


def test_workloads_have_the_columns_of_kubectl(flux: World) -> None:
    (row,) = _table(flux, "deploy", "shop", cluster="eu-west-1")
    assert [*row] == ["CLUSTER", "NAMESPACE", "NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"]
    ready, wanted = row["READY"].split("/")
    assert ready == wanted
    kinds = {table["kind"] for table in ask(flux, "table", "all", cluster="eu-west-1")["tables"]}
    assert {"deployment.apps", "pod"} <= kinds


def test_wide_output_says_who_brought_an_object_and_where_it_is_written(flux: World, argocd: World) -> None:
    (row,) = _table(flux, "deploy/shop", cluster="eu-west-1", wide=True)
    assert row["BROUGHT BY"] == "Kustomization/flux-system/shop"
    assert row["DECLARED"].endswith("deployment-shop.yaml:1")
    (row,) = _table(argocd, "deploy/shop", cluster="eu-west-1", wide=True)
    assert row["BROUGHT BY"] == "Application/argocd/shop-eu-west-1"


def test_applications_have_the_columns_of_argocd(argocd: World) -> None:
    (row,) = _table(argocd, "app", "shop-eu-west-1")
    assert (row["STATUS"], row["HEALTH"], row["PROJECT"]) == ("Synced", "Healthy", "global-platform")
    assert row["SYNCPOLICY"].startswith("Auto")


def test_values_of_secrets_are_never_shown(flux: World) -> None:
    found = ask(flux, "objects", "secret", cluster="eu-west-1")["items"]
    assert found
    for item in found:
        assert set(item["object"].get("data", {}).values()) <= {"***"}
        assert "managedFields" not in item["object"]
    described = ask(flux, "describe", "secret", cluster="eu-west-1")
    assert "H4sI" not in json.dumps(described)


def test_names_are_spelled_as_kubectl_spells_them(flux: World) -> None:
    assert ask(flux, "names", "deploy,ks", "shop", cluster="eu-west-1")["names"] == [
        "deployment.apps/shop",
        "kustomization.kustomize.toolkit.fluxcd.io/shop",
    ]


def test_a_description_tells_who_brings_it_how_it_stands_and_what_happened(flux: World) -> None:
    (found,) = ask(flux, "describe", "ks", "shop", cluster="eu-west-1")["described"]
    fields = dict(found["fields"])
    parts = {part["title"]: part["lines"] for part in found["parts"]}
    assert fields["Brought by"] == "Kustomization/flux-system/flux-system"
    assert any(line.startswith("Ready  True  ReconciliationSucceeded: ") for line in parts["Conditions"])
    assert any("Deployment/production/shop  Current" in line for line in parts["Objects"])
    assert any("ReconciliationSucceeded" in line for line in parts["Events"])


def test_a_pod_is_traced_to_the_line_in_git(flux: World) -> None:
    pod = next(row["NAME"] for row in _table(flux, "po", cluster="eu-west-1") if row["NAME"].startswith("shop"))
    (way,) = ask(flux, "trace", f"pod/{pod}", cluster="eu-west-1")["traces"]
    first, delivery, source, *above = map(dict, way)
    assert first["Controlled by"] == "Deployment/production/shop"
    assert first["Status"] == "Managed by Flux"
    assert first["Declared"].endswith("deployment-shop.yaml:1")
    assert delivery["Kustomization"] == "shop"
    assert source["GitRepository"] == "platform-config"
    assert source["Commit"].endswith("Build the platform")
    assert [dict(part).get("Kustomization") for part in above] == ["flux-system"]


def test_an_object_of_another_cluster_is_traced_to_its_application(argocd: World) -> None:
    (way,) = ask(argocd, "trace", "deploy/shop", cluster="eu-west-1")["traces"]
    first, application, source, *_ = map(dict, way)
    assert first["Status"] == "Managed by Argo CD"
    assert (application["Application"], application["Cluster"]) == ("shop-eu-west-1", "management")
    assert source["Commit"].endswith("Build the platform")


def test_what_nobody_brought_is_said_so(flux: World) -> None:
    (way,) = ask(flux, "trace", "cm/kube-system/kube-root-ca.crt", cluster="eu-west-1")["traces"]
    assert "not brought by Flux or Argo CD" in dict(way[0])["Status"]


@pytest.mark.parametrize(("engine", "word"), [("flux", "ks/shop"), ("argocd", "app/shop-eu-west-1")])
def test_history_names_the_commit(engine: str, word: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(engine)
    entries = ask(world, "history", word)["histories"][0]["entries"]
    assert entries
    assert {entry["commit"][8:] for entry in entries} == {"Build the platform"}


def test_the_history_of_a_release_is_its_revisions(flux: World) -> None:
    entries = ask(flux, "history", "hr", "greeter", cluster="eu-west-1")["histories"][0]["entries"]
    assert [entry["id"] for entry in entries] == ["1"]
    assert entries[0]["status"] == "deployed"


def test_events_and_logs_can_be_narrowed(flux: World) -> None:
    found = ask(flux, "events", "ks", "shop", cluster="eu-west-1")["events"]
    assert {(each["cluster"], each["object"]["name"]) for each in found} == {("eu-west-1", "shop")}
    assert [each for each in ask(flux, "events", warnings=True)["events"] if each["type"] != "Warning"] == []
    lines = ask(flux, "logs", controllers=["helm"], tail=2)["lines"]
    assert len(lines) == 2
    assert {line["controller"] for line in lines} == {"helm-controller"}
    assert ask(flux, "logs", kind="hr", name="greeter", level="error")["lines"] == []


def test_notifications_are_told_with_each_request(flux: World) -> None:
    assert ask(flux, "notifications", failed=True)["notifications"] == []
    found = ask(flux, "notifications")["notifications"]
    assert {each["outcome"] for each in found} <= {"recorded"}
    assert all(each["requests"] for each in found)


@pytest.mark.parametrize(
    ("do", "words", "more", "told"),
    [
        ("table", ["deplyment"], {}, "unknown kind 'deplyment': did you mean deployment?"),
        ("table", ["qqqq"], {}, "unknown kind 'qqqq': common ones are ks, hr,"),
        ("table", ["ks", "shpo"], {}, '"shpo" not found: did you mean shop?'),
        ("table", ["ks", "x"], {}, '"x" not found: there are '),
        ("table", ["ks"], {"cluster": "eu-west"}, "no cluster is called 'eu-west': did you mean eu-west-1?"),
        ("table", ["ks"], {"cluster": "mars"}, "no cluster is called 'mars': there are ap-south-1, "),
        ("describe", ["deploy", "shop"], {"namespace": "prod"}, "in namespace prod: it is in namespace production"),
        ("describe", [], {}, "describe what? write KIND NAME"),
        ("trace", ["deploy"], {}, "trace which object? write KIND NAME"),
        ("history", ["deploy", "shop"], {}, "has no history: Kustomization, HelmRelease, Application have one"),
        ("reconcile", ["shop"], {}, "'shop' is a name: write its kind, too: deployment shop, kustomization shop"),
        ("reconcile", ["ks"], {}, "which one? write ks NAME"),
        ("reconcile", ["ks", "shop"], {}, "choose with --cluster and --namespace"),
        ("reconcile", ["deploy/shop"], {"cluster": "eu-west-1"}, "is not of Flux: `nixernetes trace deployment shop`"),
        ("suspend", ["cm", "banner"], {}, "cannot be suspended: objects of Flux and Applications can"),
        ("suspend", ["ks"], {}, "which one? write ks NAME"),
        ("scale", ["cm/banner"], {"cluster": "eu-west-1", "replicas": 2}, "cannot be scaled: Deployment, "),
        ("logs", [], {"controllers": ["kustomise"]}, "no controller is called 'kustomise': did you mean kustomize"),
        ("logs", [], {"controllers": ["deploy/shop"]}, "pods are simulated here and write no logs"),
        ("logs", [], {"level": "debug"}, "unknown level 'debug': use info or error"),
        ("sync", [], {"name": "shop"}, "Argo CD does not run here: `nixernetes reconcile` is for Flux objects"),
        ("table", ["ks/a/b/c"], {}, "write KIND NAME, or KIND/NAME for each object"),
        ("fly", [], {}, "unknown request 'fly': is it this version of Nixernetes?"),
        ("sync", [], {}, "broken request: name is missing"),
    ],
)
def test_what_is_typed_wrong_ends_in_the_right_advice(
    flux: World, do: str, words: list[str], more: dict[str, object], told: str
) -> None:
    assert told in error(flux, do, *words, **more)


@pytest.mark.parametrize(
    ("do", "words", "more", "told"),
    [
        ("sync", [], {"name": "shop-eu-west"}, 'no Application is named "shop-eu-west": did you mean shop-eu-west-1?'),
        ("reconcile", ["app", "shop-eu-west-1"], {}, "is of Argo CD: `nixernetes sync shop-eu-west-1` syncs it"),
        ("suspend", ["appproj", "default"], {}, "cannot be suspended"),
    ],
)
def test_what_is_typed_wrong_of_argo_cd_too(
    argocd: World, do: str, words: list[str], more: dict[str, object], told: str
) -> None:
    assert told in error(argocd, do, *words, **more)


def test_shells_complete_what_there_is(flux: World) -> None:
    assert ask(flux, "complete", what="clusters")["words"] == ["ap-south-1", "eu-west-1", "us-east-1"]
    assert {"ks", "deploy", "deployment", "hr"} <= {*ask(flux, "complete", what="kinds")["words"]}
    assert "shop" in ask(flux, "complete", what="names", kind="deploy")["words"]
    assert ask(flux, "complete", what="names", kind="nothing")["words"] == []
    assert "production" in ask(flux, "complete", what="namespaces")["words"]
    assert "kustomize-controller" in ask(flux, "complete", what="controllers")["words"]


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Failure.CRASH, "container shop (shop:1.0): CrashLoopBackOff: back-off"),
        (Failure.UNSCHEDULABLE, "Unschedulable: 0/1 nodes are available"),
        (Failure.NEVER_READY, "container shop runs and is not ready"),
    ],
)
def test_a_workload_is_described_with_its_pods_and_what_holds_them_up(failure: Failure, told: str) -> None:
    with settled(engine="flux", profile=WorkloadProfile(failures={"shop:*": failure})) as world:
        (found,) = ask(world, "describe", "deploy", "shop", cluster="eu-west-1")["described"]
        (pods,) = [part["lines"] for part in found["parts"] if part["title"] == "Pods"]
        assert pods[0].startswith("◌ Pod/production/shop-")
        assert told in pods[0]
        pod = pods[0].split()[1].lower()
        (found,) = ask(world, "describe", pod, cluster="eu-west-1")["described"]
        (lines,) = [part["lines"] for part in found["parts"] if part["title"] == "Not ready"]
        assert told in lines[0]


DEFINED = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.shop.example.com}
spec:
  group: shop.example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget, shortNames: [wd]}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    additionalPrinterColumns:
    - {name: Size, type: integer, jsonPath: .spec.size}
    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
---
apiVersion: shop.example.com/v1
kind: Widget
metadata: {name: w, namespace: default}
spec: {size: 4}
"""


def test_a_custom_kind_has_its_own_names_and_columns(tmp_path: Path) -> None:
    (tmp_path / "widgets").mkdir()
    (tmp_path / "widgets" / "all.yaml").write_text(DEFINED)
    (tmp_path / "gitops.py").write_text(
        "from nixernetes import gitops\n"
        'platform = gitops.Platform(name="p", repository=gitops.GitOpsRepository(name="r", '
        'url="https://git.example/r", environments=["dev"]), '
        'apps=[gitops.App(name="w", namespace="default", folders="widgets")])\n'
    )
    with settled(tmp_path) as world:
        (row,) = _table(world, "wd")
        assert (row["NAME"], row["SIZE"]) == ("w", "4")
