"""Clusters that others run as pages: how their deliveries stand, what these have, and every object as it is there."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from nixernetes.adapters.clock import SystemClock
from nixernetes.adapters.kube.client import KubeClient
from nixernetes.app.console.happenings import one_line
from nixernetes.app.live.clusters import each_at_once
from nixernetes.app.live.reading import why
from nixernetes.app.rendering.manifest_text import View, masked
from nixernetes.app.web import declared
from nixernetes.app.web.documents import document
from nixernetes.app.web.live.logs import live_log_page
from nixernetes.app.web.live.reading import (
    ReadCluster,
    below,
    made_of,
    made_status,
    objects_of,
    read_cluster,
    standing,
)
from nixernetes.app.web.live.views import LiveReading
from nixernetes.app.web.logs.values import LogPage, LogQuestion
from nixernetes.app.web.objects.causing import causes_of
from nixernetes.app.web.running import is_suspended
from nixernetes.app.web.running_objects import condition_lines
from nixernetes.app.web.values import (
    ActivityLine,
    ActivityPage,
    ClusterCard,
    DeliveryLine,
    DeliveryPage,
    EventLine,
    Fact,
    FindingsPage,
    FleetPage,
    ObjectLine,
    ObjectName,
    ObjectPage,
)
from nixernetes.cluster.api import ApiError
from nixernetes.engine.flux.applying import inventory
from nixernetes.engine.reports import DeliveryRow, short_revision
from nixernetes.engine.reports.values import DELIVERIES, ObjectStatus
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, split_api_version
from nixernetes.objects.kinds import APPLICATION, EVENT
from nixernetes.objects.manifest import Manifest

__all__ = ["LivePages"]

_MOST_LINES: Final = 20_000  # of a tree
_EVENTS: Final = 100  # of an object
_ACTIVITY: Final = 500  # of all clusters
_NOT_READ: Final = "Git is not read here: `nixernetes diff --live` compares a cluster with what Git has"


class LivePages:
    """The pages of real clusters; how deliveries stand is read in turns, and all else when it is asked for.

    Args:
        clients: the clusters by the names of their contexts.

    """

    def __init__(self, clients: Mapping[str, KubeClient]) -> None:
        self._clients = clients
        self._turns = {name: threading.Lock() for name in clients}
        self._read: dict[str, ReadCluster] = {}
        self._time = ""

    def look(self) -> bool:
        """Read how the deliveries stand; return whether something is another than before."""
        found = dict(zip(self._clients, each_at_once([*self._clients], self._cluster), strict=True))
        self._time = timestamp(SystemClock().now())
        has_changed, self._read = found != self._read, found
        return has_changed

    def _cluster(self, name: str) -> ReadCluster:
        try:
            with self._turns[name]:
                return read_cluster(name, self._clients[name])
        except NixernetesError as error:
            return ReadCluster(faults=(why(error),))

    def fleet(self, since: int | None = None) -> FleetPage:
        """Return everything at once."""
        del since  # all of it is told every time
        lines = [_line(row, item) for read in self._read.values() for row, item in read.rows]
        return FleetPage(
            mode="live",
            title=", ".join(self._clients) if len(self._clients) < 4 else f"{len(self._clients)} clusters",
            head="read-only, as their API servers say",
            time=self._time,
            clusters=tuple(_card(name, [line for line in lines if line.id.cluster == name]) for name in self._clients),
            deliveries=tuple(lines),
            notes=tuple(f"{name}: {fault}" for name, read in self._read.items() for fault in read.faults),
        )

    def _client(self, name: str) -> KubeClient:
        client = self._clients.get(name)
        if client is None:
            raise InputError(f"no context is called {name!r} here")
        return client

    def delivery(self, wanted: ObjectName) -> DeliveryPage:
        """Return one delivery, read anew.

        Raises:
            NixernetesError: it is not there, or the cluster does not say.

        """
        client = self._client(wanted.cluster)
        with self._turns[wanted.cluster]:
            item = client.get(wanted.key)
            if item is None:
                raise InputError(f"{wanted.cluster}: {wanted.key} is not there: it may have been deleted")
            row = standing(wanted.cluster, client, item)
            entries, lives = objects_of(client, row, item)
            made = made_of(client, lives)
            events = self._events(client, wanted)
        lines = _tree(row, entries, {_name(live): live for live in lives}, made)
        tree = tuple(islice(lines, _MOST_LINES))
        line = _line(row, item)
        return DeliveryPage(
            mode="live",
            line=line,
            causes=tuple(causes_of(row)),
            facts=tuple(_facts(item)),
            conditions=condition_lines(item),
            tree=tree,
            left_out=sum(1 for _ in lines),
            events=events,
            notes=row.warnings,
        )

    def item(self, wanted: ObjectName, by: ObjectName | None) -> ObjectPage:
        """Return one object, read anew.

        Raises:
            NixernetesError: it is not there, or the cluster does not say.

        """
        client = self._client(wanted.cluster)
        with self._turns[wanted.cluster]:
            live = client.get(wanted.key)
            if live is None:
                raise InputError(f"{wanted.cluster}: {wanted.key} is not there, or it may not be read")
            events = self._events(client, wanted)
        meta = {name: value for name, value in live["metadata"].items() if name != "managedFields"}
        pairs = (
            ("Brought by", str(by.key) if by is not None else ""),
            ("Version", text_at(live, "apiVersion")),
            ("Created", text_at(live, "metadata", "creationTimestamp")),
        )
        return ObjectPage(
            id=wanted,
            facts=tuple(Fact(label=label, text=text) for label, text in pairs if text),
            conditions=condition_lines(live),
            live=document(masked({**live, "metadata": meta}, View())),
            desired_says=_NOT_READ,
            diff_says=_NOT_READ,
            events=events,
        )

    def _events(self, client: KubeClient, wanted: ObjectName) -> tuple[EventLine, ...]:
        """Return what happened to an object, the latest first; nothing where Events may not be read."""
        try:
            found = client.list(EVENT, namespace=wanted.namespace or "default")
        except ApiError:
            return ()
        own = [each for each in found if _involved(each) == wanted.key]
        return tuple(
            EventLine(
                time=_time(each),
                type=text_at(each, "type"),
                reason=text_at(each, "reason"),
                message=one_line(text_at(each, "message")),
                controller=_reporter(each),
            )
            for each in sorted(own, key=_time, reverse=True)[:_EVENTS]
        )

    def reading(self) -> LiveReading:
        """Return what views are made from."""
        return LiveReading(self._clients, self.fleet, self.delivery)

    def logs(self, question: LogQuestion) -> LogPage:
        """Return the log that is wanted, read anew.

        Raises:
            NixernetesError: it is not there, or the cluster does not say.

        """
        client = self._client(question.id.cluster)
        with self._turns[question.id.cluster]:
            return live_log_page(client, question)

    def findings(self) -> FindingsPage:
        """Return nothing: clusters are looked at, and not checked."""
        return FindingsPage(checked=False)

    def activity(self) -> ActivityPage:
        """Return what happened, the latest first.

        Raises:
            NixernetesError: a cluster does not say.

        """
        lines = [line for name, client in self._clients.items() for line in self._happened(name, client)]
        lines.sort(key=lambda line: line.time, reverse=True)
        return ActivityPage(lines=tuple(lines[:_ACTIVITY]), left_out=max(len(lines) - _ACTIVITY, 0))

    def _happened(self, name: str, client: KubeClient) -> Iterator[ActivityLine]:
        with self._turns[name]:
            found = client.list(EVENT)
        for each in found:
            key = _involved(each)
            yield ActivityLine(
                id=ObjectName.of(name, key),
                time=_time(each),
                type=text_at(each, "type"),
                reason=text_at(each, "reason"),
                message=one_line(text_at(each, "message")),
                controller=_reporter(each),
                is_delivery=key.group_kind in DELIVERIES,
            )


def _line(row: DeliveryRow, item: Manifest) -> DeliveryLine:
    objects = len(row.objects) or len(inventory.keys(mapping_at(item, "status")))
    return DeliveryLine(
        id=ObjectName.of(row.cluster, row.key),
        engine="argocd" if row.key.group == ARGOPROJ else "flux",
        state=row.state,
        status=row.status,
        revision=short_revision(row.revision),
        message=one_line(row.message),
        why=next(iter(causes_of(row)), ""),
        destination=row.cluster,
        suspended=is_suspended(item),
        project=text_at(item, "spec", "project") if row.key.group_kind == APPLICATION else "",
        source=declared.source(item),
        labels=declared.labels(item),
        objects=objects,
        unavailable=sum(not entry.available for entry in row.objects),
        warnings=row.warnings,
    )


def _card(name: str, lines: list[DeliveryLine]) -> ClusterCard:
    return ClusterCard(
        name=name,
        engines=tuple(sorted({line.engine for line in lines}, reverse=True)),
        states=dict(sorted(Counter(line.state for line in lines).items())),
        objects=sum(line.objects for line in lines),
        unavailable=None,
    )


def _name(live: Manifest) -> tuple[str, str, str, str]:
    group, _ = split_api_version(text_at(live, "apiVersion"))
    return group, text_at(live, "kind"), text_at(live, "metadata", "namespace"), text_at(live, "metadata", "name")


def _tree(
    row: DeliveryRow,
    entries: list[ObjectStatus],
    lives: Mapping[tuple[str, str, str, str], Manifest],
    made: Mapping[str, list[Manifest]],
) -> Iterator[ObjectLine]:
    yield ObjectLine(
        id=ObjectName.of(row.cluster, row.key),
        depth=0,
        role="delivery",
        status=row.status,
        message=short_revision(row.message),
        available=row.state == "ready",
    )
    for entry in entries:
        yield _object(row.cluster, entry, 1)
        live = lives.get((entry.key.group, entry.key.kind, entry.key.namespace, entry.key.name))
        for depth, item in below(made, live, 2) if live is not None else ():
            yield _object(row.cluster, made_status(item), depth)


def _object(cluster: str, entry: ObjectStatus, depth: int) -> ObjectLine:
    return ObjectLine(
        id=ObjectName.of(cluster, entry.key),
        depth=depth,
        role="brought" if depth == 1 else "made",
        status=entry.status,
        message=short_revision(entry.message),
        available=entry.available if entry.status else None,
    )


def _facts(item: Manifest) -> Iterator[Fact]:
    spec = mapping_at(item, "spec")
    reference = mapping_at(spec, "sourceRef") or mapping_at(spec, "chartRef")
    source = mapping_at(spec, "source") or next(iter(objects_at(spec, "sources")), {})
    pairs = (
        ("Source", "/".join(filter(None, (text_at(reference, part) for part in ("kind", "namespace", "name"))))),
        ("Source", text_at(source, "repoURL") or text_at(spec, "url")),
        ("Path", text_at(spec, "path") or text_at(source, "path")),
        ("Chart", text_at(spec, "chart", "spec", "chart") or text_at(source, "chart")),
        ("Target", text_at(source, "targetRevision") or text_at(spec, "targetNamespace")),
        ("Destination", text_at(spec, "destination", "name") or text_at(spec, "destination", "server")),
        ("Interval", text_at(spec, "interval")),
        ("Created", text_at(item, "metadata", "creationTimestamp")),
    )
    yield from (Fact(label=label, text=text) for label, text in pairs if text)
    yield from declared.waits_for(item)


def _involved(event: Manifest) -> ObjectKey:
    group, _ = split_api_version(text_at(event, "involvedObject", "apiVersion"))
    kind, place, name = (text_at(event, "involvedObject", part) for part in ("kind", "namespace", "name"))
    return ObjectKey(group, kind, place, name)


def _time(event: Manifest) -> str:
    told = (text_at(event, name) for name in ("lastTimestamp", "eventTime", "firstTimestamp"))
    return next(filter(None, told), text_at(event, "metadata", "creationTimestamp"))


def _reporter(event: Manifest) -> str:
    return text_at(event, "reportingComponent") or text_at(event, "source", "component")
