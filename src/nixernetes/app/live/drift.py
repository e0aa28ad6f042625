"""``nixernetes diff --live --drift``: what on a cluster is not what Git says, and who wrote it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.kube.served_kinds import ServedKind
from nixernetes.adapters.repositories.revisions import commit_of
from nixernetes.app.live.clusters import opened
from nixernetes.app.live.custom_types import CustomTypes
from nixernetes.app.live.diff import LiveOptions, live_question
from nixernetes.app.live.reading import UNMARKED, at_once, why
from nixernetes.changes.change import NotVerified
from nixernetes.changes.live.beside import declared_namespaces, is_beside, objects_beside
from nixernetes.changes.live.drift import DriftReport
from nixernetes.changes.live.drifting import drift
from nixernetes.changes.live.report import LiveQuestion
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.validation import resource_name
from nixernetes.errors import InputError
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest

__all__ = ["live_drift"]

_COMMIT: Final = re.compile(r"(?:^|[@:/])([0-9a-f]{40})\Z")  # of Git; digests of OCI artifacts are longer
_FEW: Final = 10  # namespaces that are asked one by one; of more, kinds are listed whole


def live_drift(options: LiveOptions) -> DriftReport:
    """Return what on a cluster is not what Git says.

    Without a revision, Git is taken at the one that the cluster has applied.

    Raises:
        InputError: there is no such context, repository, revision or cluster.
        RemoteError: the cluster does not answer.

    """
    name = options.contexts.names[0] if options.contexts.names else ""
    with opened(options.contexts, name) as (context, client):
        try:
            applied = _applied(client, options)
            chosen = replace(options, rev=options.rev or _most(applied) or ("HEAD" if _hash(options, "HEAD") else ""))
            question = live_question(chosen, client, context.name)
            beside, unknown = _beside(client, question)
            wanted = _hash(options, chosen.rev)
            reached = {key: each for key, each in applied.items() if key in question.cluster.deliveries}
            found = drift(
                question,
                objects_beside(question.cluster, question.state, beside),
                {key: text for key, (text, commit) in reached.items() if commit != wanted},
                CustomTypes(client).of,
                is_applied=any(commit == wanted for _, commit in reached.values()),
            )
            return replace(found, unverified=(*found.unverified, *unknown))
        except ApiError as error:
            raise InputError(why(error), subject=f"context {context.name}") from error


def _applied(client: KubeClient, options: LiveOptions) -> dict[ObjectKey, tuple[str, str]]:
    """Return the revisions of this repository that deliveries have applied, as they tell them and as hashes."""
    found = {}
    for kind in (KUSTOMIZATION, APPLICATION):
        try:
            items = client.list(kind)
        except ApiError:
            continue  # the report says so
        for item in items:
            for text in _revisions(item):
                match = _COMMIT.search(text)
                if match is not None and _hash(options, match[1]):
                    found[key_of(item)] = (text, match[1])
    return found


def _revisions(item: Manifest) -> Iterator[str]:
    if item["kind"] == KUSTOMIZATION.kind:
        yield text_at(item, "status", "lastAppliedRevision")
        return
    last: Mapping[str, object] = next(iter(reversed(objects_at(item, "status", "history"))), {})
    for text in (text_at(last, "revision"), *items_at(last, "revisions")):
        if isinstance(text, str):
            yield text


def _hash(options: LiveOptions, rev: str) -> str:
    try:
        return commit_of(options.repo, rev)
    except InputError:
        return ""


def _most(applied: Mapping[ObjectKey, tuple[str, str]]) -> str:
    """Return the commit that most deliveries have applied, ``""`` where none has any of this repository."""
    counts = Counter(commit for _, commit in applied.values())
    return min(counts, key=lambda commit: (-counts[commit], commit)) if counts else ""


def _beside(client: KubeClient, question: LiveQuestion) -> tuple[list[Manifest], list[NotVerified]]:
    """Return the metadata of objects that may be of nobody, and the kinds of which that is not known."""
    namespaces = declared_namespaces(question.cluster)
    if not namespaces:
        return [], []
    kinds = [
        each
        for each in client.served.all()
        if each.namespaced and {"list", "delete"} <= each.verbs and each.kind not in UNMARKED
    ]
    places: Sequence[str] = namespaces if len(namespaces) <= _FEW else ("",)

    def ask(wanted: tuple[ServedKind, str]) -> list[Manifest] | str:
        try:
            return client.list_metadata(wanted[0].kind, namespace=wanted[1], keep=is_beside)
        except ApiError as error:
            return why(error)

    questions = [(kind, place) for kind in kinds for place in places]
    found: list[Manifest] = []
    unknown: dict[str, NotVerified] = {}
    for (kind, _), answer in zip(questions, at_once(questions, ask), strict=True):
        if isinstance(answer, str):
            subject = resource_name(kind.kind)
            reason = f"it is not known which of them are not from Git: {answer}"
            cluster = question.cluster.objects.name
            unknown.setdefault(subject, NotVerified(cluster=cluster, subject=subject, reason=reason))
        else:
            found += answer
    return found, [*unknown.values()]
