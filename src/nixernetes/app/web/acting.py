"""What the page may ask of a running world: the requests that ``sync``, ``reconcile``, ``suspend``, ``delete`` make.

One vocabulary for both engines: ``sync`` is a reconcile of Flux and a sync of Argo CD; ``refresh`` asks for the source
first, as ``flux reconcile --with-source`` and ``argocd app get --refresh`` do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from nixernetes.adapters.web_server.access.standing import Standing
from nixernetes.app.console import changing, control, removing
from nixernetes.app.console.leaving import Cascade
from nixernetes.app.console.outcomes import outcome, waiting_for
from nixernetes.app.console.selecting import Selection, Wanted
from nixernetes.app.web.acts.permitting import refusal, refusal_for_what_goes
from nixernetes.app.web.acts.results import ResultRow, result_rows, waiting_of
from nixernetes.app.web.values import ObjectName
from nixernetes.app.web.wire import SENT_JSON
from nixernetes.app.worlds import World
from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.fields import flag_at, items_at, objects_at, text_at
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Json

__all__ = ["ActionPage", "ActionRequest", "ActionResult", "OutcomePage", "act", "outcome_of", "read_request"]

_MOST: Final = 2000  # objects of one request
_Form = TypeVar("_Form")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequest:
    """What is asked of which objects.

    Attributes:
        do: what is asked.
        targets: the deliveries or sources.
        prune: whether a sync of Argo CD deletes what is no longer wanted.
        dry_run: whether a sync of Argo CD only tries.
        hard: whether a refresh of Argo CD renders everything again.
        force: whether a sync of Argo CD deletes and makes anew what cannot be patched.
        apply_only: whether a sync of Argo CD leaves hooks out.
        replace: whether a sync of Argo CD replaces objects.
        resources: the objects that a sync of Argo CD is about; none means all.
        entry: the row of the history that a rollback goes to.
        replicas: how many pods a workload is to want.
        cascade: how what depends on a deleted object goes.

    """

    __pydantic_config__ = SENT_JSON

    do: Literal[
        "sync", "refresh", "suspend", "resume", "rollback", "terminate", "restart", "scale", "delete", "confirm"
    ]
    targets: Annotated[tuple[ObjectName, ...], Field(min_length=1, max_length=_MOST)]
    prune: bool = False
    dry_run: bool = False
    hard: bool = False
    force: bool = False
    apply_only: bool = False
    replace: bool = False
    resources: Annotated[tuple[ObjectName, ...], Field(max_length=_MOST)] = ()
    entry: int | None = None
    replicas: Annotated[int, Field(ge=0, le=5000)] = 1
    cascade: Cascade = Cascade.AS_IT_SAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """What came of it for one object.

    Attributes:
        id: the object.
        ok: whether it was asked for.
        message: what was asked for, or why not.
        token: what ``outcome`` is asked with, as ``asked``: what is called ``token`` in an address opens the page.
        waits: whether there is something to wait for.

    """

    __pydantic_config__ = SENT_JSON

    id: ObjectName
    ok: bool
    message: str
    token: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage:
    """What came of a request."""

    __pydantic_config__ = SENT_JSON

    results: tuple[ActionResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePage:
    """How a request stands.

    Attributes:
        done: whether its engine is done with it.
        ok: whether it went well.
        message: what the engine says.
        lines: a line for each object, where the engine tells.
        rows: the same, part by part; also of what goes on.
        waits: what is waited for.

    """

    __pydantic_config__ = SENT_JSON

    done: bool
    ok: bool = False
    message: str = ""
    lines: tuple[str, ...] = field(default_factory=tuple)
    rows: tuple[ResultRow, ...] = ()
    waits: str = ""


_BY_HAND: Final[Mapping[str, Callable[[World, Selection], Json]]] = {
    "confirm": removing.confirm,
    "restart": changing.restart,
    "resume": changing.resume,
    "suspend": changing.suspend,
}


def read_request(body: bytes, reader: TypeAdapter[_Form]) -> _Form:
    """Read a request as its reader does.

    Raises:
        InputError: it is not of it.

    """
    try:
        return reader.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"{where or 'the request'}: {first['msg']}") from error


def act(world: World, request: ActionRequest, standing: Standing | None = None) -> ActionPage:
    """Do what a request asks, object by object; what one refuses ends nothing.

    Args:
        world: the world.
        request: what is asked.
        standing: who asks; None for who runs this program.

    """
    return ActionPage(results=tuple(_result(world, request, target, standing) for target in request.targets))


def _result(world: World, request: ActionRequest, target: ObjectName, standing: Standing | None) -> ActionResult:
    refused = refusal(world, standing, target)
    if not refused and request.do == "delete":
        refused = refusal_for_what_goes(world, standing, target, request.cascade)
    if refused:
        return ActionResult(id=target, ok=False, message=refused)
    try:
        answer = _do(world, request, target)
    except NixernetesError as error:
        return ActionResult(id=target, ok=False, message=str(error))
    waits = objects_at(answer, "wait")
    own = [each for each in waits if items_at(each, "object") == list(target.key)]
    return ActionResult(
        id=target,
        ok=True,
        message="; ".join(_messages(answer)),
        token=text_at(own[-1], "token") if own else "",
        waits=bool(own),
    )


def _messages(answer: Json) -> Iterator[str]:
    if text_at(answer, "message"):
        yield text_at(answer, "message")
    yield from (each for part in ("messages", "advice") for each in items_at(answer, part) if isinstance(each, str))


def _do(world: World, request: ActionRequest, target: ObjectName) -> Json:
    if target.cluster not in world.clusters:
        raise InputError(f"no cluster is called {target.cluster!r}")
    if world.clusters[target.cluster].get(target.key) is None:
        raise InputError(f"{target.cluster}: {target.key} is not there any more")
    chosen = _selection(target)
    match request.do:
        case "scale":
            return changing.scale(world, chosen, request.replicas)
        case "delete":
            return removing.delete(world, chosen, request.cascade)
        case "suspend" | "resume" | "restart" | "confirm":
            return _BY_HAND[request.do](world, chosen)
        case "rollback" | "terminate" if target.key.group_kind != APPLICATION:
            raise InputError(f"{target.key}: only an Application of Argo CD can do that")
        case "sync" | "refresh" | "rollback" | "terminate" if target.key.group_kind == APPLICATION:
            return _asked_argocd(world, request, target)
        case "sync" | "refresh" if target.key.group_kind == APPLICATION_SET:
            raise InputError(f"{target.key}: an ApplicationSet is synced by its Applications")
        case "sync":
            return control.reconcile(world, chosen)
        case "refresh":
            return _with_source(world, chosen)


def _selection(target: ObjectName) -> Selection:
    word = f"{target.kind}.{target.group}" if target.group else target.kind
    return Selection(wanted=(Wanted(word, target.name, target.namespace),), cluster=target.cluster)


def _with_source(world: World, chosen: Selection) -> Json:
    try:
        control.reconcile(world, chosen, source=True)
    except InputError:  # a source has none itself
        return control.reconcile(world, chosen)
    answer = control.reconcile(world, chosen)
    return {**answer, "message": f"{text_at(answer, 'message')}, with its source"}


def _asked_argocd(world: World, request: ActionRequest, target: ObjectName) -> Json:
    from nixernetes.engine.argocd import requests  # noqa: PLC0415  # takes long to import

    api, key = world.clusters[target.cluster], target.key
    if request.do == "refresh":
        requests.request_refresh(api, key.namespace, key.name, hard=request.hard)
        message = f"{key}: {'hard ' if request.hard else ''}refresh requested"
    elif request.do == "rollback":
        requests.request_rollback(api, key.namespace, key.name, id=request.entry, prune=request.prune)
        message = f"{key}: rollback started"
    elif request.do == "terminate":
        requests.request_termination(api, key.namespace, key.name)
        message = f"{key}: the operation is ended"
    else:
        wishes = requests.SyncWishes(
            force=request.force,
            apply_only=request.apply_only,
            replace=request.replace,
            resources=tuple(each.key for each in request.resources),
        )
        dry_run, prune = request.dry_run, request.prune
        requests.request_sync(
            api, key.namespace, key.name, prune=prune, dry_run=dry_run, wishes=wishes, clock=world.clock
        )
        message = f"{key}: {'dry run of a ' if dry_run else ''}sync started"
    return {"message": message, "wait": [waiting_for(target.cluster, key)]}


def outcome_of(world: World, wanted: ObjectName, token: str) -> OutcomePage:
    """Return how a request about an object stands."""
    found = outcome(world, waiting_for(wanted.cluster, wanted.key, token))
    lines = tuple(each for each in items_at(found, "lines") if isinstance(each, str))
    is_done = flag_at(found, "done")
    return OutcomePage(
        done=is_done,
        ok=flag_at(found, "ok"),
        message=text_at(found, "message"),
        lines=lines,
        rows=result_rows(world, wanted, token),
        waits="" if is_done else waiting_of(world, wanted),
    )
