"""Selectors choose what ``kubectl -l`` would."""

import pytest

from nixernetes.errors import InputError
from nixernetes.languages.labels.selectors import matches

LABELS = {"app": "shop", "tier": "web", "weight": "5", "example.com/x": ""}


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("", True),
        ("  ", True),
        ("app=shop", True),
        ("app == shop , tier!=api", True),
        ("app=other", False),
        ("missing!=a", True),
        ("missing=", False),
        ("example.com/x=", True),
        ("tier in (api, web),app", True),
        ("tier notin (api, web)", False),
        ("missing notin (a)", True),
        ("!missing", True),
        ("! app", False),
        ("weight>4,weight<6", True),
        ("weight>5", False),
        ("app>1", False),
        ("missing<1", False),
    ],
)
def test_labels_are_selected_as_kubernetes_selects_them(selector: str, expected: bool) -> None:
    assert matches(selector, LABELS) is expected


@pytest.mark.parametrize("selector", ["a=b,", "a in b", "a in (b", "=b", "a=b=c", "a b", ",", "a,,b"])
def test_what_is_no_selector_is_told(selector: str) -> None:
    with pytest.raises(InputError, match=r"unable to parse requirement: |found '"):
        matches(selector, LABELS)


def test_a_selector_without_end_is_refused() -> None:
    with pytest.raises(InputError, match=r"70,000 characters is too long: at most 65,536"):
        matches("a" * 70_000, LABELS)
