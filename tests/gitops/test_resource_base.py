"""What every kind has in common: spelling, lossless round trips, messages that say what to do."""

import pytest

from nixernetes.errors import InputError
from nixernetes.gitops.reference import Reference
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.resource import Resource
from nixernetes.gitops.spec import Spec, camel, guide
from nixernetes.gitops.values import JsonMap, Many, Namespace, Text
from nixernetes.objects import yamls
from nixernetes.objects.identity import GroupKind, ObjectKey


class Pick(Spec):
    branch: Text | None = None
    tag: Text | None = None


class Peer(ObjectReference):
    name: Text
    namespace: Text | None = None


class Widget(Resource):
    API_VERSION = "example.com/v1"
    KIND = "Widget"
    PLURAL = "widgets"
    SECRET_FIELDS = frozenset({"token"})

    namespace: Namespace | None = guide("flux-system", required=False)
    repo_url: Text
    interval: Text = guide("1m")
    pick: Pick | None = None
    picks: Many[Pick] | None = None
    peers: Many[Peer] | None = None
    values_: JsonMap | None = None
    token: Text | None = None


def widget(**fields: object) -> Widget:
    return Widget(**{"name": "a", "repo_url": "https://x", **fields})


@pytest.mark.parametrize(
    ("python", "kubernetes"),
    [("repo_url", "repoURL"), ("api_version", "apiVersion"), ("source_ref", "sourceRef"), ("values_", "values")],
)
def test_python_names_become_kubernetes_names(python: str, kubernetes: str) -> None:
    assert camel(python) == kubernetes


def test_the_manifest_has_the_guides_defaults_and_nothing_that_was_not_given() -> None:
    made = widget(pick={"branch": "main", "tag": None})
    assert list(made.manifest()) == ["apiVersion", "kind", "metadata", "spec"]
    assert made.manifest()["metadata"] == {"name": "a", "namespace": "flux-system"}
    assert made.manifest()["spec"] == {"repoURL": "https://x", "interval": "1m", "pick": {"branch": "main"}}
    assert made.key == ObjectKey("example.com", "Widget", "flux-system", "a")


def test_nested_values_are_objects_or_dicts_in_either_spelling() -> None:
    assert widget(pick=Pick(branch="b")) == widget(pick={"branch": "b"})
    assert widget() == Widget(name="a", repoURL="https://x")


def test_reading_a_manifest_loses_and_adds_nothing() -> None:
    manifest = {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": "a", "labels": {}, "uid": "1", "resourceVersion": "7"},
        "spec": {"repoURL": "u", "interval": "5m", "pick": {"tag": None}, "picks": [], "values": {"a": None, "b": {}}},
        "status": {"observedGeneration": -1},
    }
    made = Widget.from_manifest(manifest)
    assert made.manifest() == manifest
    assert made.namespace is None
    assert (made | {"interval": "6m"}).manifest()["metadata"] == manifest["metadata"]
    assert (made | {"interval": "6m"}).manifest()["spec"]["pick"] == {"tag": None}


def test_a_manifest_without_a_required_field_gets_no_default() -> None:
    with pytest.raises(InputError, match="Widget/a: interval is missing"):
        Widget.from_manifest(
            {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": {"repoURL": "u"}}
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "Other"}, "this is example.com/v1 Other, and Widget reads example.com/v1 Widget"),
        ({"spec": {"repo_url": "u", "interval": "1m"}}, "no field repo_url: write repoURL"),
        ({"spec": {"repoUrl": "u", "interval": "1m"}}, "did you mean repoURL?"),
        ({"metadata": {"name": "a", "lables": {}}}, "metadata has no field lables"),
        ({"metadata": None}, "metadata is missing"),
        ({"spce": {}}, "Widget has no field spce"),
        ({"spec": {"name": "x"}}, "spec has no field name"),
        ({"spec": ["x"]}, "spec must be a mapping"),
    ],
)
def test_a_wrong_manifest_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        Widget.from_manifest({**widget().manifest(), **change})


def test_all_problems_stand_in_one_message_at_the_users_line() -> None:
    with pytest.raises(InputError) as caught:
        Widget(name="A", repo_ulr="u", pick={"brnch": "x"}, picks=[{"branch": 1}], interval=5)
    text = str(caught.value)
    assert text.startswith(f"{__file__}:")
    assert "Widget/flux-system/A: 6 problems" in text
    assert "repo_ulr: Widget has no such field: did you mean repo_url?" in text
    assert "pick.brnch: Pick has no such field: did you mean branch?" in text
    assert "picks[0].branch: 1: must be text" in text
    assert "interval: 5: must be text" in text
    assert "repo_url is missing: give it" in text


