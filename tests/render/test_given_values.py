"""What the user gives wins, the more precise the more."""

from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.manifest import Manifest
from nixernetes.render.given_values import GivenValues


def _map(name: str, namespace: str = "", **data: str) -> Manifest:
    place = {"namespace": namespace} if namespace else {}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, **place}, "data": data}


def _key(name: str, namespace: str) -> ObjectKey:
    return ObjectKey("", "ConfigMap", namespace, name)


def test_one_without_a_namespace_stands_for_every_namespace() -> None:
    given = GivenValues([_map("vars", a="any"), _map("vars", "team", a="team")])
    assert given.get(_key("vars", "other")) == _map("vars", "other", a="any")
    assert given.get(_key("vars", "team")) == _map("vars", "team", a="team")
    assert given.get(_key("else", "team")) is None


def test_the_last_of_equal_ones_counts() -> None:
    given = GivenValues([_map("vars", a="1"), _map("vars", a="2")])
    assert given.get(_key("vars", "x")) == _map("vars", "x", a="2")
    assert len(given) == 1


def test_what_is_given_stands_in_place_of_what_is_declared() -> None:
    declared = {_key("vars", "team"): _map("vars", "team", a="declared"), _key("own", "team"): _map("own", "team")}
    given = GivenValues([_map("vars", a="any"), _map("new", "team"), _map("alone")])
    assert given.over(declared) == {
        _key("vars", "team"): _map("vars", "team", a="any"),
        _key("own", "team"): _map("own", "team"),
        _key("new", "team"): _map("new", "team"),
        _key("alone", ""): _map("alone"),
    }
