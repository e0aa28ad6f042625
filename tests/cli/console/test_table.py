"""The table keeps every column whole at 80 columns, wraps messages below, and puts failures and counts first."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.text import Text

from nixernetes.cli.console.choices import Choice, chosen, pressed
from nixernetes.cli.console.screen import screen
from nixernetes.cli.console.table import table_lines
from nixernetes.engine.reports import DeliveryRow, Report
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import HELM_REPOSITORY, KUSTOMIZATION

LONG = "health check failed after 30s: " + "[Deployment/web/web status: 'InProgress'] " * 12


def row(name: str, state: str = "ready", cluster: str = "production", message: str = "") -> DeliveryRow:
    return DeliveryRow(
        cluster=cluster,
        key=ObjectKey(*KUSTOMIZATION, "flux-system", name),
        state=state,
        status="True" if state == "ready" else "False",
        revision="main@sha1:" + "a" * 40,
        message=message,
    )


def fleet() -> list[DeliveryRow]:
    rows = [row(f"app-{number:02}") for number in range(97)]
    rows[40] = row("app-40", "failed", message=LONG)
    rows[90] = row("app-90", "failed", "staging", message="path not found")
    rows[50] = row("app-50", "progressing")
    return rows


def report(rows: Iterable[DeliveryRow]) -> Report:
    return Report(time="2026-01-01T00:00:00Z", deliveries=tuple(rows))


def lines(text: Text) -> list[str]:
    return text.plain.split("\n")


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_a_long_message_takes_nothing_from_the_columns(width: int) -> None:
    found = [line.plain for line in table_lines([row("web", "failed", message=LONG)], width)]
    assert found[1].split()[:5] == ["production", "Kustomization", "web", "✗", "False"]
    assert " ".join(" ".join(found[2:]).split()) == LONG.strip()
    assert max(map(cell_len, found)) <= width


def test_a_name_that_is_longer_than_the_line_folds_and_nothing_of_it_is_lost() -> None:
    name = "a-very-long-name-" * 5 + "end"
    item = replace(row(name, "failed", "a-cluster-in-the-far-west-of-europe"), key=row(name).key._replace(name=name))
    folded = [line.plain for line in table_lines([item], 60)][1:]
    starts = folded[0].index("a-very")
    assert "".join(line[starts:].split()[0] for line in folded if len(line) > starts and line[starts] != " ") == name
    assert "Kustomization" in folded[0]
    assert "✗ False" in folded[0]
    assert max(map(cell_len, folded)) <= 60


@pytest.mark.parametrize(("width", "height"), [(80, 24), (160, 40), (60, 12)])
def test_counts_and_failures_are_seen_whatever_the_number_of_rows(width: int, height: int) -> None:
    shown = lines(screen(report(fleet()), Choice(), width, height))
    assert len(shown) <= height
    assert shown[0].startswith("94 of 97 deliveries ready, 2 failed, 1 progressing")
    assert any("app-40" in line for line in shown[:4])
    assert any(line.startswith("… ") and line.endswith(" below") for line in shown)
    assert max(map(cell_len, shown)) <= width


def test_scrolling_reaches_the_last_row_and_no_further() -> None:
    choice = Choice()
    for _ in range(40):
        choice = pressed(choice, "page down", [])
    shown = lines(screen(report(fleet()), choice, 80, 24))
    assert any("app-96" in line for line in shown)
    assert any(line.startswith("… ") and line.endswith(" above") for line in shown)
    assert pressed(choice, "home", []).top == 0


def test_the_order_is_failures_first_until_a_key_says_another() -> None:
    rows = fleet()
    choice = Choice()
    assert [item.key.name for item in chosen(rows, choice)][:3] == ["app-40", "app-90", "app-50"]
    choice = pressed(choice, "s", [])
    assert {item.cluster for item in chosen(rows, choice)[:-1]} == {"production"}
    for _ in range(2):
        choice = pressed(choice, "s", [])
    assert [item.key.name for item in chosen(rows, choice)][:2] == ["app-00", "app-01"]
    assert pressed(choice, "s", []).sort == Choice().sort


def test_filters_narrow_what_is_shown_and_escape_takes_them_away() -> None:
    rows, clusters = fleet(), ["production", "staging"]
    choice = pressed(Choice(), "f", clusters)
    assert len(chosen(rows, choice)) == 3
    choice = pressed(choice, "f", clusters)
    assert len(chosen(rows, choice)) == 2
    choice = pressed(pressed(choice, "c", clusters), "c", clusters)
    assert [item.key.name for item in chosen(rows, choice)] == ["app-90"]
    assert pressed(choice, "escape", clusters) == Choice()


def test_a_search_takes_letters_that_are_keys_elsewhere() -> None:
    choice = Choice()
    for key in ("/", "a", "p", "q", "backspace", "p", "-", "4", "enter"):
        choice = pressed(choice, key, [])
    assert [item.key.name for item in chosen(fleet(), choice)][:2] == ["app-40", "app-41"]
    assert not choice.is_typing
    assert pressed(choice, "q", []).is_over


def test_two_rows_that_would_look_alike_have_their_namespaces() -> None:
    one = row("web")
    rows = [one, replace(one, key=one.key._replace(namespace="team-a")), row("other")]
    found = [line.plain for line in table_lines(rows, 80)]
    assert "flux-system/web" in found[1]
    assert "team-a/web" in found[2]
    assert "flux-system/other" not in found[3]


def test_a_revision_is_shown_where_there_is_room() -> None:
    item = replace(row("web"), key=ObjectKey(*HELM_REPOSITORY, "flux-system", "web"))
    assert "main@sha1:aaaaaaa" in next(iter([*table_lines([item], 80)][1:])).plain
    assert "main" not in [*table_lines([item], 50)][1].plain


def test_a_problem_is_wrapped_and_leaves_room_for_rows() -> None:
    shown = lines(screen(report(fleet()), Choice(), 80, 24, "gitops.py:3: " + "wrong " * 200))
    assert len(shown) <= 24
    assert any("app-40" in line for line in shown)
    assert any(line.startswith("gitops.py:3: wrong") for line in shown)
