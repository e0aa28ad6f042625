"""``nixernetes diff --live``: what merging changes on a cluster that runs. Nothing is stored there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.adapters.sandbox.jq import JqProcess
from nixernetes.app.check import CheckOptions, view_at
from nixernetes.app.diff import at_revision
from nixernetes.app.live.clusters import Contexts, opened
from nixernetes.app.live.custom_types import CustomTypes
from nixernetes.app.live.reading import at_once, read_state, why
from nixernetes.app.settings import settings_of
from nixernetes.app.shared_results import shared_results
from nixernetes.app.toolbox import ToolOptions
from nixernetes.changes.live.foreign import foreign, with_foreign
from nixernetes.changes.live.releases import is_written
from nixernetes.changes.live.report import LiveQuestion, live_report
from nixernetes.changes.live.state import LiveState
from nixernetes.changes.live.trials import DryRun, compared, tried
from nixernetes.changes.live.writes import write_of
from nixernetes.changes.report import ChangeReport
from nixernetes.changes.sides import ClusterSide, Side
from nixernetes.cluster.api import ApiError
from nixernetes.errors import BugError, InputError, NixernetesError
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import (
    CONFIG_MAP,
    HELM_RELEASE,
    KUSTOMIZATION,
    SECRET,
)
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.schema import Field
from nixernetes.render.references import reader
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.objects import Placed

__all__ = [
    "LiveOptions",
    "chosen_cluster",
    "live_differences",
    "live_question",
    "rendered_side",
    "told_of",
]

_ON_DISK: Final = "files on disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveOptions:
    """What is compared with a cluster.

    Attributes:
        contexts: the context of the cluster.
        repo: the repository, or the folder of a platform file in one.
        rev: the revision; ``""`` is what lies on disk.
        cluster: the cluster as the repository names it; ``""``: the one that is called as the context, or the only one.
        folders: cluster name to the folder that starts it; none: found by itself.
        tools: what the user says about the tools.
        schemas: folders with definitions of custom kinds.
        today: the day.

    """

    contexts: Contexts
    repo: Path = Path()
    rev: str = ""
    cluster: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    tools: ToolOptions = field(default_factory=ToolOptions)
    schemas: tuple[Path, ...] = ()
    today: date = date.min


def live_differences(options: LiveOptions) -> ChangeReport:
    """Return what merging changes on a cluster.

    Raises:
        InputError: there is no such context, repository, revision or cluster.
        RemoteError: the cluster does not answer.

    """
    name = options.contexts.names[0] if options.contexts.names else ""
    with opened(options.contexts, name) as (context, client):
        try:
            return live_report(live_question(options, client, context.name))
        except ApiError as error:
            raise InputError(why(error), subject=f"context {context.name}") from error


def live_question(options: LiveOptions, client: KubeClient, context: str) -> LiveQuestion:
    """Read a cluster, render Git for it, and try each write.

    Raises:
        ApiError: the server refuses what everything begins with.
        InputError: there is no such repository, revision or cluster.
        RemoteError: the cluster does not answer.

    """
    told = told_of(options, client)
    with at_revision(options.repo, options.rev) as (folder, rev):
        head = rendered_side(told, folder, rev)
        name = chosen_cluster(head, options.cluster, context)
        found = _referenced(client, head.clusters[name])
        if found:
            tools = replace(told.tools, supplied=(*told.tools.supplied, *found))
            head = rendered_side(replace(told, tools=tools), folder, rev)
    cluster = with_foreign(head, name)
    state = read_state(client, context, cluster.placed, foreign(head, cluster), holds=not cluster.objects.is_remote)
    head = Side(view=replace(head.view, _scopes={**state.scopes}))
    cluster = with_foreign(head, name)
    skipped = {**state.unread, **_sealed(cluster)}
    return LiveQuestion(
        head=head,
        cluster=cluster,
        state=state,
        trials=_trials(client, cluster, state, skipped),
        skipped=skipped,
        upgrades=_upgrades(head, cluster, state),
        name=options.rev or _ON_DISK,
    )


def told_of(options: LiveOptions, client: KubeClient) -> LiveOptions:
    """Return the options with what charts are told of the cluster: its version and what it serves.

    Raises:
        ApiError: the server refuses to say.
        RemoteError: the cluster does not answer.

    """
    tools = options.tools
    served = [*client.served.all()]
    versions = sorted(
        {each.api_version for each in served} | {f"{each.api_version}/{each.kind.kind}" for each in served}
    )
    version = tools.kube_version or client.version()
    return replace(
        options, tools=replace(tools, kube_version=version, api_versions=tools.api_versions or tuple(versions))
    )


def rendered_side(options: LiveOptions, folder: Path, rev: str) -> Side:
    """Return the platform as it is in Git.

    Args:
        options: what is rendered, and how.
        folder: the repository, or what its platform file built.
        rev: the revision in it.

    Raises:
        InputError: there is no such repository or revision, or nothing in it starts a cluster.

    """
    settings = settings_of(options.repo)
    how = CheckOptions(
        target=options.repo,
        folders=options.folders,
        tools=options.tools,
        schemas=options.schemas,
        acceptance=Acceptance(today=options.today),
        results=shared_results(options.repo),
    )
    view, _ = view_at(how, settings, folder, rev)
    return Side(view=view)


def chosen_cluster(head: Side, wanted: str, context: str) -> str:
    """Return the cluster of the repository that is meant: the named one, that of the context, or the only one.

    Raises:
        InputError: there is no such cluster, or it is not clear which one is meant.

    """
    names = list(head.clusters)
    if wanted:
        if wanted not in names:
            raise InputError(f"the repository has no such cluster: it has {', '.join(names)}", subject=wanted)
        return wanted
    hubs = [name for name, each in head.clusters.items() if not each.objects.is_remote]
    if context in names:
        return context
    if len(hubs) == 1:
        return hubs[0]
    fact = f"say with --cluster which one it is: the repository has {', '.join(names) or 'no cluster'}"
    raise InputError(fact, subject=f"context {context}" if context else "")


def _referenced(client: KubeClient, cluster: ClusterSide) -> list[Manifest]:
    """Return the ConfigMaps and Secrets that deliveries read and that Git does not have: the cluster's own."""
    wanted: set[ObjectKey] = set()
    for key, delivery in cluster.deliveries.items():
        spec = mapping_at(delivery.manifest, "spec")
        if key.group_kind == KUSTOMIZATION:
            references = objects_at(spec, "postBuild", "substituteFrom")
        elif key.group_kind == HELM_RELEASE:
            references = objects_at(spec, "valuesFrom")
        else:
            continue
        for each in references:
            kind = SECRET if text_at(each, "kind") == SECRET.kind else CONFIG_MAP
            wanted.add(ObjectKey(*kind, key.namespace, text_at(each, "name")))
    keys = sorted(each for each in wanted if each.name and each not in cluster.placed)

    def ask(key: ObjectKey) -> Manifest | None:
        try:
            return client.get(key)
        except NixernetesError:
            return None  # the delivery is told as one that cannot be rendered

    return [found for found in at_once(keys, ask) if found is not None]


