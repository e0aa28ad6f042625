"""The commits that changed an app are named, with what they changed; so a rollback is a revert of one of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.app.editing.app_history import app_history, to_json
from nixernetes.cli.app_history import is_asked_for
from nixernetes.errors import InputError

PLATFORM = """from nixernetes import gitops
platform = gitops.Platform(
    name="p",
    repository=gitops.GitOpsRepository(name="c", url="https://example.com/x/c", environments=["one"]),
    apps=[
        gitops.App(name="web", namespace="web", files="web.yaml", environments={"one": {"images": {"nginx": ":%s"}}}),
        gitops.App(name="db", namespace="db", folders="db", interval="%s"),
    ],
)
"""
WEB = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: %s}\n"


class Repository:
    """A Git repository with a platform in a folder of it."""

    def __init__(self, root: Path) -> None:
        self.root, self.count = root, 0
        (root / "platform/db").mkdir(parents=True)
        (root / "platform/db/db.yaml").write_text(WEB % "db")
        init_repository(root)

    def commit(self, message: str, *, image: str = "1", interval: str = "10m", data: str = "a") -> str:
        (self.root / "platform/gitops.py").write_text(PLATFORM % (image, interval))
        (self.root / "platform/web.yaml").write_text(WEB % data)
        self.count += 1
        when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=self.count)
        return commit_folder(self.root, message, "Ada <ada@example.com>", when)


def test_each_commit_that_changed_an_app_is_named_newest_first(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    first = repository.commit("Begin")
    repository.commit("Slow the database", interval="1h")
    image = repository.commit("Upgrade nginx", image="2", interval="1h")
    data = repository.commit("Change a file\n\nIn detail.", image="2", interval="1h", data="b")
    found = app_history(tmp_path / "platform", "web")
    assert [(each.commit, each.subject, each.changes) for each in found] == [
        (data, "Change a file", ("platform/web.yaml changed",)),
        (image, "Upgrade nginx", ('environments.one.images.nginx ":1" -> ":2"',)),
        (first, "Begin", ("declared", "platform/web.yaml changed")),
    ]
    assert [each.changes for each in app_history(tmp_path / "platform", "db")] == [
        ('interval "10m" -> "1h"',),
        ("declared", "platform/db changed"),
    ]
    assert [each.commit for each in app_history(tmp_path / "platform", "web", limit=1)] == [data]
    assert to_json(found)[1] == {
        "commit": image,
        "author": "Ada",
        "date": "2026-01-01T03:00:00+00:00",
        "subject": "Upgrade nginx",
        "changes": ['environments.one.images.nginx ":1" -> ":2"'],
    }


def test_a_word_is_an_app_where_the_platform_declares_one(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit("Begin")
    folder = tmp_path / "platform"
    assert is_asked_for(folder, ["web"])
    assert not is_asked_for(folder, ["ks"])
    assert not is_asked_for(folder, ["app/web"])
    assert not is_asked_for(folder, ["ks", "web"])
    assert not is_asked_for(tmp_path, ["web"])
    (folder / "gitops.py").write_text("broken(")
    assert not is_asked_for(folder, ["web"])


def test_without_a_repository_there_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "gitops.py").write_text(PLATFORM % ("1", "1m"))
    with pytest.raises(InputError, match="is not in a Git repository, so it has no history"):
        app_history(tmp_path, "web")
    init_repository(tmp_path)
    with pytest.raises(InputError, match="the repository has no commit yet"):
        app_history(tmp_path, "web")
