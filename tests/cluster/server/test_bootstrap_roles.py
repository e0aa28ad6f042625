"""The roles that every cluster has say what those of Kubernetes say."""

from nixernetes.cluster.access import bootstrap
from nixernetes.cluster.access.attributes import Attributes
from nixernetes.cluster.access.authorizing import Authorizer
from nixernetes.cluster.access.users import User, service_account
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.manifest import Manifest


class _Nothing:
    def rows(self, kind: GroupKind) -> dict[tuple[str, str], Manifest]:
        del kind
        return {}


def may(user: User, verb: str, resource: str, group: str = "", **more: str) -> bool:
    wish = Attributes(user=user, verb=verb, group=group, resource=resource, **more)
    return Authorizer(_Nothing()).decide(wish).allowed


def test_all_are_there() -> None:
    own = [name for name in bootstrap.roles() if not name.startswith("system:controller:")]
    bound = [name for name in bootstrap.bindings() if not name.startswith("system:controller:")]
    assert len(own) == 31
    assert len(bound) == 12
    assert len(bootstrap.roles()) == 31 + 37
    for binding in bootstrap.bindings().values():
        assert binding["roleRef"]["name"] in bootstrap.roles()
    assert {each["metadata"]["namespace"] for each in bootstrap.everything() if each["kind"] == "Role"} == {
        *("kube-public", "kube-system")
    }


def test_admin_gathers_edit_and_edit_gathers_view() -> None:
    roles = bootstrap.roles()
    for larger, smaller in (("admin", "edit"), ("edit", "view")):
        assert all(rule in roles[larger]["rules"] for rule in roles[smaller]["rules"])
        assert len(roles[larger]["rules"]) > len(roles[smaller]["rules"])
    readable = {name for rule in roles["view"]["rules"] for name in rule["resources"]}
    assert "secrets" not in readable, "who looks sees no Secrets"


def test_who_is_known_by_name_may_do_its_work() -> None:
    scheduler = User(name="system:kube-scheduler")
    assert may(scheduler, "create", "pods/binding".partition("/")[0], subresource="binding", namespace="n")
    assert not may(scheduler, "create", "deployments", "apps", namespace="n")
    jobs = service_account("kube-system", "job-controller")
    assert may(jobs, "update", "jobs", "batch", subresource="status", namespace="n")
    assert not may(jobs, "get", "secrets", namespace="n")
    assert may(service_account("n", "x"), "get", "", path="/openid/v1/jwks")
    assert not may(User(name="x"), "get", "", path="/openid/v1/jwks")
    assert not may(User(name="system:node:n", groups=("system:nodes",)), "list", "secrets"), "nobody is bound to it"
