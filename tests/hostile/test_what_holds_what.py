"""Every kind of input that once ended, hung or misled the program has a test that holds it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
HELD = {
    "notifications that leave the machine": (
        "app/test_what_up_says.py::test_notifications_are_recorded_and_nothing_is_sent"
    ),
    "a workload with a field of another type": "hostile/test_wrong_types_in_workloads.py::*",
    "work that never comes to rest": (
        "hostile/test_livelocks.py::test_a_run_ends_after_so_many_steps_and_names_what_took_most"
    ),
    "simulated pods without end": "hostile/test_livelocks.py::test_a_simulated_cluster_holds_no_more_pods_than_it_may",
    "CEL without end": "hostile/test_cel.py::test_evaluation_stops_at_its_budget",
    "CEL that is too deep": "hostile/test_cel.py::test_deep_and_long_texts_are_refused",
    "Lua without end": "hostile/test_lua.py::test_a_script_reaches_its_limit_of_work",
    "Lua that takes all memory": "hostile/test_lua.py::test_a_script_reaches_its_limit_of_memory",
    "a disk that takes a part": (
        "adapters/test_repository_writer.py::test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all"
    ),
    "a disk that is full": (
        "adapters/test_repository_writer.py::test_a_disk_that_is_full_after_a_few_bytes_changes_nothing"
    ),
    "expressions that go back and forth": (
        "hostile/test_kustomize_trees.py::test_an_expression_with_choices_takes_no_time"
    ),
    "patterns that repeat too often": "hostile/test_kustomize_trees.py::test_a_field_that_would_take_long_is_refused",
    "Go templates without end": "hostile/test_gotemplates.py::test_a_template_ends_at_its_bound",
    "integers of any size": "hostile/test_gotemplates.py::test_integers_wrap_as_in_go",
    "globs full of stars": "hostile/test_patterns.py::test_a_pattern_full_of_stars_takes_no_time",
    "charts that reach the network and the disk": (
        "hostile/test_helm.py::test_a_schema_reaches_neither_the_network_nor_the_disk"
    ),
    "answers without end": "hostile/test_endless_answers.py::test_an_answer_without_end_is_left",
    "mistakes of users that look like ours": (
        "hostile/test_wrong_types_in_up.py::test_a_wrong_type_in_what_an_engine_is_told_ends_no_run"
    ),
    "charts that are never done": (
        "hostile/test_helm.py::test_a_chart_that_is_never_done_is_not_tried_again_and_others_get_less_time"
    ),
    "documents without number": "hostile/test_helm.py::test_documents_are_counted",
    "URLs that are none": (
        "hostile/test_registry_answers.py::test_a_url_with_half_a_bracket_is_told_without_its_password"
    ),
    "an index of any shape": "hostile/test_registry_answers.py::test_an_index_of_any_shape_has_the_chart_or_is_told",
    "what a terminal obeys": "hostile/test_terminals.py::test_no_view_writes_what_a_terminal_obeys",
    "Secrets in error lines": "hostile/test_secrets.py::test_no_error_line_holds_the_value_of_a_secret",
    "Secrets at rest": "hostile/test_secrets.py::test_no_cache_holds_the_value_of_a_secret_in_plain_text",
    "odd requests of a console command": (
        "app/test_served_clusters.py::test_what_is_not_a_request_is_told_and_ends_nothing"
    ),
    "more clients than connections": "cli/test_cluster_faults.py::test_a_thousand_clients_are_told_of_everything",
    "a damaged Git object": "hostile/test_git_repositories.py::test_a_loose_object_that_was_cut_is_told",
    "ReplicaSets that stay": "cluster/test_workloads.py::test_old_replica_sets_go_beyond_the_history_limit",
    "a clock that is set back": "hostile/test_clock.py::test_time_goes_on_when_the_clock_is_set",
    "a folder that becomes a link": "hostile/test_swapped_links.py::test_nothing_outside_is_read_or_listed",
    "remotes without number": (
        "hostile/test_endless_answers.py::test_a_git_server_without_end_is_left_and_not_asked_again"
    ),
    "generators that multiply": (
        "hostile/test_kustomize_fields.py::test_many_generators_are_counted_as_each_is_compared_with_all"
    ),
    "images that multiply": "hostile/test_kustomize_fields.py::test_many_images_of_many_resources_are_counted",
    "a file of our own that is none": "adapters/*::test_a_file_of_its_own_that_is_none_is_told",
    "what a killed run leaves": "adapters/*::test_what_a_killed_run_left_goes_away_and_what_a_living_one_has_stays",
    "a journal that is ahead of the disk": (
        "adapters/*::test_all_that_the_journal_names_is_on_the_disk_before_the_journal_is"
    ),
    "an archive that ends too soon": "hostile/test_registry_answers.py::test_an_archive_that_ends_too_soon_is_refused",
    "a damaged entry of a cache": "adapters/*::test_a_damaged_entry_is_none",
    "an entry of a cache that is a pipe": "adapters/*::test_an_entry_that_is_no_file_is_none",
    "a repository that shows another": "hostile/test_git_repositories.py::test_a_folder_shows_no_other_repository",
    "what Python says": "hostile/test_gotemplates.py::test_no_function_tells_what_python_says",
    "the order of applied items": "cluster/test_apply.py::test_keyed_items_merge_in_the_order_of_the_api_server",
}


@cache
def _names(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


@pytest.mark.parametrize("kind", HELD)
def test_each_kind_has_its_test(kind: str) -> None:
    place, _, name = HELD[kind].partition("::")
    files = TESTS.glob(place) if not place.endswith("/*") else TESTS.glob(f"{place[:-2]}/**/*.py")
    found = {each for path in files for each in _names(path) if each.startswith("test_")}
    assert found if name == "*" else name in found
