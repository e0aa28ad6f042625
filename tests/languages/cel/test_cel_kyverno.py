"""CEL as Kyverno's policies have it: what its own libraries give, what they refuse, and what stays unanswered."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.languages.cel.test_cel_kubernetes_answers import answered
from tests.shared import SHARED, needs_shared

from nixernetes.languages.cel import BudgetError, CompileError, Environment, EvaluationError, LazyMap
from nixernetes.languages.cel.hosts.kyverno import kyverno
from nixernetes.languages.cel.types import parse_type
from nixernetes.languages.cel.values import Value

DIGEST = "sha256:" + "0123456789abcdef" * 4
CONFIG_MAP = {"kind": "ConfigMap", "metadata": {"name": "cm", "namespace": "shop", "labels": {"a": "b"}}}
NAMES = {"allowed": "exceptions.allowedImages", "values": "exceptions.allowedValues"}


class Cluster:
    """A cluster with these objects, whose resource and version are not looked at."""

    def __init__(self, *objects: Any, namespace: str = "") -> None:
        self.objects = objects
        self.namespace = namespace

    def found(self, api_version: str, resource: str, namespace: str, name: str) -> Value:
        known = self.listed(api_version, resource, namespace, {})
        return next((each for each in known if each["metadata"]["name"] == name), None)

    def listed(self, api_version: str, resource: str, namespace: str, labels: Mapping[str, str]) -> list[Value]:  # noqa: ARG002
        known = [each for each in self.objects if namespace in ("", each["metadata"]["namespace"])]
        return [each for each in known if labels.items() <= each["metadata"]["labels"].items()]

    def entry(self, name: str, projection: str) -> Value:
        return {"deployments": {"": [1, 2], "count": 2}}.get(name, {}).get(projection)

    def call(self, method: str, url: str) -> Value:
        return {"statusCode": 200, "body": {"asked": f"{method} {url}"}}

    def image(self, reference: str) -> Value:
        return {"config": {"User": reference}}

    def now(self) -> Value:
        return "2026-01-02T03:04:05Z"

    def random(self, pattern: str) -> Value:
        return pattern

    def decoded(self, certificate: str) -> Value:
        return {"PEM": certificate}

    def group_resource(self, api_version: str, kind: str) -> Value:
        return {"group": api_version.partition("/")[0], "version": "v1", "resource": f"{kind.lower()}s"}

    def own_namespace(self) -> str:
        return self.namespace


def value(text: str, env: Environment | None = None) -> Value:
    return (
        (env or kyverno(Cluster(CONFIG_MAP))).compile(text).evaluate({"object": {"metadata": {"labels": {"a": "b"}}}})
    )


# Roots that Kyverno types from its Go values and from what each variable gives; to us what they hold is data.
# And a sum of durations is recorded in the words of Go.
UNTYPED = ("request.", "namespaceObject.", "variables.", "resource.")
SPELLED_OTHERWISE = ".sum()"


@needs_shared
def test_answers_and_error_texts_are_those_of_kyverno() -> None:
    data = json.loads((SHARED / "conformance/kyverno/units/cel.json").read_text())
    plain_env, full = kyverno(Cluster(), has_variables=False), kyverno(Cluster())
    known: dict[str, Value] = {**data["context"], NAMES["allowed"]: [], NAMES["values"]: []}
    known["variables"] = LazyMap(
        {each["name"]: lambda text=each["expression"]: full.compile(text).evaluate(known) for each in data["variables"]}
    )
    wrong, count = [], 0
    for case in data["cases"]:
        text = case["expr"]
        if case["env"] != "vpol" or SPELLED_OTHERWISE in text:
            continue
        count += 1
        found = answered(full if case.get("variables") else plain_env, text, known)
        wanted: tuple[Value, ...] = case.get("stage"), case.get("error")
        if "error" not in case:
            is_typed = not text.startswith(UNTYPED)
            wanted = case["result"], str(parse_type(case["type"])) if is_typed else found[1]
        if found != wanted:
            wrong.append((text, found, wanted))
    assert count > 230
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("image('nginx').identifier()", "latest"),
        ("image('docker.io/nginx').registry()", "index.docker.io"),
        ("image('docker.io/nginx').repository()", "library/nginx"),
        ("image('localhost:5000/a/b').registry()", "localhost:5000"),
        ("image('localhost:5000/a/b').tag()", "latest"),
        ("image('team/app:v1').repository()", "team/app"),
        (f"image('ghcr.io/a/b@{DIGEST}').tag()", ""),
        (f"image('ghcr.io/a/b@{DIGEST}').identifierWithSeparator()", f"@{DIGEST}"),
        (f"image('ghcr.io/a/b:1@{DIGEST}').identifier()", f"1@{DIGEST}"),
        (f"image('ghcr.io/a/b@{DIGEST}').containsDigest()", True),
        ("isImage('nginx:')", False),
        ("isImage('nginx@sha256:12')", False),
        ("isImage('ghcr.io/a/b:1.2')", True),
        ("isImage('Upper/case')", False),
        ("hash.md5('a')", "0cc175b9c0f1b6a831c399e269772661"),
        ("parseServiceAccount('system:serviceaccount:ns:sa').Namespace", "ns"),
        ("user.parseServiceAccount('system:serviceaccount:ns:sa').Name", "sa"),
        ("parseServiceAccount('kubernetes-admin').Name", ""),
        ("json.marshal({'b': '1', 'a': 'é'})", '{"a":"é","b":"1"}'),
        ("json.unmarshal('{\"a\": [1, 2.5]}').a[1]", 2.5),
        ("yaml.parse('a: {b: 3}').a.b", 3),
        ("math.round(1250.0, -2)", 1200.0),
        ("math.round(1.5, 100000)", 1.5),
        ("string(time.truncate(timestamp('2024-05-06T10:47:00Z'), duration('24h')))", "2024-05-06T00:00:00Z"),
        ("string(time.truncate(timestamp('2024-05-06T10:47:00Z'), duration('0s')))", "2024-05-06T10:47:00Z"),
        ("resource.get('v1', 'configmaps', 'shop', 'cm').kind", "ConfigMap"),
        ("resource.Get('v1', 'configmaps', 'other', 'cm')", None),
        ("resource.list('v1', 'configmaps', '').items.size()", 1),
        ("resource.List('v1', 'configmaps', 'shop', {'a': 'c'}).items.size()", 0),
        ("globalContext.get('deployments', 'count')", 2),
        ("globalContext.Get('nothing', '')", None),
        ("resource.Get(resource.ToGVR('v1', 'ConfigMap'), 'shop', 'cm').kind", "ConfigMap"),
        ("resource.toGVR('apps/v1', 'Deployment').group", "apps"),
        ("resource.List({'version': 'v1', 'resource': 'configmaps'}, '').items.size()", 1),
        ("time.toCron(timestamp('2024-05-06T10:47:00Z'))", "47 10 6 5 1"),
        ("string(time.now())", "2026-01-02T03:04:05Z"),
        ("random('[a-z]{3}') + random.random()", "[a-z]{3}[0-9a-z]{8}"),
        ("gzip.decompress(gzip.compress('a'))", "a"),
        ("x509.decode('a').PEM", "a"),
    ],
)
def test_what_the_libraries_give(text: str, expected: Value) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("image('a' + ':' + 'b c')", "could not parse reference: a:b c"),
        (f"image('{'a' * 2000}')", "could not parse reference: " + "a" * 60 + "..."),
        ("json.unmarshal('')", "unexpected end of JSON input"),
        ("json.unmarshal('NaN')", "invalid character 'N' looking for beginning of value"),
        ("json.unmarshal('{x}')", "invalid character 'x' looking for beginning of value"),
        ("json.marshal({'a': duration('1s')})", "json.marshal: the value is not plain data"),
        ("yaml.parse('a: [')", "failed to parse YAML: "),
        ("listObjToMap([{'k': 'a'}], [{'v': '1'}], 'k', 'x')", "listObjToMap: an element has no k, or no x"),
        (
            "resource.Post('v1', 'pods', 'a', {}).b",
            "not evaluated: resource.Post asks a server, and none is asked here",
        ),
    ],
)
def test_what_has_no_value_says_why(text: str, said: str) -> None:
    with pytest.raises(EvaluationError) as told:
        value(text)
    assert told.value.message.startswith(said)


def test_servers_and_registries_answer_as_they_are_known_to() -> None:
    assert value("http.get('http://x').body.asked") == "GET http://x"
    assert value("http.Post('http://x', {'a': 1}, {'h': 'v'}).body.asked") == "POST http://x"
    assert value("image.getMetadata('nginx').config.User") == "nginx"


def test_a_namespaced_policy_asks_about_its_own_namespace() -> None:
    own = kyverno(Cluster(CONFIG_MAP, namespace="shop"), is_namespaced=True)
    other = kyverno(Cluster(CONFIG_MAP, namespace="other"), is_namespaced=True)
    assert value("resource.Get('v1', 'configmaps', 'cm').kind", own) == "ConfigMap"
    assert value("resource.List('v1', 'configmaps').items.size()", own) == 1
    assert value("resource.List('v1', 'configmaps', {'a': 'b'}).items.size()", other) == 0
    with pytest.raises(CompileError):
        own.compile("resource.Get('v1', 'configmaps', 'shop', 'cm')")


def test_match_conditions_see_no_variables() -> None:
    with pytest.raises(CompileError, match="undeclared reference to 'variables'"):
        kyverno(Cluster(), has_variables=False).compile("variables.x == 1")


@pytest.mark.parametrize("name", ["http.client('x')", "yaml.marshal({})", "'a'.reverse()"])
def test_what_is_left_out_does_not_compile(name: str) -> None:
    with pytest.raises(CompileError, match=r"undeclared reference|no matching overload"):
        kyverno(Cluster()).compile(name)


def test_a_value_that_holds_itself_many_times_is_not_written_out() -> None:
    text = "'x'"
    for depth in range(40):
        text = f"cel.bind(a{depth}, {text}, [a{depth}, a{depth}])"
    with pytest.raises(BudgetError):
        value(f"json.marshal({text}).size()")


def test_a_deep_document_is_an_error_and_no_crash() -> None:
    known = {"object": "[" * 100_000}
    with pytest.raises(EvaluationError):
        kyverno(Cluster()).compile("json.unmarshal(object)").evaluate(known)
