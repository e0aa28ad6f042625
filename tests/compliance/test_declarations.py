"""Labels, profiles, waivers and mappings: what is taken, what is refused, and how the refusal helps."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from nixernetes import compliance
from nixernetes.compliance.labelling import build_of
from nixernetes.errors import InputError


def test_two_words_are_enough_and_strict_is_high() -> None:
    assert compliance.labels("SOC2", "strict").level is compliance.ComplianceLevel.HIGH
    assert compliance.labels("SOC2", "Strict") == compliance.labels(framework="SOC2", level="high")


def test_everything_that_can_be_said_is_in_the_labels() -> None:
    said = compliance.labels("soc 2", "low", owner="team-b", data_classification="confidential", audit_required=True)
    assert said.labels("team-a") == {
        "nixernetes.io/framework": "SOC2",
        "nixernetes.io/compliance-level": "low",
        "nixernetes.io/owner": "team-b",
        "nixernetes.io/data-classification": "confidential",
        "nixernetes.io/audit-required": "true",
    }


def test_annotations_say_who_made_it_and_what_an_audit_finds_it_by() -> None:
    said = compliance.labels("SOC2", owner="a", build_id="42", commit="abc")
    notes = said.annotations("shop")
    assert notes["nixernetes.io/build-id"] == "42"
    assert notes["nixernetes.io/commit"] == "abc"
    assert notes["nixernetes.io/managed-by"] == "nixernetes"
    assert notes == said.annotations("shop"), "equal input gives equal bytes"
    assert notes["nixernetes.io/audit-id"] != said.annotations("other")["nixernetes.io/audit-id"]
    assert compliance.labels("SOC2", owner="a", audit_id="A-7").annotations()["nixernetes.io/audit-id"] == "A-7"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"owner": "team a"}, r"write 'team-a'"),
        ({"owner": "x" * 64}, r"at most 63 characters: write 'x{63}'"),
        ({"level": "stict"}, r"not one of unrestricted, low, medium, high, restricted, strict: is it strict\?"),
        (
            {"framework": "SOX"},
            r"not one of CIS, HIPAA, ISO-27001, NIST-800-53, NSA-CISA, PCI-DSS, PSS, SOC2; is it SOC2\?",
        ),
        ({"data_classification": "secret"}, r"not one of public, internal, confidential, restricted"),
        ({"levl": "high"}, r"levl"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        compliance.labels(**{"framework": "SOC2", **arguments})


@pytest.mark.parametrize(
    ("name", "framework"),
    [
        ("SOC 2", "soc2-tsc-2017"),
        ("soc2-tsc-2017", "soc2-tsc-2017"),
        ("pci dss", "pci-dss-4.0"),
        ("HIPAA", "hipaa-164.312"),
        ("nsa-cisa", "nsa-cisa-kubernetes-hardening-1.2"),
        ("cis", "cis-kubernetes-5"),
        ("Pss", "pod-security-standards"),
    ],
)
def test_a_framework_is_known_by_several_names(name: str, framework: str) -> None:
    assert compliance.framework(name).id == framework


def test_the_data_has_every_control_and_says_what_is_provisional() -> None:
    found = {each.name: (len(each.controls), each.provisional) for each in compliance.frameworks()}
    assert found == {
        "CIS": (35, False),
        "HIPAA": (7, True),
        "ISO-27001": (17, True),
        "NIST-800-53": (18, True),
        "NSA-CISA": (26, False),
        "PCI-DSS": (15, True),
        "PSS": (17, False),
        "SOC2": (11, True),
    }
    assert all(control.title for each in compliance.frameworks() for control in each.controls)


def test_a_control_is_found_by_the_number_of_another_edition() -> None:
    assert compliance.framework("CIS").control("5.7.2") is compliance.framework("CIS").control("5.6.2")


@pytest.mark.parametrize(
    ("name", "level"),
    [("development", "low"), ("staging", "medium"), ("production", "high"), ("regulated", "restricted")],
)
def test_a_profile_is_the_level_of_an_environment(name: str, level: str) -> None:
    assert compliance.Profile(name, framework="SOC2").level == level


def test_a_profile_leaves_out_single_checks_and_refuses_an_unknown_environment() -> None:
    profile = compliance.Profile("staging", without=["storage.encrypted"])
    assert "storage.encrypted" not in profile.requirements
    assert "net.default-deny" in profile.requirements
    with pytest.raises(InputError, match="not one of development, staging, production, regulated: give it a level"):
        compliance.Profile("qa")
    assert compliance.Profile("qa", level="low").level == "low"


def test_a_higher_level_demands_all_that_a_lower_one_does() -> None:
    levels = list(compliance.ComplianceLevel)
    for lower, higher in pairwise(levels):
        assert set(lower.requirements) <= set(higher.requirements)
    assert set(levels[2].requirements) - set(levels[1].requirements) >= {"labels.required", "psa.run-as-user"}


@pytest.mark.parametrize("name", ["control", "owner", "reason"])
def test_a_waiver_says_what_who_and_why(name: str) -> None:
    said = {"control": "5.2.6", "owner": "team-a", "reason": "a debugger", "until": date(2027, 1, 31)}
    with pytest.raises(InputError, match=name):
        compliance.Waiver(**{**said, name: ""})


MAPPING = b"framework: ACME\nversion: 2\ncontrols:\n- {id: 1, title: One, checks: [psa.privileged]}\n- {id: B}\n"


def test_a_mapping_of_ones_own_is_a_framework() -> None:
    found = compliance.read_mapping(MAPPING, "acme.yaml")
    assert (found.id, found.version, found.provisional) == ("ACME", "2", False)
    assert [(each.id, each.checks, each.assessable) for each in found.controls] == [
        ("1", ("psa.privileged",), "manifests"),
        ("B", (), "manual"),
    ]
    assert compliance.framework("acme", [found]) is found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"controls: []", r"m\.yaml: a mapping names its framework"),
        (b"framework: A", r"a mapping has controls"),
        (b"framework: A B\ncontrols: [{id: 1}]", r"m\.yaml:1: framework 'A B': .* write 'A-B'"),
        (b"framework: A\ncontrols:\n- {id: 1, checks: [psa.priviledged]}", r"m\.yaml:3: .* is it psa\.privileged\?"),
        (b"framework: A\ncontrols:\n- {id: 1}\n- {id: 1}", r"two controls are called 1"),
        (b"framework: A\ncontrols: [3]", r"a control has an id"),
        (b"[]", r"a mapping names its framework"),
    ],
)
def test_a_mapping_that_is_wrong_is_told_with_its_line(text: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        compliance.read_mapping(text, "m.yaml")


@pytest.mark.parametrize("name", ["nixernetes.io/build-id", "nixernetes.io/nix-build-id"])
def test_a_build_is_read_by_its_name_and_by_its_former_one(name: str) -> None:
    assert build_of({"metadata": {"annotations": {name: "42"}}}) == "42"
    assert build_of({}) == ""
