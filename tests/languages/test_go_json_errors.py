"""What Go says of a text that is no JSON."""

import json

import pytest

from nixernetes.languages.go.json_errors import json_problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "unexpected end of JSON input"),
        ("{", "unexpected end of JSON input"),
        ('{"a": 1,}', "invalid character '}' looking for beginning of object key string"),
        ("[1 2]", "invalid character '2' after array element"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ("{} x", "invalid character 'x' after top-level value"),
        ("nul!", "invalid character '!' in literal null (expecting 'l')"),
        ("-x", "invalid character 'x' in numeric literal"),
        ('"\n"', "invalid character '\\n' in string literal"),
        ("'a'", "invalid character '\\'' looking for beginning of value"),
    ],
)
def test_broken_texts_are_told_as_go_tells_them(text: str, message: str) -> None:
    assert json_problem(text) == message


@pytest.mark.parametrize("value", [None, True, 1.5e3, "a\u20acb\\", [], {"a": [{"b": {}}]}])
def test_json_is_no_problem(value: object) -> None:
    assert json_problem(json.dumps(value)) == ""
