"""An edit of a platform file changes what it must and keeps everything else: comments, quotes, line breaks."""

from __future__ import annotations

import ast

import pytest

from nixernetes.errors import InputError
from nixernetes.gitops.editing.containers import Container, PythonSource, literal
from nixernetes.gitops.editing.said import differences, said_of


def container(text: str) -> Container:
    source = PythonSource(text.encode(), "gitops.py")
    last = source.tree.body[-1]
    assert isinstance(last, ast.Assign)
    return Container(source, last.value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('a = {"k": 1}', 'a = {"k": 2}'),
        ('a = {"k": (1)}', 'a = {"k": (2)}'),
        ('a = {"k": "ü",  # ü\n}', 'a = {"k": 2,  # ü\n}'),
        ("a = {}", 'a = {"k": 2}'),
        ('a = {"b": 1}', 'a = {"b": 1, "k": 2}'),
        ('a = {"b": (1)}', 'a = {"b": (1), "k": 2}'),
        ('a = {"b": 1,}', 'a = {"b": 1, "k": 2}'),
        ('a = {\n    "b": 1,\n}', 'a = {\n    "b": 1,\n    "k": 2,\n}'),
        ('a = {\n    "b": 1\n}', 'a = {\n    "b": 1,\n    "k": 2,\n}'),
        ('a = {\n    "b": 1,  # one\n    # end\n}', 'a = {\n    "b": 1,  # one\n    "k": 2,\n    # end\n}'),
        ('a = {\n    "b": 1  # one\n}', 'a = {\n    "b": 1,  # one\n    "k": 2,\n}'),
        ("a = {\n\t'b': '''\nx''',\n}", "a = {\n\t'b': '''\nx''',\n\t\"k\": 2,\n}"),
        ("a = dict()", "a = dict(k=2)"),
        ("a = g.AppOverrides(b=(1))", "a = g.AppOverrides(b=(1), k=2)"),
        ("a = AppOverrides(\n    b=1,\n)", "a = AppOverrides(\n    b=1,\n    k=2,\n)"),
        ('b = {"x": 1}\na = b', 'b = {"x": 1, "k": 2}\na = b'),
    ],
)
def test_an_item_is_set_in_the_style_of_what_is_there(before: str, after: str) -> None:
    changed = container(before).with_item("k", "2").decode()
    ast.parse(changed)
    assert changed.replace(', "k": 2}', ', "k": 2}').replace("2,}", "2}") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('a = {"k": 1}', "a = {}"),
        ('a = {"k": 1, "b": 2}', 'a = {"b": 2}'),
        ('a = {"b": 2, "k": 1}', 'a = {"b": 2}'),
        ('a = {\n    "b": 2,\n    "k": 1,  # one\n}', 'a = {\n    "b": 2,\n}'),
        ('a = {\n    "k": [\n        1,\n    ],\n    "b": 2,\n}', 'a = {\n    "b": 2,\n}'),
        ("a = dict(k=(1), b=2)", "a = dict(b=2)"),
    ],
)
def test_an_item_is_removed_with_its_line(before: str, after: str) -> None:
    assert container(before).without("k").decode() == after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = {**b}", r"gitops.py:1: \*\*b may hold what is to be changed: edit it by hand"),
        ("a = {b: 1}", "the key b is known only when the file runs"),
        ("a = dict(**b)", "may hold what is to be changed"),
        ("a = made()", "neither a dict nor a call with keywords that is known"),
        ("a = [1]", "neither a dict nor a call"),
        ("b = {}\nc = b\na = b", "b is a name that other lines read or set too"),
    ],
)
def test_what_is_not_written_out_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        container(text)


def test_values_are_written_as_python() -> None:
    value = {"a": ['say "ü"', True, None, 1.5], "b": {}}
    assert literal(value) == r'{"a": ["say \"ü\"", True, None, 1.5], "b": {}}'
    assert ast.literal_eval(literal(value)) == value


APP = 'g.App(name="web", environments={"a": {"images": {"nginx": ":1"}}, "b": dict(values={"password": "%s", "n": N})})'


def test_what_a_file_says_of_an_app_is_read_without_running_it() -> None:
    text = f"import nothing_at_all\np = Platform(apps=[{APP % 'x'}])"
    assert said_of(text.encode(), "web") == {
        "name": '"web"',
        "environments.a.images.nginx": '":1"',
        "environments.b.values.password": '"x"',
        "environments.b.values.n": "N",
    }
    assert said_of(b"not python at all (", "web") is None
    assert said_of(text.encode(), "other") is None


def test_what_a_declaration_names_is_said_of_it_too() -> None:
    text = """
def workload(name):
    return {"image": IMAGE, "name": name}
IMAGE = "nginx:1"
web = {"spec": {"containers": [{"name": "web", "image": IMAGE}]}}
other = {"not": "named"}
app = g.App(name="web", manifests=[web, workload("b")])
"""
    before, after = said_of(text.encode(), "web"), said_of(text.replace("nginx:1", "nginx:2").encode(), "web")
    assert before is not None
    assert before["web.spec.containers.0.name"] == '"web"'
    assert not any(name.startswith("other") for name in before)
    assert differences(before, after) == ['IMAGE "nginx:1" -> "nginx:2"']
    moved = said_of(text.replace('"name": name}', '"name": "x"}').encode(), "web")
    assert differences(before, moved)[0].startswith("workload ")


def test_differences_are_fields_and_hide_secrets() -> None:
    before, after = (said_of((APP % each).encode(), "web") for each in ("x", "y"))
    assert differences(before, after) == ["environments.b.values.password *** -> ***"]
    assert differences(None, after) == ["declared"]
    assert differences(before, None) == ["no longer declared"]
    assert differences(after, after) == []
    assert differences({"a": "1"}, {"b": "2" * 90})[0] == "a 1 -> (none)"
