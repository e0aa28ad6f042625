"""``nixernetes bootstrap``: what starts a cluster, and whether the cluster has what the repository needs of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.app.diff import at_revision
from nixernetes.app.live.clusters import opened
from nixernetes.app.live.diff import LiveOptions, chosen_cluster, rendered_side, told_of
from nixernetes.app.live.reading import at_once, why
from nixernetes.app.settings import settings_of
from nixernetes.changes.sides import Side
from nixernetes.cluster.api import ApiError
from nixernetes.errors import InputError
from nixernetes.objects.identity import GroupKind, ObjectKey
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION, DEPLOYMENT, STATEFUL_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import APP_PART_OF
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.readiness.facts import ClusterFacts, running_controller
from nixernetes.verify.readiness.named import needed_objects
from nixernetes.verify.readiness.requirements import Requirement, requirements
from nixernetes.verify.readiness.starting import Bootstrap, bootstrap_of

__all__ = ["BootstrapAnswer", "bootstrap"]

_ENGINES: Final = ("flux", "argocd")


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapAnswer:
    """What starts a cluster, and what it needs.

    Attributes:
        bootstrap: what starts it.
        context: the context that was asked; ``""`` where none was.
        version: the version of its server.
        requirements: what is needed, with what there is to say of it.
        failed: deliveries that could not be rendered, each with the reason: what they need is not known.

    """

    bootstrap: Bootstrap
    context: str = ""
    version: str = ""
    requirements: tuple[Requirement, ...] = ()
    failed: tuple[tuple[ObjectKey, str], ...] = ()


def bootstrap(options: LiveOptions, *, asks: bool) -> BootstrapAnswer:
    """Return what starts a cluster, and what it needs.

    Args:
        options: the repository, and the cluster.
        asks: whether the cluster is asked.

    Raises:
        InputError: there is no such context, repository, revision or cluster.
        RemoteError: the cluster does not answer.

    """
    if not asks:
        with at_revision(options.repo, options.rev) as (folder, rev):
            head = rendered_side(options, folder, rev)
        return _answer(head, chosen_cluster(head, options.cluster, ""))
    name = options.contexts.names[0] if options.contexts.names else ""
    with opened(options.contexts, name) as (context, client):
        try:
            return _asked(options, client, context.name)
        except ApiError as error:
            raise InputError(why(error), subject=f"context {context.name}") from error


def _asked(options: LiveOptions, client: KubeClient, context: str) -> BootstrapAnswer:
    with at_revision(options.repo, options.rev) as (folder, rev):
        head = rendered_side(told_of(options, client), folder, rev)
    answer = _answer(head, chosen_cluster(head, options.cluster, context))
    name = answer.bootstrap.cluster
    objects = head.clusters[name].objects
    needed = needed_objects(objects)
    facts = _facts(client, context, objects, needed)
    return replace(
        answer,
        context=context,
        version=facts.version,
        requirements=requirements(objects, facts, _expected(options, name), needed),
    )


def _expected(options: LiveOptions, name: str) -> str:
    """Return the Kubernetes version that the settings give a cluster, ``""`` for none."""
    settings = settings_of(options.repo).settings
    own = settings.clusters[name].kube_version if name in settings.clusters else None
    return own or settings.kube_version or ""


def _answer(head: Side, name: str) -> BootstrapAnswer:
    cluster = head.clusters[name]
    start = next((each.start for each in head.view.platform.clusters if each.name == name), None)
    if start is None:
        fact = f"nothing starts it: what it runs is delivered from {cluster.objects.hub}"
        raise InputError(fact, subject=name)
    failed = tuple((each.key, each.problem) for _, each in sorted(cluster.deliveries.items()) if each.problem)
    return BootstrapAnswer(bootstrap=bootstrap_of(start), failed=failed)


def _facts(client: KubeClient, context: str, objects: ClusterObjects, needed: Iterable[ObjectKey]) -> ClusterFacts:
    unread: dict[str, str] = {}
    keys = sorted(needed)
    found = dict(zip(keys, at_once(keys, lambda key: _is_there(client, key)), strict=True))
    unread |= {str(key): answer for key, answer in found.items() if isinstance(answer, str)}
    workloads: list[Manifest] = []
    for kind in (DEPLOYMENT, STATEFUL_SET):
        for engine in _ENGINES:
            try:
                workloads += client.list(kind, labels={APP_PART_OF: engine})
            except ApiError as error:
                unread["controllers"] = why(error)
    served = {each.kind: client.served.versions(each.kind) for each in client.served.all()}
    return ClusterFacts(
        context=context,
        version=client.version(),
        served=served,
        definitions=_definitions(client, {item.key.group_kind for item in objects.placed}),
        controllers=tuple(running_controller(each) for each in workloads),
        present={key: answer for key, answer in found.items() if isinstance(answer, bool)},
        unread=unread,
    )


def _is_there(client: KubeClient, key: ObjectKey) -> bool | str:
    try:
        return client.get(key) is not None
    except ApiError as error:
        return why(error)


def _definitions(client: KubeClient, kinds: Iterable[GroupKind]) -> dict[GroupKind, Manifest]:
    """Return the definitions of custom kinds; those that may not be read are left out."""
    wanted = [found for kind in sorted(kinds) if "." in kind.group and (found := client.served.find(kind)) is not None]

    def ask(name: str) -> Manifest | None:
        try:
            return client.get(ObjectKey(*CUSTOM_RESOURCE_DEFINITION, "", name))
        except ApiError:
            return None  # its fields are not compared: `diff --live` tries them

    answers = at_once([f"{each.resource}.{each.kind.group}" for each in wanted], ask)
    return {each.kind: answer for each, answer in zip(wanted, answers, strict=True) if answer is not None}
