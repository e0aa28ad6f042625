"""Logs of real clusters, as ``kubectl logs`` reads them: of a container, and of controllers about one delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.app.live.reading import why
from nixernetes.app.web.live.reading import below, made_of
from nixernetes.app.web.logs.choosing import chosen, pods_of
from nixernetes.app.web.logs.values import LoggedLine, LogPage, LogPod, LogQuestion, shortened
from nixernetes.cluster.api import ApiError
from nixernetes.engine.installed.controllers import controller_of
from nixernetes.engine.reports.values import DELIVERIES
from nixernetes.errors import InputError
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, POD
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import APP_NAME, APP_PART_OF

__all__ = ["live_log_page"]

_MOST_BYTES: Final = 1 << 20  # of one log
_READ_BACK: Final = 2_000  # lines of a controller in which a delivery is looked for
_MOST_READ: Final = 6  # logs of controllers for one answer


def live_log_page(client: KubeClient, question: LogQuestion) -> LogPage:
    """Return the log that is wanted.

    Raises:
        InputError: the object, the pod or the container is not there.
        NixernetesError: the cluster does not say.

    """
    wanted = question.id
    if wanted.key.group_kind in DELIVERIES:
        return _about(client, question)
    live = client.get(wanted.key)
    if live is None:
        raise InputError(f"{wanted.cluster}: {wanted.key} is not there, or it may not be read")
    is_pod = wanted.key.group_kind == POD
    made = [live] if is_pod else [item for _, item in below(made_of(client, [live]), live, 0)]
    pods = pods_of([item for item in made if group_kind(item) == POD])
    if not pods:
        return LogPage(id=wanted, source="container", says="It has no pods at present, or they may not be listed")
    pod, container = chosen(question, pods)
    try:
        lines = [*_lines(client, ObjectKey(*POD, wanted.namespace, pod.name), container, question, question.tail)]
        says = ""
    except ApiError as error:
        lines, says = [], why(error)
    return LogPage(
        id=wanted,
        source="container",
        pods=pods,
        pod=pod.name,
        container=container,
        lines=tuple(lines),
        cursor=lines[-1].time if lines else question.after,
        says=says,
    )


def _about(client: KubeClient, question: LogQuestion) -> LogPage:
    """Return what controllers wrote about a delivery; the log of each is read back so far."""
    key, found, told = question.id.key, list[LoggedLine](), list[str]()
    cursor = question.after
    for pod in _controllers(client, key):
        controller, (held,) = controller_of(labels_of(pod)), pods_of([pod])
        try:
            lines = [*_lines(client, key_of(pod), _container(held), question, _READ_BACK)]
        except ApiError as error:
            told.append(f"{controller}: {why(error)}")
            continue
        cursor = max(cursor, *(line.time for line in lines)) if lines else cursor
        found += [
            LoggedLine(time=line.time, text=line.text, controller=controller)
            for line in lines
            if _is_about(line.text, key)
        ]
    found.sort(key=lambda line: line.time)
    return LogPage(
        id=question.id,
        source="controllers",
        lines=tuple(found[-question.tail :]),
        left_out=max(len(found) - question.tail, 0),
        cursor=cursor,
        says="; ".join(told),
    )


def _container(pod: LogPod) -> str:
    return next(iter(pod.containers), "")


def _controllers(client: KubeClient, key: ObjectKey) -> list[Manifest]:
    """Return the pods of the controllers of the engine of a delivery."""
    part_of = "argocd" if key.group == ARGOPROJ else "flux"
    found = client.list(POD, labels={APP_PART_OF: part_of})
    if not found and part_of == "flux":  # as Flux' own manifests label its pods
        found = client.list(POD, namespace="flux-system")
    if not found:
        found = [pod for pod in client.list(POD, namespace="argocd") if APP_NAME in labels_of(pod)]
    return [pod for pod in found if controller_of(labels_of(pod))][:_MOST_READ]


def _lines(
    client: KubeClient, pod: ObjectKey, container: str, question: LogQuestion, tail: int
) -> Iterator[LoggedLine]:
    query = {"timestamps": "true", "tailLines": str(tail), "limitBytes": str(_MOST_BYTES)}
    query |= {"container": container} if container else {}
    query |= {"sinceTime": question.after} if question.after else {}
    for line in client.log(pod, query).splitlines():
        time, _, text = line.partition(" ")
        if time > question.after:  # the server counts whole seconds
            yield LoggedLine(time=time, text=shortened(text))


def _is_about(text: str, key: ObjectKey) -> bool:
    """Tell whether a line of a controller names a delivery: by zap's fields (Flux), or by logrus' (Argo CD)."""
    try:
        line: Json = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if key.group_kind == APPLICATION:
        name = text_at(line, "application")
        return name in (key.name, f"{key.namespace}/{key.name}")
    if key.group == ARGOPROJ:
        return key.name in (text_at(line, "applicationset"), text_at(line, "name"))
    return text_at(line, key.kind, "name") == key.name and text_at(line, key.kind, "namespace") == key.namespace
