"""In which order deliveries are applied and who reaches whom, alike for what runs and what is rendered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from tests.app.console.worlds import settled
from tests.app.web.shops import shops

from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.check import CheckOptions, checked
from nixernetes.app.web.checked import CheckedPages
from nixernetes.app.web.pages import Pages, answer
from nixernetes.app.web.running import RunningPages
from nixernetes.app.web.surveys.addresses import shown_address
from nixernetes.app.web.surveys.sources import sources_page
from nixernetes.app.web.views.reports import reported
from nixernetes.objects.kinds import APPLICATION

WEB = {"cluster": "prod", "kind": "Kustomization", "namespace": "flux-system", "name": "web"}
SHOP = {"cluster": "prod", "kind": "Application", "namespace": "argocd", "name": "shop"}


@pytest.fixture(name="pages", scope="module", params=["run", "repository"])
def the_pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    path = shops(tmp_path_factory.mktemp(request.param))
    if request.param == "repository":
        outcome = checked(CheckOptions(target=path))
        yield CheckedPages(outcome=outcome, title="shops", time="2026-01-05T12:00:00Z")
        return
    with settled(path) as world:
        yield RunningPages(world, "shops")


def asked(pages: Pages, name: str, /, **about: str) -> Any:
    """Return what the API answers."""
    found = answer(pages, WebQuestion(name=name, about=about))
    assert found.status == 200, found.body
    return json.loads(found.body)


def edges(page: Any) -> dict[tuple[str, str, str], str]:
    """Return what is wrong with each edge, by the names at its ends and what is said of it."""

    def name(at: int) -> str:
        found = page["nodes"][at]["id"]
        return f"{found['kind']}/{found['name']}"

    return {(name(each["start"]), name(each["end"]), each["text"]): each["problem"] for each in page["edges"]}


def nodes(page: Any) -> dict[str, Any]:
    """Return the nodes by kind and name."""
    return {f"{each['id']['kind']}/{each['id']['name']}": each for each in page["nodes"]}


def test_deliveries_of_flux_show_what_they_wait_for_near_and_far(pages: Pages) -> None:
    page = asked(pages, "order", **WEB)
    assert edges(page) == {
        ("Kustomization/infra", "Kustomization/web", ""): "",
        ("Kustomization/infra", "Kustomization/odd", ""): "",
        ("Kustomization/policies", "Kustomization/odd", ""): "",
        ("Kustomization/web", "Kustomization/late", ""): "",
        ("Kustomization/gone", "Kustomization/late", ""): "it does not exist",
    }
    found = nodes(page)
    assert [name for name, node in found.items() if node["isOwn"]] == ["Kustomization/web"]
    assert found["Kustomization/gone"]["state"] == "missing"


def test_flux_applies_in_stages(pages: Pages) -> None:
    page = asked(pages, "order", **WEB | {"name": "infra"})
    (definitions, *_, objects) = page["stages"]
    assert [step["id"]["name"] for step in definitions["waves"][0]["steps"]] == ["edge", "web"]
    assert [step["id"]["kind"] for step in objects["waves"][0]["steps"]] == ["Gateway"]


def test_argo_cd_syncs_in_phases_and_waves_with_its_hooks(pages: Pages) -> None:
    page = asked(pages, "order", **SHOP)
    told = {
        stage["name"]: [(wave["number"], [step["id"]["name"] for step in wave["steps"]]) for wave in stage["waves"]]
        for stage in page["stages"]
    }
    assert told == {
        "PreSync": [(0, ["migrate-*"])],
        "Sync": [(-1, ["settings"]), (0, ["shop"]), (1, ["shop"])],
        "PostSync": [(0, ["smoke"])],
        "PostDelete": [(0, ["smoke"])],
    }
    smoke = page["stages"][2]["waves"][0]["steps"][0]
    assert (smoke["isHook"], smoke["deletes"]) == (True, ["HookFailed"])
    before = page["stages"][0]["waves"][0]["steps"][0]
    assert (before["status"], before["available"]) in (("Succeeded", True), ("", None))
    assert (before["status"] == "Succeeded") == (asked(pages, "fleet")["mode"] == "run")


def test_the_network_leads_from_gateways_to_pods(pages: Pages) -> None:
    page = asked(pages, "network", **WEB)
    is_run = asked(pages, "fleet")["mode"] == "run"
    assert edges(page) == {
        ("Gateway/public", "HTTPRoute/web", ""): "",
        ("Gateway/private", "HTTPRoute/web", ""): "it does not exist" if is_run else "",
        ("HTTPRoute/web", "Service/web", "/api (weight 3)"): "",
        ("Ingress/web", "Service/web", "shop.example.com/"): "",
        ("Ingress/web", "Service/web", "shop.example.com/bad"): "the Service has no port 81",
        ("Ingress/web", "Service/missing", "shop.example.com/old"): "there is no such Service",
        ("Service/web", "Deployment/web", ""): "",
        ("Service/grpc", "Deployment/web", ""): "no container has a port called grpc",
    }
    found = nodes(page)
    assert not found["Gateway/public"]["isOwn"]
    assert found["Gateway/private"]["state"] == ("missing" if is_run else "unknown")
    assert found["Service/web"]["isOwn"]
    assert found["Service/missing"]["state"] == "missing"
    assert "restricted by NetworkPolicy closed" in found["Deployment/web"]["text"]


def test_what_selects_nothing_is_shown_as_that(pages: Pages) -> None:
    found = nodes(asked(pages, "network", **WEB))
    assert (found["Service/orphan"]["state"], found["Service/orphan"]["text"]) == (
        "failed",
        "selects nothing: app=nobody",
    )
    assert found["Service/elsewhere"]["text"] == "leads to db.example.com"


def test_a_project_says_what_it_allows_and_who_uses_it(pages: Pages) -> None:
    project = next(each for each in asked(pages, "projects")["projects"] if each["id"]["name"] == "shop")
    assert project["sources"] == ["https://github.com/myorg/*", "!https://github.com/myorg/secret"]
    assert project["destinations"] == ["shop* in https://kubernetes.default.svc"]
    assert project["allowedKinds"] == ["Namespace, of the cluster"]
    assert project["deniedKinds"] == ["ResourceQuota, of namespaces"]
    assert [(role["name"], role["groups"]) for role in project["roles"]] == [("ci", ["myorg:ci"])]
    always, never = project["windows"]
    assert (always["isOpen"], always["changes"]) == (True, "")
    assert never["isOpen"] is False
    assert never["changes"].endswith("-01-01T02:00:00Z"), "three in Berlin's winter"
    (user,) = project["users"]
    assert (user["id"]["name"], user["automatic"], user["manual"], user["forbidden"]) == ("shop", True, True, [])


def test_a_source_says_where_it_is_and_who_has_files_from_it(pages: Pages) -> None:
    found = {f"{each['kind']}/{each['id']['name']}": each for each in asked(pages, "sources")["sources"]}
    fleet = found["GitRepository/fleet"]
    assert (fleet["url"], fleet["wanted"]) == ("https://github.com/myorg/fleet", "branch main")
    assert {user["id"]["name"] for user in fleet["users"]} >= {"infra", "web", "late"}
    repository = found["Repository/fleet-repo"]
    assert (repository["url"], repository["secretSays"]) == ("https://github.com/myorg/fleet", "has username, password")
    assert [user["id"]["name"] for user in repository["users"]] == ["shop"]
    assert "hunter2" not in json.dumps(found)
    is_run = asked(pages, "fleet")["mode"] == "run"
    assert (fleet["state"], bool(fleet["revision"])) == (("ready", True) if is_run else ("rendered", False))


def test_what_an_application_reads_is_its_sources_where_it_has_both() -> None:
    url = "https://github.com/myorg/{}"
    both = {"source": {"repoURL": url.format("old")}, "sources": [{"repoURL": url.format("new")}]}
    app = {"kind": "Application", "apiVersion": "argoproj.io/v1alpha1", "metadata": {"name": "a"}, "spec": both}
    reading: Any = SimpleNamespace(
        mode="run",
        clusters=["c"],
        lines=list,
        unread=list,
        list=lambda _, kind: [app] if kind == APPLICATION else [],
    )
    assert [line.url for line in sources_page(reading).sources] == [url.format("new")]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://robot:hunter2@github.com/a/b?token=hunter2", "https://github.com/a/b"),
        ("https://github.com/a/b", "https://github.com/a/b"),
        ("ssh://git@github.com/a/b", "ssh://git@github.com/a/b"),
        ("ssh://git:hunter2@github.com/a/b", "ssh://github.com/a/b"),
        ("git@github.com:a/b.git", "git@github.com:a/b.git"),
        ("oci://robot:hun@ter2@ghcr.io/a", "oci://ghcr.io/a"),
    ],
)
def test_an_address_is_shown_without_credentials(written: str, shown: str) -> None:
    assert shown_address(written) == shown


def test_a_cluster_says_what_it_is_and_what_is_in_it(pages: Pages) -> None:
    (cluster,) = asked(pages, "clusters")["clusters"]
    assert cluster["card"]["name"] == "prod"
    assert cluster["says"]
    kinds = {each["kind"]: each for each in cluster["kinds"]}
    assert kinds["Deployment"]["objects"] == 2
    assert {each["name"] for each in cluster["namespaces"]} >= {"web", "edge"}
    assert (cluster["pods"] is None) == (asked(pages, "fleet")["mode"] == "repository")


def test_policies_say_what_does_not_keep_them_and_what_they_refused(pages: Pages) -> None:
    is_run = asked(pages, "fleet")["mode"] == "run"
    found = {each["id"]["name"]: each for each in asked(pages, "policies")["policies"]}
    team = found["require-team"]
    assert (team["title"], team["action"], team["matches"]) == ("Require a team", "Audit", ["Deployment"])
    assert {(each["id"]["name"], each["result"]) for each in team["affected"]} == {("web", "fail"), ("shop", "fail")}
    odd = found["no-odd-names"]
    assert (odd["action"], odd["bindings"]) == ("Deny", ["no-odd-names: Deny"])
    assert [each["id"]["name"] for each in odd["refused"]] == (["odd"] if is_run else [])
    assert found["unbound"]["says"][0] == "No binding names it: it does nothing"


def test_what_a_policy_says_of_a_secret_is_not_shown() -> None:
    result = {"policy": "p", "rule": "r", "result": "fail", "message": "hunter2 is too short"}
    scope = {"apiVersion": "v1", "kind": "Secret", "name": "keys"}
    (found,) = reported("prod", [{"metadata": {"namespace": "web"}, "scope": scope, "results": [result]}])
    assert (found.object.namespace, found.object.name, found.result) == ("web", "keys", "fail")
    assert "hunter2" not in found.message


def test_pods_are_told_as_ready_only_where_they_run(pages: Pages) -> None:
    node = nodes(asked(pages, "network", **SHOP))["Deployment/shop"]
    is_run = asked(pages, "fleet")["mode"] == "run"
    assert (node["state"], node["text"]) == (
        ("ready", "1 pod, ready") if is_run else ("rendered", "pods of this template")
    )


def test_a_delivery_names_its_commit_and_who_wrote_it(pages: Pages) -> None:
    for about in (WEB, SHOP):
        facts = {fact["label"]: fact["text"] for fact in asked(pages, "delivery", **about)["facts"]}
        is_run = asked(pages, "fleet")["mode"] == "run"
        assert ("Author" in facts, "Commit" in facts) == (is_run, is_run)


def test_an_object_says_who_decided_its_health_and_where_its_host_shows_it(pages: Pages) -> None:
    by = {f"by-{part}": text for part, text in WEB.items()}
    name = {"cluster": "prod", "group": "apps", "kind": "Deployment", "namespace": "web", "name": "web"}
    page = asked(pages, "object", **name, **by)
    is_run = asked(pages, "fleet")["mode"] == "run"
    origin = page["origin"]
    if is_run:
        assert (page["health"]["status"], page["health"]["language"]) == ("Current", "kstatus")
        assert page["health"]["rule"] == "the rule for Deployment"
        assert page["compared"]["live"] == page["compared"]["desired"]
    else:
        assert page["health"] is None
    assert origin["link"].startswith("https://github.com/myorg/fleet/blob/")
    assert origin["link"].endswith("/web/web.yaml#L2")
    assert origin["host"] == "GitHub"
    shop = {**name, "namespace": "shop", "name": "shop", **{f"by-{part}": text for part, text in SHOP.items()}}
    found = asked(pages, "object", **shop)["health"]
    assert (found and (found["status"], found["language"])) == (("Healthy", "Argo CD") if is_run else None)