def _sealed(cluster: ClusterSide) -> dict[ObjectKey, str]:
    """Return the objects whose encrypted values nobody here can read."""
    return {
        key: f"SOPS encrypted it, and it is not opened here: {item.seal.reason or 'give the key'}"
        for key, item in cluster.placed.items()
        if item.seal is not None and item.seal.state != "opened"
    }


def _trials(
    client: KubeClient, cluster: ClusterSide, state: LiveState, skipped: Mapping[ObjectKey, str]
) -> dict[ObjectKey, DryRun]:
    items = [item for key, item in cluster.placed.items() if item.owner is not None and key not in skipped]
    roots = CustomTypes(client)

    def ask(item: Placed) -> Manifest | NixernetesError:
        return _answer(client, item, state, roots.of(item.manifest))

    answers = at_once(items, ask)
    jq = JqProcess()
    try:
        return {item.key: _trial(item, state, found, jq) for item, found in zip(items, answers, strict=True)}
    finally:
        jq.close()


def _answer(client: KubeClient, item: Placed, state: LiveState, root: Field | None) -> Manifest | NixernetesError:
    owner, live = item.owner, state.objects.get(item.key)
    if owner is None:
        raise BugError(f"{item.key} is of no delivery, and was tried")
    try:
        return tried(client, write_of(item, owner, live, state.settings.tracking), live, owner, root)
    except NixernetesError as error:
        return error


def _trial(item: Placed, state: LiveState, found: Manifest | NixernetesError, jq: JqProcess) -> DryRun:
    if item.owner is None or isinstance(found, NixernetesError):
        return DryRun(before={}, after={}, error=found if isinstance(found, NixernetesError) else None)
    live = state.objects.get(item.key)
    try:
        before, after = compared(item, item.owner, (live, found), state.settings.ignore_differences, jq)
    except InputError as error:
        return DryRun(before={}, after={}, error=error)
    return DryRun(before=before, after=after)


def _upgrades(head: Side, cluster: ClusterSide, state: LiveState) -> dict[ObjectKey, bool]:
    given = head.view.platform.given

    def get(key: ObjectKey) -> Manifest | None:
        placed = cluster.placed.get(key)
        return given.get(key) or (placed.manifest if placed is not None else state.objects.get(key))

    return {
        key: is_written(state.deliveries.get(key), cluster.deliveries[key], reader(get)) for key in _releases(cluster)
    }


def _releases(cluster: ClusterSide) -> Iterator[ObjectKey]:
    return (key for key in cluster.deliveries if key.group_kind == HELM_RELEASE)
