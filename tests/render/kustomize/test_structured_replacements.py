"""Replacements into JSON and YAML that a text holds: the text keeps its form, its comments and its quotes."""

from textwrap import dedent

import pytest

from nixernetes.objects import yamls
from nixernetes.render.kustomize import BuildOptions, KustomizeError, build
from nixernetes.render.tree import MemoryTree


def _replaced(text: str, path: str, value: str, **options: object) -> str:
    """Return ``data.x`` of a ConfigMap after a value was written at a path below it."""
    target = {"select": {"name": "app"}, "fieldPaths": [f"data.x.{path}"], "options": options}
    files = {
        "kustomization.yaml": {
            "resources": ["app.yaml"],
            "replacements": [{"sourceValue": value, "targets": [target]}],
        },
        "app.yaml": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "app"}, "data": {"x": text}},
    }
    (found,) = build(MemoryTree({name: yamls.dump(data) for name, data in files.items()}), "", BuildOptions())
    result: str = found.manifest["data"]["x"]
    return result


@pytest.mark.parametrize(
    ("text", "path", "value", "expected"),
    [
        ('{"host": "TODO", "port": 1}', "host", "db", '{"host":"db","port":1}'),
        ('{"host": "TODO", "port": 1}', "port", "5432", '{"host":"TODO","port":5432}'),
        (
            '{"a": "<&", "b": [{"n": "x"}, {"n": "y"}]}',
            "b.*.n",
            "z",
            '{"a":"\\u003c\\u0026","b":[{"n":"z"},{"n":"z"}]}',
        ),
        ('{\n  "b": 1,\n  "a": []\n}', "b", "2", '{\n  "a": [],\n  "b": 2\n}'),
        ("a: 1\nb: {c: 'x'}\n", "b.c", "y", "a: 1\nb: {c: 'y'}"),
        ("a: TODO\nb: 1", "a", "true", 'a: "true"\nb: 1'),
        ("a: 1", "a", "x", "a: !!int x"),
        ("a: &v 1\nb: *v\nc: x", "c", "y", "a: &v 1\nb: *v\nc: y"),
        ("a: 1\n---\nb: 2", "a", "3", "a: 3"),
    ],
)
def test_a_value_is_written_into_the_data_of_a_text(text: str, path: str, value: str, expected: str) -> None:
    assert _replaced(text, path, value) == expected


def test_comments_stay_and_blank_lines_go() -> None:
    text = """\
        # about the file

        # the host
        host: TODO # asked for

        list:
        - one
          # after one
        - two
        # the end
        """
    expected = """\
        # about the file

        # the host
        host: db # asked for
        list:
        - one
        # after one
        - two
        # the end"""
    assert _replaced(dedent(text), "host", "db") == dedent(expected)


def test_what_is_missing_is_made_on_demand() -> None:
    assert _replaced('{"a": 1}', "b.c", "2", create=True) == '{"a":1,"b":{"c":2}}'
    assert _replaced("a: 1", "b.c", "x", create=True) == "a: 1\nb:\n  c: x"


def test_a_delimiter_does_not_count_in_the_data_of_a_text() -> None:
    assert _replaced('{"url": "https://TODO:1/x"}', "url", "db", delimiter="/", index=2) == '{"url":"db"}'


def test_json_stays_as_it_was_where_the_value_does_not_fit() -> None:
    assert _replaced('{"port": 1}', "port", "x") == '{"port": 1}'


@pytest.mark.parametrize("text", ["a=1\nb=2", '{"a": ', "", "b: 1"])
def test_a_path_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(KustomizeError, match=r'unable to find field "data\.x\.a" in replacement target'):
        _replaced(text, "a", "v")
