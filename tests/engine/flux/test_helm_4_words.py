"""What Helm 3 says of a chart becomes what Helm 4, and so helm-controller, says of it."""

from __future__ import annotations

import pytest

from nixernetes.engine.flux.helm.helm_4_words import as_helm_4

_HEAD = "values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'template: e/a.yaml:1:10: executing "e/a.yaml" at <.Values.x.y>: nil pointer evaluating interface {}.y',
            'e/a.yaml:1:10\n  executing "e/a.yaml" at <.Values.x.y>:\n    nil pointer evaluating interface {}.y',
        ),
        (
            (
                'template: e/a.yaml:1:3: executing "e/a.yaml" at <include "n" .>: error calling include: template: '
                'no template "n" associated with template "gotpl"'
            ),
            (
                'e/a.yaml:1:3\n  executing "e/a.yaml" at <include "n" .>:\n    error calling include:\n'
                'template: no template "n" associated with template "gotpl"'
            ),
        ),
        (
            'template: e/a.yaml:1:3: executing "e/a.yaml" at <fromX>: error calling fromX: broken',
            'template: e/a.yaml:1:3: executing "e/a.yaml" at <fromX>: error calling fromX: broken',
        ),
        (
            "YAML parse error on e/a.yaml: error converting YAML to JSON: yaml: line 4: did not find expected key",
            "error merging manifests: parsing e/a.yaml: MalformedYAMLError: yaml: line 4: did not find expected key",
        ),
        ("execution error at (e/a.yaml:1:3): need x", "execution error at (e/a.yaml:1:3): need x"),
    ],
)
def test_an_error_of_a_template_is_told_as_helm_4_tells_it(before: str, after: str) -> None:
    assert as_helm_4(before) == after


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("- n: Must be less than or equal to 5", "- at '/n': maximum: got 9, want 5"),
        ("- a.0: Invalid type. Expected: string, given: integer", "- at '/a/0': got number, want string"),
        ("- n: Invalid type. Expected: [string,null], given: array", "- at '/n': got array, want null or string"),
        ("- s: String length must be greater than or equal to 3", "- at '/s': minLength: got 2, want 3"),
        ("- (root): x is required\n- (root): y is required", "- at '': missing properties 'x', 'y'"),
        ("- o: Additional property x is not allowed", "- at '/o': additional properties 'x' not allowed"),
        ('- s: s must be one of the following: "a", "b"', "- at '/s': value must be one of 'a', 'b'"),
        ("- s: Does not match pattern '^x'", "- at '/s': 'ab' does not match pattern '^x'"),
        ("- a: Array must have at least 2 items", "- at '/a': minItems: got 1, want 2"),
        ("- s: Something else", "- s: Something else"),
    ],
)
def test_what_a_schema_refuses_is_told_as_helm_4_tells_it(line: str, after: str) -> None:
    assert as_helm_4(_HEAD + line, {"n": 9, "s": "ab", "a": [1]}) == _HEAD + after


def test_a_value_that_may_be_secret_is_never_told() -> None:
    text = f"{_HEAD}- n: Must be less than or equal to 5"
    assert as_helm_4(text) == text
