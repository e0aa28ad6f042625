"""Where files come from: sources of Flux, repositories of Argo CD and their Secrets, with who uses each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.app.web.surveys.addresses import shown_address
from nixernetes.app.web.values import DeliveryLine, ObjectName
from nixernetes.app.web.views.reading import Reading
from nixernetes.app.web.wire import AS_JSON
from nixernetes.engine.reports import short_revision
from nixernetes.engine.reports.values import SOURCES
from nixernetes.gitops.argocd.application_specs import sources_of
from nixernetes.gitops.argocd.projects.urls import normal_repository_url
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.fields import flag_at, mapping_at, text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import APPLICATION, HELM_CHART, HELM_RELEASE, KUSTOMIZATION, SECRET
from nixernetes.objects.manifest import Manifest, labels_of
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE
from nixernetes.render.references import data_of

__all__ = ["SourceLine", "SourceUser", "SourcesPage", "sources_page"]

_MOST_USERS: Final = 500
_USING: Final = (KUSTOMIZATION, HELM_RELEASE, HELM_CHART)
_REPOSITORY: Final = "Repository"  # what Argo CD calls it: an object of it is a Secret, or there is none
_WITHOUT: Final = "no Secret knows it: it is read without credentials"
_CREDENTIALS: Final = (
    "username",
    "password",
    "sshPrivateKey",
    "bearerToken",
    "githubAppPrivateKey",
    "tlsClientCertKey",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUser:
    """A delivery that has its files from a source, and how it stands."""

    __pydantic_config__ = AS_JSON

    id: ObjectName
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source.

    Attributes:
        id: who it is; of a repository that Argo CD has no Secret for, its URL.
        engine: ``flux`` or ``argocd``.
        kind: what it is: a kind of Flux, or ``Repository`` and ``Credentials`` of Argo CD.
        is_there: whether an object stands for it.
        url: where it is, without credentials.
        wanted: which branch, tag or version is wanted.
        revision: what was fetched last.
        fetched: when.
        state: how it stands.
        message: what its controller says.
        interval: how often it is looked at.
        secret: the Secret with its credentials, ``""`` for none.
        secret_says: what is known of that: whether it is there.
        verifies: how what is fetched is verified, ``""`` for not at all.
        users: who has its files from there.
        left_out: how many more these are.
        origin: ``file:line`` where it is written.

    """

    __pydantic_config__ = AS_JSON

    id: ObjectName
    engine: str
    kind: str
    is_there: bool = True
    url: str = ""
    wanted: str = ""
    revision: str = ""
    fetched: str = ""
    state: str = "rendered"
    message: str = ""
    interval: str = ""
    secret: str = ""
    secret_says: str = ""
    verifies: str = ""
    users: tuple[SourceUser, ...] = ()
    left_out: int = 0
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesPage:
    """The sources of every cluster, sorted by cluster, engine and kind; and what could not be read."""

    __pydantic_config__ = AS_JSON

    sources: tuple[SourceLine, ...] = ()
    says: tuple[str, ...] = ()


def sources_page(reading: Reading) -> SourcesPage:
    """Return the sources."""
    lines = {line.id: line for line in reading.lines()}
    found = [
        each
        for cluster in reading.clusters
        for each in (*_flux(reading, cluster, lines), *_argocd(reading, cluster, lines))
    ]
    return SourcesPage(sources=tuple(found), says=tuple(reading.unread()))


def _flux(reading: Reading, cluster: str, lines: Mapping[ObjectName, DeliveryLine]) -> Iterator[SourceLine]:
    used: dict[ObjectKey, list[ObjectName]] = defaultdict(list)
    for kind in _USING:
        for item in reading.list(cluster, kind):
            named = _named_source(item)
            if named is not None:
                used[named].append(ObjectName.of(cluster, key_of(item)))
    there = set()
    for kind in SOURCES:
        for item in reading.list(cluster, kind):
            key = key_of(item)
            there.add(key)
            yield _source(reading, cluster, item, lines, used.get(key, []))
    for key in sorted(set(used) - there):
        yield SourceLine(
            id=ObjectName.of(cluster, key),
            engine="flux",
            kind=key.kind,
            is_there=False,
            state="failed",
            message="it does not exist",
            users=_users(used[key], lines),
        )


def _named_source(item: Manifest) -> ObjectKey | None:
    spec, own = mapping_at(item, "spec"), key_of(item).namespace
    named = (
        mapping_at(spec, "sourceRef") or mapping_at(spec, "chartRef") or mapping_at(spec, "chart", "spec", "sourceRef")
    )
    if not named or text_at(named, "kind") == "ExternalArtifact":
        return None
    kind = GroupKind(FLUX_SOURCE, text_at(named, "kind"))
    return ObjectKey(*kind, text_at(named, "namespace") or own, text_at(named, "name"))


