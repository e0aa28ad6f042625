"""Objects that a real API server refused are refused here, in the words that it had."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from tests.shared import SHARED, needs_shared

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.embedded import EmbeddedCluster
from nixernetes.objects.clocks import VirtualClock
from nixernetes.objects.manifest import Json

_FOLDER = SHARED / "conformance" / "kubeapi" / "scenarios"
_TOPICS = ("validation", "defaults")
_PART = re.compile(r", (?=[a-zA-Z<][\w.\[\]<>/-]*: (?:Required|Invalid|Unsupported|Duplicate|Forbidden|Too|Not found))")
_REFUSED = 422
_UID = re.compile(r"<uid(:\d+)?>")
# A Secret whose JSON is broken: Go's words quote from it. A token of a pod without an account: the admission that gives
# it the account ``default`` did not run where this was recorded.
_MOST_OTHER = 2
_MOST_TAKEN = 1


class Answer(NamedTuple):
    """What was refused, or ``""``."""

    real: str
    ours: str


def _answers(path: Path) -> Iterator[Answer]:
    """Yield what creating the objects of a scenario gives there and here, each in a cluster of its own."""
    for step in yaml.safe_load(path.read_text().replace("${NS}", "default"))["steps"]:
        body = step.get("body")
        if step.get("method") != "POST" or step.get("setup") or "/namespaces/" not in step["path"]:
            continue
        expected = step["expect"]
        if not isinstance(body, dict) or not body.get("metadata", {}).get("name") or "kind" not in body:
            continue
        real = expected["body"]["message"] if expected["status"] == _REFUSED else ""
        yield Answer(real, _refused({**body, "metadata": {"namespace": "default", **body["metadata"]}}))


def _refused(manifest: Json) -> str:
    try:
        EmbeddedCluster(name="c", clock=VirtualClock()).create(manifest, manager="test")
    except ApiError as error:
        return str(error) if error.reason == "Invalid" else ""
    return ""


def _parts(message: str) -> list[str]:
    """Return the parts of a message; their order is free."""
    message = _UID.sub("<uid>", message)
    head, _, inner = message.partition(" is invalid: [")
    return [message] if not inner else sorted([head, *_PART.split(inner.removesuffix("]"))])


@needs_shared
def test_what_a_server_refuses_is_refused_in_its_words() -> None:
    found = [
        answer for topic in _TOPICS for path in sorted((_FOLDER / topic).glob("*.yaml")) for answer in _answers(path)
    ]
    refused = [each for each in found if each.real]
    assert len(refused) > _MOST_OTHER
    assert len([each for each in refused if _parts(each.real) != _parts(each.ours)]) <= _MOST_OTHER
    assert len([each for each in refused if not each.ours]) <= _MOST_TAKEN


@needs_shared
def test_what_a_server_takes_is_taken() -> None:
    found = [
        answer for topic in _TOPICS for path in sorted((_FOLDER / topic).glob("*.yaml")) for answer in _answers(path)
    ]
    assert [each.ours for each in found if not each.real and each.ours] == []


@pytest.mark.parametrize(
    ("hard", "message"),
    [
        ({"configmaps": "1"}, "requested: configmaps=1, used: configmaps=1, limited: configmaps=1"),
        (
            {"count/configmaps": "1"},
            "requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1",
        ),
    ],
)
def test_a_quota_lets_in_so_many_and_no_more(cluster: EmbeddedCluster, hard: Json, message: str) -> None:
    meta = {"name": "q", "namespace": "default"}
    cluster.apply({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": meta, "spec": {"hard": hard}}, manager="k")
    with pytest.raises(ApiError, match=f'configmaps "a" is forbidden: exceeded quota: q, {message}') as caught:
        cluster.create(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}, manager="k"
        )
    assert caught.value.reason == "Forbidden"


def test_a_version_that_is_not_served_has_no_matches(cluster: EmbeddedCluster) -> None:
    old = {"apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget"}
    with pytest.raises(ApiError, match='no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"'):
        cluster.apply({**old, "metadata": {"name": "a", "namespace": "default"}}, manager="k")


def test_an_unknown_field_is_refused_in_a_configuration_and_dropped_from_a_patch(cluster: EmbeddedCluster) -> None:
    odd = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "a", "namespace": "default"},
        "dataa": {"a": "b"},
    }
    with pytest.raises(ApiError, match=r"\.dataa: field not declared in schema"):
        cluster.apply(odd, manager="k")
    assert "dataa" not in cluster.apply(odd, manager="k", lenient=True)
