"""Patterns mean what they mean to Go, and none takes long."""

import time

import pytest

from nixernetes.gitops.argocd.projects.urls import normal_repository_url
from nixernetes.languages.globs import gobwas as globs


@pytest.mark.parametrize(
    ("pattern", "value", "separators", "expected"),
    [
        ("a*", "abc/d", "", True),
        ("a*", "abc/d", "/", False),
        ("a**", "abc/d", "/", True),
        ("a?c", "abc", "", True),
        ("a?c", "a/c", "/", False),
        ("[abc]x", "bx", "", True),
        ("[!abc]x", "bx", "", False),
        ("[!a-c]x", "dx", "", True),
        ("{one,two*}-x", "two3-x", "", True),
        ("{one,{two,three}}", "three", "", True),
        ("{kube-system,argocd}", "default", "", False),
        ("a\\*b", "a*b", "", True),
        ("a\\*b", "axb", "", False),
        ("*", "", "", True),
        ("", "", "", True),
        ("", "a", "", False),
        ("{a", "a", "", True),
        ("{a,{b", "b", "", True),
        ("?", "", "", True),
        ("[!a]", "", "", True),
        ("[a", "a", "", False),
        ("[]", "a", "", False),
        ("a\\", "a", "", True),
        ("[z-a]", "b", "", False),
        ("a}", "a}", "", True),
    ],
)
def test_globs_match_as_gobwas_does(pattern: str, value: str, separators: str, *, expected: bool) -> None:
    assert globs.glob_match(pattern, value, separators) is expected


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("*", "apps", True),
        ("*", "a/b", False),
        ("*.k8s.io", "networking.k8s.io", True),
        ("Cluster*", "ClusterRole", True),
        ("[A-C]x", "Bx", True),
        ("[^A-C]x", "Bx", False),
        ("[a-cx]", "x", True),
        ("?", "", False),
        ("[", "[", False),
        ("[a", "a", False),
        ("[]a]", "]", False),
        ("a\\", "a", False),
        ("\\*", "*", True),
        ("{a,b}", "a", False),
    ],
)
def test_shell_patterns_match_as_path_match_does(pattern: str, value: str, *, expected: bool) -> None:
    assert globs.shell_match(pattern, value) is expected


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("/team-[0-9]+/", "team-12", True),
        ("/^team$/", "team-12", False),
        ("/(/", "(", False),
        ("team-*", "team-12", True),
        ("/", "/", True),
    ],
)
def test_namespaces_are_listed_by_glob_or_regular_expression(pattern: str, value: str, *, expected: bool) -> None:
    assert globs.in_list([pattern], value) is expected


def test_negation_counts_only_where_it_is_allowed() -> None:
    assert globs.match("!a", "b")
    assert not globs.match("!a", "a")
    assert not globs.match("!a", "b", negation=False)


def test_hostile_patterns_end_soon() -> None:
    start = time.perf_counter()
    assert not globs.glob_match("*a" * 200 + "b", "a" * 500)
    assert not globs.glob_match("{a,aa}" * 100 + "b", "a" * 150)
    assert not globs.glob_match("{" * 5000, "a")
    assert not globs.in_list(["/(a+)+$/"], "a" * 62 + "!")
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://GitHub.com/Org/Repo.git", "https://github.com/org/repo"),
        (" git@github.com:org/repo.git ", "ssh://git@github.com/org/repo"),
        ("ssh://git@github.com/org/repo", "ssh://git@github.com/org/repo"),
        ("https://user:pass@host:8443/x", "https://user:pass@host:8443/x"),
        ("https://github.com/org/*", "https://github.com/org/*"),
        ("https://github.com/{a,b}/x", "https://github.com/%7ba,b%7d/x".replace("%7b", "%7B").replace("%7d", "%7D")),
        ("ghcr.io/org/charts", "ghcr.io/org/charts"),
        ("*", "*"),
        ("ssh://git@host:org/repo", ""),
        ("https://ho st/x", ""),
        ("1.2.3.4:80/x", ""),
        ("https://x/%zz", ""),
        ("https://x/a\x00b", ""),
        ("https://[::1]:80/x", "https://[::1]:80/x"),
        ("https://x/a?b=c#d", "https://x/a?b=c#d"),
    ],
)
def test_repository_urls_have_one_form(url: str, normal: str) -> None:
    assert normal_repository_url(url) == normal
