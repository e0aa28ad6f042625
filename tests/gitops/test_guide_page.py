"""The page about the guide has every section of it, and quotes every result that it promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.shared import SHARED, needs_shared

PAGE = (Path(__file__).resolve().parents[2] / "docs/guide.md").read_text()
FORE_AND_AFT = ("Overview", "Architecture", "Flux v2 (CNCF", "ArgoCD (CNCF", "Related Documentation", "License")


@needs_shared
def test_every_section_of_the_guide_is_on_the_page() -> None:
    guide = re.sub(r"```.*?```", "", (SHARED / "guide/GITOPS.md").read_text(), flags=re.DOTALL)
    headings = [re.sub(r"^\d+\. ", "", each) for each in re.findall(r"^#{2,4} (.*)$", guide, flags=re.MULTILINE)]
    groups = (
        "Usage Guide",
        "Repository Patterns",
        "Deployment Patterns",
        "Flux v2: Basic Setup",
        "ArgoCD: Application Setup",
    )
    wanted = [each for each in headings if each not in groups and not each.startswith(FORE_AND_AFT)]
    assert len(wanted) > 25
    assert [each for each in wanted if re.sub(r" \((?!Access|App-of).*", "", each).lower() not in PAGE.lower()] == []


@needs_shared
def test_every_result_of_the_guide_is_quoted_with_whether_it_holds() -> None:
    guide = (SHARED / "guide/GITOPS.md").read_text()
    results = re.findall(r"^\*\*(?:Result|Settings)\*\*: (.*)$", guide, flags=re.MULTILINE)
    assert len(results) == 11
    for result in results:
        assert re.search(rf'"{re.escape(result)}"(: holds| \| holds)', PAGE), result


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((\.\./examples/[^)]*)\)", PAGE))))
def test_every_example_of_the_page_is_there(link: str) -> None:
    assert (Path(__file__).resolve().parents[2] / "docs" / link / "gitops.py").is_file()
