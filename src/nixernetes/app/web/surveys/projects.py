"""The AppProjects of Argo CD: what each allows, whether its windows are open, and who uses it (section 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from nixernetes.app.web.surveys.orphans import orphans_of
from nixernetes.app.web.values import DeliveryLine, ObjectName
from nixernetes.app.web.views.reading import Reading
from nixernetes.app.web.wire import AS_JSON
from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.gitops.argocd.projects import windows
from nixernetes.gitops.argocd.projects.permissions import is_source_permitted
from nixernetes.health.conditions import conditions
from nixernetes.languages.cron import parse_schedule
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.durations import parse_duration
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import key_of
from nixernetes.objects.kinds import APP_PROJECT, APPLICATION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["ProjectLine", "ProjectRoleLine", "ProjectUser", "ProjectWindow", "ProjectsPage", "projects_page"]

_MOST_USERS: Final = 500  # of one project
_MOST_ORPHANS: Final = 200  # of one project
_MOST_FIRES: Final = 200  # of a window that opens again before it closes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRoleLine:
    """A role of a project.

    Attributes:
        name: its name.
        description: what it is for.
        policies: what it may, in Casbin's words.
        groups: the groups of the identity provider that have it.
        tokens: how many tokens were issued for it.

    """

    __pydantic_config__ = AS_JSON

    name: str
    description: str
    policies: tuple[str, ...]
    groups: tuple[str, ...]
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectWindow:
    """A sync window.

    Attributes:
        kind: ``allow`` or ``deny``.
        schedule: when it opens, as cron says it, with its time zone.
        duration: for how long.
        about: which Applications, namespaces and clusters it is about.
        manual: whether a sync by hand goes on all the same.
        is_open: whether it is open now; None where that cannot be read.
        changes: when it opens or closes next, ``""`` where that is never or cannot be read.
        problem: why it cannot be read, or ``""``.

    """

    __pydantic_config__ = AS_JSON

    kind: str
    schedule: str
    duration: str
    about: tuple[str, ...]
    manual: bool
    is_open: bool | None
    changes: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectUser:
    """An Application of a project.

    Attributes:
        id: the Application.
        state: how it stands.
        automatic: whether the windows let it sync by itself now; None where they cannot be read.
        manual: whether they let it be synced by hand now; None likewise.
        orphans: what is said of objects around it that nobody owns, or ``""``.
        forbidden: what the project does not allow of it, in Argo CD's words or ours.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    state: str
    automatic: bool | None = True
    manual: bool | None = True
    orphans: str = ""
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLine:
    """A project.

    Attributes:
        id: who it is.
        is_there: whether it exists; Applications may name one that does not.
        description: what it is for.
        sources: which repositories are allowed; one with ``!`` is not.
        source_namespaces: in which namespaces its Applications may stand beside Argo CD's own.
        destinations: where they may deliver to, in words.
        allowed_kinds: what is allowed, ``Kind.group``, of the cluster and of namespaces.
        denied_kinds: what is not, likewise.
        accounts: with whose rights they are applied, where impersonation is enabled.
        signatures: with which keys commits have to be signed.
        roles: its roles.
        windows: its sync windows.
        orphans: how it treats objects that nobody owns, ``""`` where it does not look.
        orphaned: these objects, two hundred at most; none where nothing runs here.
        users: its Applications.
        left_out: how many more these are.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    is_there: bool = True
    description: str = ""
    sources: tuple[str, ...] = ()
    source_namespaces: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    allowed_kinds: tuple[str, ...] = ()
    denied_kinds: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    roles: tuple[ProjectRoleLine, ...] = ()
    windows: tuple[ProjectWindow, ...] = ()
    orphans: str = ""
    orphaned: tuple[ObjectName, ...] = ()
    users: tuple[ProjectUser, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectsPage:
    """The projects of every Argo CD.

    Attributes:
        time: the moment at which windows are open or closed.
        projects: the projects, sorted.
        says: what could not be read.

    """

    __pydantic_config__ = AS_JSON

    time: str
    projects: tuple[ProjectLine, ...] = ()
    says: tuple[str, ...] = ()


def projects_page(reading: Reading) -> ProjectsPage:
    """Return the projects, and those that Applications name though they are not there."""
    used: dict[tuple[str, str], list[DeliveryLine]] = defaultdict(list)
    for line in reading.lines():
        if line.id.kind == APPLICATION.kind and line.engine == "argocd":
            used[line.id.cluster, line.project or "default"].append(line)
    found = []
    for cluster in reading.clusters:
        apps = {key_of(item): item for item in reading.list(cluster, APPLICATION)}
        projects = {key_of(item).name: item for item in reading.list(cluster, APP_PROJECT)}
        names = {*projects, *(name for place, name in used if place == cluster)}
        for name in sorted(names):
            users = [(line, apps.get(line.id.key)) for line in used[cluster, name]]
            found.append(_project(reading, cluster, name, projects.get(name), users))
    return ProjectsPage(time=timestamp(reading.now()), projects=tuple(found), says=tuple(reading.unread()))


def _project(
    reading: Reading,
    cluster: str,
    name: str,
    item: Manifest | None,
    users: Sequence[tuple[DeliveryLine, Manifest | None]],
) -> ProjectLine:
    if item is None:
        place = users[0][0].id.namespace if users else ""
        own = ObjectName(cluster=cluster, group=APP_PROJECT.group, kind=APP_PROJECT.kind, namespace=place, name=name)
        lines = tuple(ProjectUser(id=line.id, state=line.state) for line, _ in users[:_MOST_USERS])
        return ProjectLine(id=own, is_there=False, users=lines, left_out=max(len(users) - _MOST_USERS, 0))
    spec, now = mapping_at(item, "spec"), reading.now()
    return ProjectLine(
        id=ObjectName.of(cluster, key_of(item)),
        description=text_at(spec, "description"),
        sources=_texts(spec, "sourceRepos"),
        source_namespaces=_texts(spec, "sourceNamespaces"),
        destinations=tuple(map(_destination, objects_at(spec, "destinations"))),
        allowed_kinds=(*_kinds(spec, "clusterResourceWhitelist"), *_kinds(spec, "namespaceResourceWhitelist")),
        denied_kinds=(*_kinds(spec, "clusterResourceBlacklist"), *_kinds(spec, "namespaceResourceBlacklist")),
        accounts=tuple(map(_account, objects_at(spec, "destinationServiceAccounts"))),
        signatures=tuple(text_at(each, "keyID") for each in objects_at(spec, "signatureKeys")),
        roles=tuple(map(_role, objects_at(spec, "roles"))),
        windows=tuple(_window(each, now) for each in objects_at(spec, "syncWindows")),
        orphans=_orphans(at(spec, "orphanedResources")),
        orphaned=tuple(islice(orphans_of(reading, cluster, at(spec, "orphanedResources"), users), _MOST_ORPHANS)),
        users=tuple(_user(line, app, spec, now) for line, app in users[:_MOST_USERS]),
        left_out=max(len(users) - _MOST_USERS, 0),
    )


def _texts(spec: Manifest, field: str) -> tuple[str, ...]:
    return tuple(each for each in items_at(spec, field) if isinstance(each, str))


def _destination(each: Manifest) -> str:
    place = text_at(each, "name") or text_at(each, "server") or "every cluster"
    return f"{text_at(each, 'namespace') or '*'} in {'every cluster' if place == '*' else place}"


def _kinds(spec: Manifest, field: str) -> Iterator[str]:
    scope = "of the cluster" if field.startswith("cluster") else "of namespaces"
    for each in objects_at(spec, field):
        kind, group, name = (text_at(each, part) for part in ("kind", "group", "name"))
        words = "everything" if (kind, group) == ("*", "*") else ".".join(filter(None, (kind, group)))
        yield f"{words}{f' called {name}' if name else ''}, {scope}"


def _account(each: Manifest) -> str:
    return f"{text_at(each, 'defaultServiceAccount')} for {_destination(each)}"


def _role(each: Manifest) -> ProjectRoleLine:
    return ProjectRoleLine(
        name=text_at(each, "name"),
        description=text_at(each, "description"),
        policies=_texts(each, "policies"),
        groups=_texts(each, "groups"),
        tokens=len(objects_at(each, "jwtTokens")),
    )


def _orphans(block: Json) -> str:
    if not isinstance(block, dict):
        return ""
    ignored = len(objects_at(block, "ignore"))
    head = "looks for them and warns" if at(block, "warn") is not False else "looks for them, without a warning"
    return f"{head}; {ignored} rules leave some out" if ignored else head


def _window(each: Manifest, now: datetime) -> ProjectWindow:
    about = [
        f"{part} {', '.join(_texts(each, part))}"
        for part in ("applications", "namespaces", "clusters")
        if _texts(each, part)
    ]
    is_open, changes, problem = None, "", ""
    try:
        is_open = windows.is_active(each, now)
        changes = _changes(each, now, is_open=is_open)
    except ValueError as error:
        problem = str(error)
    zone = text_at(each, "timeZone")
    return ProjectWindow(
        kind=text_at(each, "kind"),
        schedule=f"{text_at(each, 'schedule')} {zone}".strip(),
        duration=text_at(each, "duration"),
        about=tuple(about),
        manual=flag_at(each, "manualSync"),
        is_open=is_open,
        changes=changes,
        problem=problem,
    )


def _changes(window: Manifest, now: datetime, *, is_open: bool) -> str:
    """Return when a window opens next, or closes; ``""`` where it opens again before it ever closes."""
    try:
        zone = windows.time_zone(text_at(window, "timeZone"))
    except ValueError:  # Argo CD takes UTC then
        zone = windows.time_zone(None)
    schedule, duration = parse_schedule(text_at(window, "schedule")), parse_duration(text_at(window, "duration"))
    if not is_open:
        fire = schedule.next_after(now, zone)
        return timestamp(fire) if fire is not None else ""
    fire = schedule.next_after(now - duration, zone)
    for _ in range(_MOST_FIRES):
        if fire is None:
            return ""
        end = fire + duration
        following = schedule.next_after(fire, zone)
        if following is None or following > end + timedelta(seconds=1):
            return timestamp(end)
        fire = following
    return ""


def _user(line: DeliveryLine, app: Manifest | None, spec: Manifest, now: datetime) -> ProjectUser:
    destination = mapping_at(app, "spec", "destination")
    written = [place for place in (text_at(destination, "server"), text_at(destination, "name")) if place]
    found = windows.matching_windows(spec, line.id.name, text_at(destination, "namespace"), written)
    automatic: bool | None = None
    manual: bool | None = None
    try:
        automatic = windows.can_sync(found, now, manual=False)
        manual = windows.can_sync(found, now, manual=True)
    except ValueError:
        pass
    said = conditions(app) if app is not None else []
    repositories = [text_at(each, "repoURL") for each in sources_of(mapping_at(app, "spec"))]
    refused = [
        f"the repository {url} is not allowed" for url in repositories if url and not is_source_permitted(spec, url)
    ]
    refused += [each.message for each in said if each.type == "InvalidSpecError"]
    return ProjectUser(
        id=line.id,
        state=line.state,
        automatic=automatic,
        manual=manual,
        orphans=next((each.message for each in said if each.type == "OrphanedResourceWarning"), ""),
        forbidden=tuple(dict.fromkeys(refused)),
    )
