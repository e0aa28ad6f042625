"""What a review says: the step between two revisions, told anew when files or branches move, and no secret value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.app.web.test_checked_pages import APP, APPS, FLEET
from tests.repositories import MOMENT, repository_of

from nixernetes.adapters.repositories.git_write import commit_folder
from nixernetes.adapters.repositories.named_revisions import named_revisions
from nixernetes.adapters.web_server.questions import WebQuestion
from nixernetes.app.check import CheckOptions, checked
from nixernetes.app.web.checked import CheckedPages
from nixernetes.app.web.pages import answer
from nixernetes.app.web.reviewing import RepositoryReviews

GENERATED = """
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [app.yaml]
secretGenerator:
  - name: made
    namespace: app
    literals: [token=hunter2-hunter2]
"""


@pytest.fixture(name="fleet")
def a_fleet(tmp_path: Path) -> Path:
    files = {
        "clusters/prod/flux-system/sync.yaml": FLEET,
        "clusters/prod/apps.yaml": APPS,
        "apps/app.yaml": APP.replace("replicas: many", "replicas: 1"),
        "apps/kustomization.yaml": GENERATED,
    }
    return repository_of(files, tmp_path)


def edited(fleet: Path, before: str, after: str) -> None:
    """Edit what one file of the apps says."""
    for file in (fleet / "apps").iterdir():
        file.write_text(file.read_text().replace(before, after))


def asked(reviews: RepositoryReviews, fleet: Path, page: str, /, **about: str) -> Any:
    """Return what the API answers."""
    pages = CheckedPages(outcome=checked(CheckOptions(target=fleet)), title="", time="")
    found = answer(pages, WebQuestion(name=page, about=about), reviewing=reviews)
    return json.loads(found.body) | {"status": found.status} if not found.file else found


def test_a_review_says_what_happens_and_follows_edits_and_branches(fleet: Path) -> None:
    reviews = RepositoryReviews(CheckOptions(target=fleet))
    assert asked(reviews, fleet, "review")["counts"] == {}
    edited(fleet, "replicas: 1", "replicas: 3")
    reviews.edited()
    page = asked(reviews, fleet, "review")
    (cluster,) = page["clusters"]
    (delivery,) = cluster["deliveries"]
    (found,) = delivery["objects"]
    assert (page["counts"], cluster["name"], delivery["name"]) == (
        {"change": 1},
        "prod",
        "Kustomization/flux-system/apps",
    )
    assert (found["action"], found["name"], found["place"]) == ("change", "Deployment/app/web", "apps/app.yaml:11")
    assert found["fields"] == [
        {"path": "spec.replicas", "lines": [{"sign": "-", "text": "1"}, {"sign": "+", "text": "3"}]}
    ]
    commit_folder(fleet, "second", "A <a@example.com>", MOMENT)
    assert asked(reviews, fleet, "review")["counts"] == {}, "main has it now"
    assert asked(reviews, fleet, "review", base="HEAD~1", head="HEAD")["counts"] == {"change": 1}


def test_secret_values_are_in_no_review(fleet: Path) -> None:
    reviews = RepositoryReviews(CheckOptions(target=fleet))
    edited(fleet, "hunter2-hunter2", "hunter3-hunter3")
    page = asked(reviews, fleet, "review")
    names = [each["name"] for each in page["clusters"][0]["deliveries"][0]["objects"]]
    assert names == ["Secret/app/keys", "Secret/app/made-*"]
    text = json.dumps(page) + asked(reviews, fleet, "export").body.decode()
    for value in ("hunter2", "hunter3", "aHVudGVyM"):
        assert value not in text


def test_the_review_is_kept_as_one_file(fleet: Path) -> None:
    edited(fleet, "replicas: 1", "replicas: 3")
    found = asked(RepositoryReviews(CheckOptions(target=fleet)), fleet, "export")
    assert (found.status, found.file) == (200, "review.html")
    assert b"spec.replicas" in found.body


@pytest.mark.parametrize("base", ["nothing", "HEAD~99", "../../etc/passwd", ":/", "x" * 500, "\x00"])
def test_a_revision_that_is_not_there_is_said(fleet: Path, base: str) -> None:
    found = asked(RepositoryReviews(CheckOptions(target=fleet)), fleet, "review", base=base, head="HEAD")
    assert (found["status"], bool(found["error"])) == (404, True)


def test_branches_tags_and_commits_can_be_named(fleet: Path, tmp_path: Path) -> None:
    found = [(each.name, each.kind, each.subject) for each in named_revisions(fleet)]
    assert found[0] == ("main", "branch", "first")
    assert [each[1:] for each in found[1:]] == [("commit", "first")]
    assert named_revisions(tmp_path) == []
