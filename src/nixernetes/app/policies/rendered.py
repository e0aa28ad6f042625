"""``nixernetes policy apply --repo``: what policies say of everything that each cluster is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nixernetes.app.check import CheckOptions, repository_of, view_at
from nixernetes.app.policies.apply import ApplyFiles, manifests_of, mocks_of, user_of
from nixernetes.app.settings import settings_of
from nixernetes.errors import InputError
from nixernetes.kyverno.engine.admission.kinds import GENERATING, JUDGING
from nixernetes.kyverno.engine.evaluation import Judgement, is_policy
from nixernetes.kyverno.engine.values import Values, read_values
from nixernetes.objects.manifest import Manifest
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import ClusterObjects, Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.policies.judgements import Beside, cluster_judgements
from nixernetes.verify.policies.quoting import masked, without_secrets

__all__ = ["RenderedJudgement", "applied_to_repository"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedJudgement:
    """What a policy says of an object of a cluster, without what is secret.

    Attributes:
        cluster: the cluster.
        judgement: what it says.
        place: where the object is written.

    """

    cluster: str
    judgement: Judgement
    place: Place


def applied_to_repository(files: ApplyFiles, target: Path, cluster: str, rev: str) -> list[RenderedJudgement]:
    """Return what policies say of everything that is rendered.

    Args:
        files: the policies, and what is known beside; without policies those that each cluster is given, and those
            that the settings name.
        target: the repository, or a platform file or its folder.
        cluster: only this cluster; ``""`` means all.
        rev: the Git revision of a repository; ``""`` reads the files on disk.

    Raises:
        InputError: there is nothing to render, a file cannot be read, or there is no policy.

    """
    named = manifests_of(files.policies)
    if files.policies and not any(map(is_policy, named)):
        raise InputError("there is no policy in the files with policies")
    beside = _beside(files)
    settings = settings_of(target)
    with repository_of(target) as repo:
        view, _ = view_at(CheckOptions(target=target, cluster=cluster, rev=rev), settings, repo, rev)
        policies = {each.name: named or _own(view, each) for each in view.clusters}
        if not any(policies.values()):
            raise InputError(
                "there is no policy: none is deployed to a cluster, named by `policies` in nixernetes.yaml, or given",
                subject=str(target),
            )
        return [
            RenderedJudgement(cluster=each.name, judgement=_masked(judged, item), place=view.place(item))
            for each in view.clusters
            for item, judged in cluster_judgements(each, policies[each.name], beside)
        ]


def _own(view: PlatformView, cluster: ClusterObjects) -> list[Manifest]:
    return [*(item.manifest for item in cluster.of(*JUDGING, *GENERATING)), *view.given_policies]


def _beside(files: ApplyFiles) -> Beside:
    values = manifests_of(files.values)
    return Beside(
        exceptions=manifests_of(files.exceptions),
        values=read_values(values[0]) if values else Values(),
        objects=manifests_of(files.cluster),
        targets=manifests_of(files.targets),
        params=manifests_of(files.params),
        definitions=manifests_of(files.definitions),
        mocks=mocks_of(files.mocks),
        user=user_of(manifests_of(files.user)),
        operation=files.operation,
        now=files.now,
    )


def _masked(judged: Judgement, item: Placed) -> Judgement:
    row = judged.row
    hidden = replace(
        row,
        message=without_secrets(row.message, item),
        patched=None if row.patched is None else masked(row.patched, item),
        patched_target=None if row.patched_target is None else masked(row.patched_target, item),
        generated=[masked(each, item) for each in row.generated],
    )
    return replace(judged, row=hidden)
