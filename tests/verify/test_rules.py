"""Every rule has its docs, a repository that it finds fault with, and one like it that it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.verify.case_files import CASES, read_case, said

from nixernetes.verify.checks import all_rules
from nixernetes.verify.explanations import explanation, rules_page

ROOT = Path(__file__).resolve().parents[2]
RULES = {rule.name: rule for rule in all_rules()}
FILES = sorted(CASES.rglob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_marked_is_said_and_nothing_else(path: Path, tmp_path: Path) -> None:
    case = read_case(path)
    outcome = case.checked(tmp_path)
    assert outcome.report.broken == ()
    assert said(outcome, case.marks) == sorted(case.marks)


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_has_a_failing_and_a_clean_case(name: str) -> None:
    failing, clean = CASES / "rules" / f"{name}-failing.txt", CASES / "rules" / f"{name}-clean.txt"
    assert any(mark.endswith(f" {name}") for mark in read_case(failing).marks)
    assert read_case(clean).marks == frozenset()


def test_every_case_is_of_a_rule_that_exists() -> None:
    marked = {mark.split()[-1] for path in FILES for mark in read_case(path).marks}
    assert marked <= {*RULES}


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_why_with_an_example_and_a_remedy(name: str) -> None:
    told = explanation(RULES[name])
    assert told.reason
    assert told.example
    assert told.remedy
    assert name in told.text()


def test_texts_are_of_rules_that_exist() -> None:
    folder = ROOT / "src/nixernetes/verify/data/rules"
    assert {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.md")} == {*RULES}


def test_the_page_of_rules_is_made_of_the_same_texts() -> None:
    assert (ROOT / "docs/rules.md").read_text() == rules_page(all_rules()), "run scripts/make_rules_page.py"