def test_an_object_remembers_its_line_and_the_line_is_not_a_part_of_it() -> None:
    first = widget()
    second = widget()
    assert first.declared_at.startswith(f"{__file__}:")
    assert Widget.from_manifest(first.manifest(), place="a.yaml:3").declared_at == "a.yaml:3"
    assert first == second
    assert hash(first) == hash(second)


def test_a_secret_value_is_never_shown() -> None:
    with pytest.raises(InputError) as caught:
        widget(token=12345)
    assert "12345" not in str(caught.value)
    assert "token: ***: must be text" in str(caught.value)


def test_one_field_in_two_spellings_is_refused() -> None:
    with pytest.raises(InputError, match="repoURL and repo_url are one field"):
        Widget(name="a", repo_url="u", repoURL="u")


def test_sets_have_no_order_and_text_is_not_a_list() -> None:
    with pytest.raises(InputError, match="a set has no order"):
        widget(finalizers={"a"})
    with pytest.raises(InputError, match=r"must be a list: write \['a'\]"):
        widget(finalizers="a")


def test_an_object_as_a_reference_writes_its_namespace_only_when_it_is_another() -> None:
    near, far = widget(name="near"), widget(name="far", namespace="other")
    made = widget(peers=[near, far, {"name": "x", "namespace": "flux-system"}])
    assert made.manifest()["spec"]["peers"] == [
        {"name": "near"},
        {"name": "far", "namespace": "other"},
        {"name": "x", "namespace": "flux-system"},
    ]
    assert made.references()[0] == Reference(
        group="example.com", kind="Widget", name="near", namespace=None, field="spec.peers[0]", required=True
    )


def test_references_without_namespace_get_the_resolvers() -> None:
    made = widget(peers=[{"name": "x"}, {"name": "y", "namespace": "here"}, {"name": "z"}])
    solved = made.resolve(lambda reference: "there" if reference.name == "x" else None)
    assert solved.manifest()["spec"]["peers"] == [
        {"name": "x", "namespace": "there"},
        {"name": "y", "namespace": "here"},
        {"name": "z"},
    ]
    assert made.resolve(lambda _: None) == made
    assert solved.group_kind() == GroupKind("example.com", "Widget")
    assert solved.declared_at == made.declared_at


def test_annotation_keys_may_have_capitals_in_their_domain() -> None:
    assert widget(annotations={"Example.com/Note": "x"}).annotations == {"Example.com/Note": "x"}
    with pytest.raises(InputError, match="labels"):
        widget(labels={"Example.com/note": "x"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "UPPER"),
        ("name", "a" * 254),
        ("namespace", "a.b"),
        ("labels", {"k": "a b"}),
        ("labels", {"-k": "a"}),
        ("labels", {"k": 1}),
        ("annotations", {"a b": "x"}),
        ("annotations", {"a": "x" * 256 * 1024}),
        ("values_", {1: "x"}),
        ("values_", {"a": object()}),
    ],
)
def test_what_kubernetes_refuses_is_refused(field: str, value: object) -> None:
    with pytest.raises(InputError, match=field):
        widget(**{field: value})


def test_an_object_prints_as_its_manifest_and_shows_as_it_was_written() -> None:
    made = widget(token="hunter2", labels={"team": "web"})
    assert yamls.parse(str(made)) == yamls.parse(made.to_yaml()) == made.manifest()
    assert repr(made).startswith("Widget(name='a', namespace='flux-system', labels={'team': 'web'}, ")
    assert "hunter2" not in repr(made)


def test_a_nested_object_is_checked_where_it_is_made() -> None:
    with pytest.raises(InputError, match="brnch: Pick has no such field: did you mean branch"):
        Pick(brnch="x")


def test_a_declaration_does_not_change() -> None:
    with pytest.raises(InputError, match=r"Widget/flux-system/a: interval: a declaration does not change"):
        widget().interval = "5m"


def test_what_is_no_mapping_is_neither_a_manifest_nor_a_change() -> None:
    with pytest.raises(InputError, match="a manifest is a mapping, and this is a list"):
        Widget.from_manifest([])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="unsupported operand"):
        widget() | 5  # type: ignore[operator]
