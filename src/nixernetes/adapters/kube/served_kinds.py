"""Which kinds a server has: aggregated discovery, or where there is none each group version (before 1.26)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from nixernetes.adapters.kube.connections import ApiConnection
from nixernetes.cluster.api import ApiError
from nixernetes.objects.fields import items_at, mapping_at, objects_at, text_at
from nixernetes.objects.identity import GroupKind, split_api_version
from nixernetes.objects.manifest import Json

__all__ = ["ServedKind", "ServedKinds"]

_LIST: Final = "APIGroupDiscoveryList"
_ACCEPT: Final = ",".join(
    (
        f"application/json;g=apidiscovery.k8s.io;v=v2;as={_LIST}",
        f"application/json;g=apidiscovery.k8s.io;v=v2beta1;as={_LIST}",
        "application/json",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedKind:
    """One kind in one version.

    Attributes:
        kind: group and kind.
        version: the version.
        resource: its plural name in paths.
        namespaced: whether its objects are in namespaces.
        verbs: what may be done with them.

    """

    kind: GroupKind
    version: str
    resource: str
    namespaced: bool
    verbs: frozenset[str]

    @property
    def api_version(self) -> str:
        """Group and version, as objects name them."""
        return f"{self.kind.group}/{self.version}" if self.kind.group else self.version

    def path(self, namespace: str = "", name: str = "", part: str = "") -> str:
        """Return the path of an object, or of all of them where it has no name."""
        root = f"/apis/{self.api_version}" if self.kind.group else f"/api/{self.version}"
        place = f"/namespaces/{quote(namespace, safe='')}" if self.namespaced and namespace else ""
        steps = (self.resource, quote(name, safe=""), part) if name else (self.resource,)
        return f"{root}{place}/{'/'.join(filter(None, steps))}"


class ServedKinds:
    """What a server has; asked once, and again when something is missing: a definition may have come.

    Args:
        connection: the server.

    """

    def __init__(self, connection: ApiConnection) -> None:
        self._connection = connection
        self._found: dict[GroupKind, dict[str, ServedKind]] | None = None

    def find(self, kind: GroupKind, version: str = "") -> ServedKind | None:
        """Return a kind in a version, in the preferred one where none is named; None when it is not served."""
        for is_fresh in (False, True):
            versions = self._read(fresh=is_fresh).get(kind, {})
            found = versions.get(version) if version else next(iter(versions.values()), None)
            if found is not None:
                return found
        return None

    def all(self) -> Iterator[ServedKind]:
        """Yield every kind in its preferred version, sorted."""
        known = self._read(fresh=False)
        for kind in sorted(known):
            yield next(iter(known[kind].values()))

    def versions(self, kind: GroupKind) -> tuple[str, ...]:
        """Return the versions in which a kind is served, the preferred one first."""
        return tuple(self._read(fresh=False).get(kind, {}))

    def _read(self, *, fresh: bool) -> Mapping[GroupKind, dict[str, ServedKind]]:
        if self._found is None or fresh:
            found: dict[GroupKind, dict[str, ServedKind]] = {}
            for each in (*self._of("/api", self._core), *self._of("/apis", self._groups)):
                found.setdefault(each.kind, {}).setdefault(each.version, each)
            self._found = found
        return self._found

    def _of(self, path: str, one_by_one: Callable[[Json], Iterator[ServedKind]]) -> Iterator[ServedKind]:
        answer = self._connection.ask("GET", path, accept=_ACCEPT)
        if text_at(answer, "kind") == _LIST:
            return _aggregated(answer)
        return one_by_one(answer)

    def _core(self, answer: Json) -> Iterator[ServedKind]:
        for version in items_at(answer, "versions"):
            yield from self._listed(f"/api/{version}", str(version))

    def _groups(self, answer: Json) -> Iterator[ServedKind]:
        for group in objects_at(answer, "groups"):
            preferred = text_at(group, "preferredVersion", "groupVersion")
            others = [text_at(each, "groupVersion") for each in objects_at(group, "versions")]
            for name in dict.fromkeys((preferred, *others)):
                yield from self._listed(f"/apis/{name}", name)

    def _listed(self, path: str, group_version: str) -> Iterable[ServedKind]:
        try:
            answer = self._connection.ask("GET", path)
        except ApiError as error:
            if error.reason in ("NotFound", "ServiceUnavailable", "InternalError", "Forbidden"):
                return ()  # an aggregated server that is away takes nothing else with it
            raise
        group, version = split_api_version(group_version)
        return [
            _served(GroupKind(text_at(each, "group") or group, text_at(each, "kind")), version, each)
            for each in objects_at(answer, "resources")
            if "/" not in text_at(each, "name")
        ]


def _aggregated(answer: Json) -> Iterator[ServedKind]:
    for group in objects_at(answer, "items"):
        for version in objects_at(group, "versions"):
            for each in objects_at(version, "resources"):
                told = mapping_at(each, "responseKind")
                kind = GroupKind(text_at(told, "group") or text_at(group, "metadata", "name"), text_at(told, "kind"))
                yield _served(kind, text_at(version, "version"), each)


def _served(kind: GroupKind, version: str, told: Json) -> ServedKind:
    return ServedKind(
        kind=kind,
        version=version,
        resource=text_at(told, "resource") or text_at(told, "name"),
        namespaced=told.get("namespaced") is True or text_at(told, "scope") == "Namespaced",
        verbs=frozenset(each for each in items_at(told, "verbs") if isinstance(each, str)),
    )
