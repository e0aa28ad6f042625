"""Pairs are set into values as helm's ``--set`` sets them."""

import pytest

from nixernetes.errors import InputError
from nixernetes.languages.strvals import set_into
from nixernetes.objects.manifest import Json


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1,b=x,c=true,d=null,e=0,f=007", {"a": 1, "b": "x", "c": True, "d": None, "e": 0, "f": "007"}),
        ("a.b.c=1", {"a": {"b": {"c": 1}}}),
        ("a[1].b=1", {"a": [None, {"b": 1}]}),
        ("a[0][1]=x", {"a": [[None, "x"]]}),
        ("a={1,b},c={}", {"a": [1, "b"], "c": [""]}),
        ("a\\.b=c\\,d", {"a.b": "c,d"}),
        ("a=TRUE,b=NULL,c=-05,d=+5,e=1.5", {"a": True, "b": None, "c": -5, "d": 5, "e": "1.5"}),
        ("=x,.y=1,[0]=1,z=2", {"z": 2}),
        ("a=1\\", {"a": 1}),
        ("a=,b.c=", {"a": "", "b": {"c": ""}}),
        ("a[0].b=,c[0]", {"a": [{"b": ""}], "c": []}),
    ],
)
def test_set_reads_as_helm_does(text: str, expected: Json) -> None:
    values: dict[str, Json] = {}
    set_into(values, text)
    assert values == expected


@pytest.mark.parametrize(
    "text",
    [
        *("a", "a[x]=1", "a[70000]=1", "a[-1]=1", "a={1", "a[0]b=1", "a[0]" + "[0]" * 200 + "=1", "." * 40 + "=1"),
        *("text.k=1", "text[0]=1", "map[0]=1", "list.k=1", "list[0][0]=1", "none.k=1", "none[0]=1", "new.=1"),
    ],
)
def test_set_refuses_what_helm_refuses_and_what_is_there_keeps_its_kind(text: str) -> None:
    values = {"text": "x", "map": {"k": 1}, "list": ["x"], "none": None}
    with pytest.raises(InputError):
        set_into(values, text)


def test_a_map_in_a_list_takes_an_empty_value() -> None:
    values: dict[str, Json] = {"a": [None]}
    set_into(values, "a[0].b=")
    assert values == {"a": [{"b": ""}]}


def test_lists_of_texts_are_read_and_an_empty_one_holds_an_empty_text() -> None:
    values: dict[str, Json] = {}
    set_into(values, "a={1,b},c={}", mode="string")
    assert values == {"a": ["1", "b"], "c": [""]}
