"""Where Git hosts show a line of a file: each host in its own way, of hosts that nobody knows nothing."""

from __future__ import annotations

import pytest

from nixernetes.app.web.objects.git_hosts import file_link

AZURE = (
    "https://dev.azure.com/org/pro/_git/b?path=/x/y.yaml&version=GC%s"
    "&line=7&lineEnd=8&lineStartColumn=1&lineEndColumn=1"
)
SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://github.com/a/b", f"https://github.com/a/b/blob/{SHA}/x/y.yaml#L7"),
        ("https://robot:hunter2@github.com/a/b.git", f"https://github.com/a/b/blob/{SHA}/x/y.yaml#L7"),
        ("ssh://git@github.com/a/b", f"https://github.com/a/b/blob/{SHA}/x/y.yaml#L7"),
        ("git@github.com:a/b.git", f"https://github.com/a/b/blob/{SHA}/x/y.yaml#L7"),
        ("https://github.example.com/a/b", f"https://github.example.com/a/b/blob/{SHA}/x/y.yaml#L7"),
        ("https://gitlab.com/g/s/b.git", f"https://gitlab.com/g/s/b/-/blob/{SHA}/x/y.yaml#L7"),
        ("ssh://git@gitlab.example.com:2222/g/b.git", f"https://gitlab.example.com/g/b/-/blob/{SHA}/x/y.yaml#L7"),
        ("https://codeberg.org/a/b", f"https://codeberg.org/a/b/src/commit/{SHA}/x/y.yaml#L7"),
        ("https://gitea.example.com/a/b.git", f"https://gitea.example.com/a/b/src/commit/{SHA}/x/y.yaml#L7"),
        ("https://forgejo.example.com/a/b", f"https://forgejo.example.com/a/b/src/commit/{SHA}/x/y.yaml#L7"),
        ("https://bitbucket.org/a/b", f"https://bitbucket.org/a/b/src/{SHA}/x/y.yaml#lines-7"),
        (
            "https://bitbucket.example.com/scm/pro/b.git",
            f"https://bitbucket.example.com/projects/pro/repos/b/browse/x/y.yaml?at={SHA}#7",
        ),
        (
            "https://dev.azure.com/org/pro/_git/b",
            AZURE % SHA,
        ),
        (
            "git@ssh.dev.azure.com:v3/org/pro/b",
            AZURE % SHA,
        ),
        (
            "https://org.visualstudio.com/DefaultCollection/pro/_git/b",
            AZURE % SHA,
        ),
    ],
)
def test_each_host_shows_a_line_in_its_own_way(url: str, link: str) -> None:
    found = file_link(url, f"main@sha1:{SHA}", "x/y.yaml", 7)
    assert found is not None
    assert found.url == link


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/a/b",
        "https://notgithub.com/a/b",
        "javascript:alert(1)//github.com/a/b",
        "https://github.com",
        "/home/me/b",
        "file:///github.com/a/b",
        'https://github.com"><script>/a/b',
        "https://github.com/../../a",
        "oci://ghcr.io/a/b",
        "https://dev.azure.com/org",
        "",
    ],
)
def test_of_other_addresses_nothing_is_said(url: str) -> None:
    assert file_link(url, SHA, "x.yaml", 1) is None


def test_files_are_quoted_and_never_leave_their_repository() -> None:
    found = file_link("https://github.com/a/b", "", 'x "#?/ä.yaml')
    assert found is not None
    assert found.url == "https://github.com/a/b/blob/HEAD/x%20%22%23%3F/%C3%A4.yaml"
    assert file_link("https://github.com/a/b", SHA, "../x.yaml") is None
    assert file_link("https://github.com/a/b", SHA, "/x.yaml") is None


@pytest.mark.parametrize(
    ("revision", "shown"),
    [(SHA, SHA), (f"refs/heads/main@sha1:{SHA}", SHA), ("main", "main"), ("refs/tags/v1", "v1"), ("HEAD", "HEAD")],
)
def test_a_revision_is_a_commit_where_it_names_one(revision: str, shown: str) -> None:
    found = file_link("https://github.com/a/b", revision, "x.yaml")
    assert found is not None
    assert found.url.endswith(f"/blob/{shown}/x.yaml")