def _source(
    reading: Reading,
    cluster: str,
    item: Manifest,
    lines: Mapping[ObjectName, DeliveryLine],
    users: Sequence[ObjectName],
) -> SourceLine:
    key, spec = key_of(item), mapping_at(item, "spec")
    line = lines.get(ObjectName.of(cluster, key))
    secret = text_at(spec, "secretRef", "name")
    place = mapping_at(spec, "ref")
    words = [
        f"{name} {text_at(place, name)}"
        for name in ("branch", "tag", "semver", "digest", "commit", "name")
        if text_at(place, name)
    ]
    chart = " ".join(filter(None, (text_at(spec, "chart"), text_at(spec, "version"))))
    verify = mapping_at(spec, "verify")
    artifact = mapping_at(item, "status", "artifact")
    return SourceLine(
        id=ObjectName.of(cluster, key),
        engine="flux",
        kind=key.kind,
        url=shown_address(text_at(spec, "url") or text_at(spec, "endpoint")),
        wanted=", ".join(words) or chart or text_at(spec, "bucketName"),
        revision=short_revision(text_at(artifact, "revision")),
        fetched=text_at(artifact, "lastUpdateTime"),
        state=line.state if line is not None else "suspended" if flag_at(spec, "suspend") else "rendered",
        message=line.message if line is not None else "",
        interval=text_at(spec, "interval"),
        secret=secret,
        secret_says=_secret_says(reading, cluster, ObjectKey(*SECRET, key.namespace, secret)) if secret else "",
        verifies=" ".join(filter(None, (text_at(verify, "provider"), text_at(verify, "mode")))) if verify else "",
        users=_users(users, lines),
        left_out=max(len(users) - _MOST_USERS, 0),
        origin=line.origin if line is not None else "",
    )


def _secret_says(reading: Reading, cluster: str, key: ObjectKey) -> str:
    if reading.get(cluster, key) is not None:
        return ""
    if reading.mode == "repository":
        return "nothing brings this Secret: it has to be there already"
    return "this Secret is not there, or may not be read"


def _users(names: Sequence[ObjectName], lines: Mapping[ObjectName, DeliveryLine]) -> tuple[SourceUser, ...]:
    return tuple(
        SourceUser(id=name, state=lines[name].state if name in lines else "rendered") for name in names[:_MOST_USERS]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readable:
    """What of a repository Secret is no secret: where it leads, what it is called, and which keys it has."""

    url: str = ""
    words: str = ""
    keys: frozenset[str] = frozenset()
    says: str = ""

    @staticmethod
    def of(item: Manifest, *, is_sealed: bool) -> _Readable:
        """Read a Secret; of one that SOPS encrypted nothing is told."""
        if is_sealed:
            return _Readable(says="SOPS encrypted it in Git: what it holds is not shown")
        data = data_of({**item, "data": mapping_at(item, "data"), "stringData": mapping_at(item, "stringData")})
        url, kind, name, project = (data.get(key, "") for key in ("url", "type", "name", "project"))
        words = " ".join(filter(None, (kind, name, project and f"project {project}")))
        return _Readable(url=url, words=words, keys=frozenset(data))


def _argocd(reading: Reading, cluster: str, lines: Mapping[ObjectName, DeliveryLine]) -> Iterator[SourceLine]:
    """Yield the repositories of an Argo CD: those that Secrets know, and those that Applications name without one."""
    used: dict[str, list[ObjectName]] = defaultdict(list)
    written: dict[str, str] = {}
    for item in reading.list(cluster, APPLICATION):
        for source in sources_of(mapping_at(item, "spec")):
            url = text_at(source, "repoURL")
            if url:
                written.setdefault(normal_repository_url(url), url)
                used[normal_repository_url(url)].append(ObjectName.of(cluster, key_of(item)))
    prefixes: list[str] = []
    known = set()
    for item in reading.list(cluster, SECRET):
        kind = labels_of(item).get(ARGOCD_SECRET_TYPE, "")
        if kind not in ("repository", "repo-creds"):
            continue
        found = _Readable.of(item, is_sealed=reading.is_sealed(cluster, key_of(item)))
        normal = normal_repository_url(found.url) if found.url else ""
        users = used.get(normal, [])
        if kind == "repo-creds":
            prefixes += [normal] if normal else []
            users = [name for each, names in used.items() if normal and each.startswith(normal) for name in names]
        else:
            known.add(normal)
        yield _repository(ObjectName.of(cluster, key_of(item)), found, users, lines, is_template=kind == "repo-creds")
    for normal in sorted(set(used) - known):
        is_covered = any(normal.startswith(prefix) for prefix in prefixes)
        url = shown_address(written[normal])
        yield SourceLine(
            id=ObjectName(cluster=cluster, group="", kind=_REPOSITORY, namespace="", name=url),
            engine="argocd",
            kind=_REPOSITORY,
            is_there=False,
            url=url,
            state=_worst(used[normal], lines),
            message="with the credentials of a prefix of its URL" if is_covered else _WITHOUT,
            users=_users(list(dict.fromkeys(used[normal])), lines),
        )


def _repository(
    name: ObjectName,
    found: _Readable,
    users: Sequence[ObjectName],
    lines: Mapping[ObjectName, DeliveryLine],
    *,
    is_template: bool,
) -> SourceLine:
    has = [key for key in _CREDENTIALS if key in found.keys]
    return SourceLine(
        id=name,
        engine="argocd",
        kind="Credentials" if is_template else _REPOSITORY,
        url=shown_address(found.url),
        wanted=found.words,
        state=_worst(users, lines),
        message=found.says,
        secret=name.name,
        secret_says="" if found.says else f"has {', '.join(has)}" if has else "has no credentials",
        users=_users(list(dict.fromkeys(users)), lines),
    )


def _worst(users: Sequence[ObjectName], lines: Mapping[ObjectName, DeliveryLine]) -> str:
    """Return how a repository stands: Argo CD keeps no state of one, so what its Applications say of it counts."""
    failing = [name for name in users if name in lines and "failed to load target state" in lines[name].message.lower()]
    if failing:
        return "failed"
    return "ready" if any(name in lines and lines[name].state != "rendered" for name in users) else "rendered"
