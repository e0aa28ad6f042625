"""YAML is read as Kubernetes tools read it."""

import pytest

from nixernetes.errors import InputError
from nixernetes.objects import yamls


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("off", False),
        ("y", "y"),
        ("0777", 511),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("2020-01-01", "2020-01-01"),
        ("12:30:45", "12:30:45"),
        ("'on'", "on"),
        ("!!str 12", "12"),
        ("~", None),
    ],
)
def test_plain_scalars_are_yaml_1_1_through_json(text: str, value: object) -> None:
    assert yamls.parse(f"a: {text}") == {"a": value}


def test_a_duplicate_key_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match=r"^x\.yaml:2: key 'a' is given twice"):
        yamls.parse("a: 1\na: 2", file="x.yaml")


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(InputError, match="after expanding aliases"):
        yamls.parse("\n".join(lines), file="bomb.yaml")


@pytest.mark.parametrize("text", ["yes", "123", "1e3", "", "a\nb\n", " x", "x: y", "# no", "null", "- a", "ü"])
def test_a_dumped_string_reads_back_as_the_same_string(text: str) -> None:
    assert yamls.parse(yamls.dump({"a": text})) == {"a": text}
