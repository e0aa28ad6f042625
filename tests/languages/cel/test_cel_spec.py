"""CEL's own conformance cases (``cel_spec.json`` of the reference material)."""

import json
from functools import cache

import pytest
from tests.languages.cel.spec_cases import Case, NeedsMessagesError, run
from tests.shared import SHARED, needs_shared

# Where we follow Kubernetes, whose answers differ from CEL's own cases, and why.
EXCEPTIONS = {
    "dynamic/value_null/literal": "makes a protobuf message by a short name",
    "network_ext/ipv4/ipv4_equals_ipv6": "Kubernetes refuses IPv4 addresses in IPv6",
    "network_ext/ipv4/ipv4_not_equals_ipv6": "Kubernetes refuses IPv4 addresses in IPv6",
    "optionals/optionals/map_null_entry_no_such_key": "in Kubernetes null has no fields, behind .? too: none, no error",
    "string_ext/value_errors/indexof_out_of_range": "cel-go finds nothing beyond the end: -1, no error",
    "string_ext/value_errors/lastindexof_out_of_range": "cel-go finds nothing beyond the end: -1, no error",
}


@cache
def cases() -> list[Case]:
    return json.loads((SHARED / "conformance/cel_spec.json").read_text())


@needs_shared
@pytest.mark.slow
def test_more_than_98_percent_of_the_cases_without_messages_are_right_and_the_rest_is_known() -> None:
    wrong, count = {}, 0
    for case in cases():
        try:
            outcome = run(case)
        except NeedsMessagesError:
            continue
        count += 1
        if not outcome.right:
            wrong[case["id"]] = outcome.text
    assert count > 1_000
    assert len(wrong) < count * 0.02
    assert {name: text for name, text in wrong.items() if name not in EXCEPTIONS} == {}


@needs_shared
def test_every_exception_is_still_one() -> None:
    by_id = {case["id"]: case for case in cases()}
    assert [name for name in EXCEPTIONS if run(by_id[name]).right] == []
