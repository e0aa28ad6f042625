"""What is read of a cluster that runs, several questions at once; what is refused is said, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from nixernetes.adapters.clock import SystemClock
from nixernetes.adapters.kube.client import KubeClient
from nixernetes.changes.live.holdings import (
    INVENTORIED,
    KINDS,
    application_holdings,
    flux_holdings,
    lacks_inventory,
    other_owners,
    set_holdings,
)
from nixernetes.changes.live.state import LiveState
from nixernetes.cluster.api import ApiError
from nixernetes.cluster.validation import resource_name
from nixernetes.engine.argocd.settings import Settings, load
from nixernetes.engine.flux.helm.storage import Storage
from nixernetes.errors import NixernetesError
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, EVENT, EVENT_OF_EVENTS, HELM_RELEASE
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.flux.helm_release import release_name

__all__ = ["UNMARKED", "at_once", "read_state", "why"]

_AT_ONCE: Final = 8  # questions to one server
UNMARKED: Final = (EVENT, EVENT_OF_EVENTS)  # many, and of nobody
_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")


def at_once(questions: Sequence[_Question], ask: Callable[[_Question], _Answer]) -> list[_Answer]:
    """Return the answers to several questions, in their order."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(ask, questions))


def why(error: NixernetesError) -> str:
    """Return what a failed question is told as."""
    if isinstance(error, ApiError) and error.reason == "Unauthorized":
        return "Unauthorized: the server refuses who asks: log in again, the credential may have expired"
    return f"{error.reason}: {error}" if isinstance(error, ApiError) and error.reason else error.message


def read_state(
    client: KubeClient,
    context: str,
    wanted: Iterable[ObjectKey],
    declared: Mapping[ObjectKey, Manifest],
    *,
    holds: bool = True,
) -> LiveState:
    """Read a cluster.

    Args:
        client: the cluster.
        context: what its context is called.
        wanted: objects that are asked for, besides those that its deliveries have.
        declared: the deliveries that another cluster holds, as Git has them.
        holds: whether the cluster holds deliveries itself, which are asked for.

    Raises:
        RemoteError: the cluster does not answer.

    """
    version = client.version()
    unknown: list[tuple[str, str]] = []
    own = _deliveries(client, unknown) if holds else {}
    deliveries = {**declared, **own}
    settings = _settings(client, unknown)
    held: dict[ObjectKey, Sequence[ObjectKey]] = {**flux_holdings(own), **set_holdings(own)}
    held |= _stored(client, own, unknown)
    if any(key.group_kind == APPLICATION for key in deliveries):
        marked = _marked(client, settings, unknown)
        held |= application_holdings(deliveries, marked, settings)
        unknown += _others(deliveries, marked, settings) if declared else ()
    unknown += [
        (str(key), "the cluster that holds it knows what it has here: what would be deleted is not known")
        for key in declared
        if key.group_kind in INVENTORIED
    ]
    keys = sorted({*wanted, *(key for some in held.values() for key in some)} - {*own})
    found = at_once(keys, lambda key: _read(client, key))
    return LiveState(
        context=context,
        version=version,
        deliveries=deliveries,
        holds=held,
        objects={**own, **{key: item for key, item in zip(keys, found, strict=True) if isinstance(item, dict)}},
        unread={key: reason for key, reason in zip(keys, found, strict=True) if isinstance(reason, str)},
        scopes={each.kind: each.namespaced for each in client.served.all()},
        settings=settings,
        unknown=tuple(unknown),
    )


def _deliveries(client: KubeClient, unknown: list[tuple[str, str]]) -> dict[ObjectKey, Manifest]:
    found: dict[ObjectKey, Manifest] = {}
    for kind in KINDS:
        try:
            found |= {key_of(item): item for item in client.list(kind)}
        except ApiError as error:
            unknown.append((resource_name(kind), f"they cannot be listed, nor what they have: {why(error)}"))
    return found


def _settings(client: KubeClient, unknown: list[tuple[str, str]]) -> Settings:
    if client.is_namespaced(APPLICATION) is None:
        return Settings()
    try:
        found = load(client, SystemClock())
    except ApiError as error:
        unknown.append(("the settings of Argo CD", f"its defaults are taken: {why(error)}"))
        return Settings()
    if found.problem:
        unknown.append(("the settings of Argo CD", found.problem))
    return found


def _marked(client: KubeClient, settings: Settings, unknown: list[tuple[str, str]]) -> list[Manifest]:
    """Return the metadata of all objects that may carry marks of Argo CD."""
    kinds = [
        each.kind
        for each in client.served.all()
        if "list" in each.verbs
        and "delete" in each.verbs
        and each.kind not in UNMARKED
        and not settings.excludes(each.kind, IN_CLUSTER)
    ]

    def is_marked(item: Manifest) -> bool:
        return bool(settings.tracking.owner(item))

    def ask(kind: GroupKind) -> list[Manifest] | str:
        try:
            return client.list_metadata(kind, keep=is_marked)
        except ApiError as error:
            return why(error)

    found: list[Manifest] = []
    for kind, answer in zip(kinds, at_once(kinds, ask), strict=True):
        if isinstance(answer, str):
            reason = f"it is not known which of them Applications have, and would delete: {answer}"
            unknown.append((resource_name(kind), reason))
        else:
            found += answer
    return found


def _others(
    deliveries: Mapping[ObjectKey, Manifest], marked: Iterable[Manifest], settings: Settings
) -> Iterator[tuple[str, str]]:
    for name, number in other_owners(deliveries, marked, settings).items():
        objects = f"{number} objects here carry" if number > 1 else "1 object here carries"
        reason = f"{objects} its mark, and Git does not declare it: ask its own cluster whether it goes"
        yield f"Application/{name}", reason


def _stored(
    client: KubeClient, deliveries: Mapping[ObjectKey, Manifest], unknown: list[tuple[str, str]]
) -> dict[ObjectKey, list[ObjectKey]]:
    """Return what releases have that keep no inventory: by what Helm stored of them."""
    found = {}
    for key, manifest in deliveries.items():
        if key.group_kind == HELM_RELEASE and lacks_inventory(manifest):
            namespace = text_at(manifest, "status", "storageNamespace") or key.namespace
            try:
                last = Storage(client, namespace).last(release_name(manifest))
            except ApiError as error:
                unknown.append((str(key), f"it is not known what its release has: {why(error)}"))
                continue
            found[key] = [key_of(each) for each in last.objects] if last is not None else []
    return found


def _read(client: KubeClient, key: ObjectKey) -> Manifest | str | None:
    try:
        return client.get(key)
    except NixernetesError as error:
        return why(error)
