"""The settings file is read strictly: what is wrong is told with its line, and nothing is ignored."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nixernetes.errors import InputError
from nixernetes.settings.reading import read_settings
from nixernetes.settings.schema import schema_text

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_written_is_read() -> None:
    text = """\
kubeVersion: "1.34"
clusters:
  production:
    folder: clusters/production/
    kubeVersion: "1.33"
    nodePools:
      - {name: general, labels: {tier: web}, allocatable: {cpu: 4, memory: 16Gi}}
values:
  - vars.yaml
  - {kind: ConfigMap, name: cluster-vars, data: {region: eu-west-1}}
severities: {orphan-file: off}
exceptions:
  - {rule: orphan-file, path: docs/, reason: examples, until: 2026-12-31}
"""
    settings = read_settings(text.encode()).settings
    production = settings.clusters["production"]
    assert (production.folder, production.kube_version) == ("clusters/production", "1.33")
    assert production.node_pools[0].allocatable == {"cpu": "4", "memory": "16Gi"}
    assert settings.severities == {"orphan-file": "off"}
    assert settings.exceptions[0].until == date(2026, 12, 31)
    assert len(settings.values) == 2


@pytest.mark.parametrize("text", [b"", b"# nothing yet\n", b"---\n"])
def test_an_empty_file_sets_nothing(text: bytes) -> None:
    assert read_settings(text).settings.clusters == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nclustres: {}", "nixernetes.yaml:2: clustres: unknown key: is it clusters?"),
        ("clusters:\n  a:\n    foldr: x", "nixernetes.yaml:3: clusters.a.foldr: unknown key: is it folder?"),
        ("kubeVersion: 1.30", "nixernetes.yaml:1: kubeVersion: is not text: put it in quotes"),
        ('kubeVersion: "34"', "nixernetes.yaml:1: kubeVersion: not a Kubernetes version"),
        ("clusters: {a: {folder: ../b}}", "nixernetes.yaml:1: clusters.a.folder: not a folder of the repository"),
        ("severities:\n  x: fatal", "nixernetes.yaml:2: severities.x: is not one of"),
        ("exceptions:\n- {rule: x, path: a}", "nixernetes.yaml:2: exceptions[0].reason: is missing"),
        ("exceptions:\n- {rule: x, path: a, reason: ''}", "nixernetes.yaml:2: exceptions[0].reason: is empty"),
        ("exceptions:\n- {rule: x, reason: b}", "nixernetes.yaml:2: exceptions[0]: names neither object nor path"),
        ("exceptions:\n- {rule: x, path: a, reason: b, until: soon}", "exceptions[0].until: not a day"),
        ("values: [{kind: Pod, name: a, data: {}}]", "nixernetes.yaml:1: values[0].kind: is not one of"),
        ("- a", "nixernetes.yaml:1: not a mapping"),
        ("a: [", "nixernetes.yaml:2: broken YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(InputError) as refused:
        read_settings(text.encode())
    assert told in str(refused.value)


def test_all_that_is_wrong_is_told_at_once_and_no_value_is_shown() -> None:
    text = b"one: 1\nvalues:\n  - {kind: Secret, name: a, data: {password: [hunter2]}}\n"
    with pytest.raises(InputError) as refused:
        read_settings(text)
    told = str(refused.value)
    assert told.splitlines()[1].startswith("nixernetes.yaml:3: values[0].data.password: ")
    assert "hunter2" not in told


def test_the_schema_of_the_docs_is_that_of_the_model() -> None:
    page = (ROOT / "docs/nixernetes.schema.json").read_text()
    assert page == schema_text(), "run scripts/make_settings_schema.py"
    assert json.loads(page)["additionalProperties"] is False


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text()
    schema = json.loads(schema_text())
    names = {name for each in (schema, *schema["$defs"].values()) for name in each.get("properties", {})}
    assert sorted(name for name in names if f"`{name}`" not in page) == []
