"""Helm repositories over HTTP: the index, the choice of a version, the archive; and charts in OCI registries.

Archives are hostile: sizes are limited while they are read, nothing is written to disk, links and paths that lead out
of the chart are refused, and the digest that the index gives must hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace

import httpx

from nixernetes.adapters.addresses import following, shown_address, split_address
from nixernetes.adapters.exchanges import Answered, Deadline
from nixernetes.adapters.registries.archives import unpacked
from nixernetes.adapters.registries.connections import Connections, basic_auth
from nixernetes.adapters.registries.oci_registry import HttpRegistries
from nixernetes.errors import InputError, RemoteError
from nixernetes.languages.semver import chosen
from nixernetes.objects import yamls
from nixernetes.objects.fields import items_at, objects_at, text_at
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.charts import Chart, chart_from_tree
from nixernetes.render.sources.credentials import ANONYMOUS, Credentials
from nixernetes.render.sources.oci import CHART_LAYER, OciRef
from nixernetes.render.tree import MemoryTree, Tree

__all__ = ["HttpCharts", "unpack_chart"]

_TIMEOUT_SECONDS = 60.0  # Flux's default for a HelmRepository
_MAX_INDEX_BYTES = 50 * 1024 * 1024  # source-controller's own limit of an index
_MAX_REDIRECTS = 5
_MAX_CHART_BYTES = 10 * 1024 * 1024  # source-controller's own limit of a chart archive


class HttpCharts:
    """Finds charts in HTTP repositories; a :class:`~nixernetes.render.sources.charts.ChartRepositories`.

    An index is fetched for each :meth:`index`; :meth:`pull` uses the last one, and fetches one when there is none.

    Args:
        timeout_seconds: how long a connection, one read or one write may take.
        deadline: when the answer to a question must have come.

    """

    def __init__(self, timeout_seconds: float = _TIMEOUT_SECONDS, deadline: Deadline | None = None) -> None:
        self._connections = Connections(timeout_seconds, deadline)
        self._indexes: dict[tuple[str, Credentials], tuple[str, Json]] = {}
        self._registries = HttpRegistries(timeout_seconds, deadline)
        self._charts: dict[tuple[str, str, Credentials], Chart] = {}

    def index(self, url: str, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision of a repository's index."""
        address = _address(url) + "index.yaml"
        data = self._get(address, _MAX_INDEX_BYTES, credentials)
        revision = "sha256:" + hashlib.sha256(data).hexdigest()
        known = self._indexes.get((url, credentials))
        if known is None or known[0] != revision:
            self._indexes[(url, credentials)] = (revision, _entries(data, address))
        return revision

    def pull(self, url: str, name: str, version: str, credentials: Credentials = ANONYMOUS) -> Chart:
        """Return the newest chart that satisfies a version constraint."""
        if url.startswith("oci://"):
            return self._pull_oci(f"{url.rstrip('/')}/{name}", name, version, credentials)
        if (url, credentials) not in self._indexes:
            self.index(url, credentials)
        entry = _chosen(self._indexes[(url, credentials)][1], url, name, version)
        place = following(_address(url), _urls(entry)[0])
        digest = text_at(entry, "digest").removeprefix("sha256:")
        known = self._charts.get((place, digest, credentials)) if digest else None
        if known is None:
            data = self._get(place, _MAX_CHART_BYTES, credentials, known_by=url)
            if digest and hashlib.sha256(data).hexdigest() != digest:
                raise RemoteError(
                    f"the digest of chart {name} {entry['version']} is not what the index says", subject=url
                )
            known = unpack_chart(data, f"{name} {entry['version']}")
            self._charts[(place, digest, credentials)] = known
        return known

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()
        self._registries.close()

    def _pull_oci(self, url: str, name: str, version: str, credentials: Credentials) -> Chart:
        tag = _tag(self._registries.tags(url, credentials), url, name, version)
        artifact = self._registries.artifact(url, OciRef(tag=tag), credentials, media_type=CHART_LAYER)
        chart = _chart(artifact.tree, f"{name} {tag}")
        if (chart.name, chart.version) != (name, tag.replace("_", "+")):
            raise RemoteError(f"the tag {tag} holds chart {chart.name} {chart.version}", subject=url)
        return chart

    def _get(self, address: str, limit_bytes: int, who: Credentials, *, known_by: str = "") -> bytes:
        """Fetch, and follow redirects.

        Who asks is told to the repository's own host; to where the index leads only with ``pass_credentials`` (Helm's
        rule), to where a redirect leads never.
        """
        self._connections.deadline.begin()
        own = _host(known_by or address)
        nobody = replace(who, username="", password="", certificate="", key="")
        knows = who.pass_credentials
        for _ in range(_MAX_REDIRECTS):
            response, data = self._once(address, limit_bytes, who if knows or _is_same(own, address) else nobody)
            if not response.has_redirect_location:
                if not response.is_success:
                    status = f"{response.status_code} {response.reason_phrase}"
                    raise RemoteError(f"failed to fetch {shown_address(address)}: {status}")
                return data
            address, knows = following(address, response.headers["Location"]), False
        raise RemoteError(f"failed to fetch {shown_address(address)}: it redirects too often")

    def _once(self, address: str, limit_bytes: int, who: Credentials) -> Answered:
        authorization = basic_auth(who)
        headers = {"Authorization": authorization} if authorization else {}
        try:
            return self._connections.client(who).ask(address, limit_bytes, headers=headers)
        except httpx.HTTPError as error:
            raise RemoteError(
                f"failed to fetch {shown_address(address)}: {str(error) or type(error).__name__}"
            ) from error


def _is_same(own: tuple[str, str], address: str) -> bool:
    """Tell whether an address is of a host, or of the same one by TLS."""
    scheme, host = _host(address)
    return (scheme, host) == own or ((scheme, own[0]) == ("https", "http") and host == own[1] and ":" not in host)


def _host(url: str) -> tuple[str, str]:
    parts = split_address(url)
    return parts.scheme, parts.netloc


def _address(url: str) -> str:
    if url.startswith("oci://"):
        raise InputError("a repository in an OCI registry has no index", subject=url)
    if not url.startswith(("http://", "https://")):
        raise InputError("the URL of a Helm repository must be http:// or https://", subject=url)
    split_address(url)
    return url if url.endswith("/") else url + "/"


def _entries(data: bytes, address: str) -> Json:
    try:
        index = yamls.parse(data, file=address)
    except InputError as error:
        raise RemoteError(f"the index is broken: {error}") from error
    entries = index.get("entries") if isinstance(index, dict) else None
    if not isinstance(entries, dict):
        raise RemoteError("no valid index: it has no entries", subject=address)
    return entries


def _chosen(entries: Json, url: str, name: str, version: str) -> Json:
    """Choose as Helm does: an exact version first, else the newest that the constraint admits."""
    versions = {
        str(entry["version"]): entry
        for entry in reversed(objects_at(entries, name))
        if entry.get("version") and _urls(entry)
    }
    if not versions:
        raise RemoteError(f"failed to get chart version for remote reference: no chart name found: {name}", subject=url)
    found = _version(versions, url, name, version)
    if not found:
        raise RemoteError(f"no '{name}' chart with version matching '{version}' found", subject=url)
    return versions[found]


def _urls(entry: Json) -> list[str]:
    return [url for url in items_at(entry, "urls") if isinstance(url, str)]


def _version(versions: Collection[str], url: str, name: str, version: str) -> str:
    try:
        return chosen(versions, version)
    except ValueError as error:
        raise RemoteError(f"chart {name}: {error}", subject=url) from error


def unpack_chart(data: bytes, shown: str) -> Chart:
    """Return the chart in an archive (``.tgz``).

    Raises:
        RemoteError: the archive is broken, too large, or holds what a chart must not.

    """
    return _chart(MemoryTree(unpacked(data, f"chart {shown}")), shown)


def _chart(archive: Tree, shown: str) -> Chart:
    """Return the chart of an archive, whose first folder has the chart's name."""
    files = {path.partition("/")[2]: archive.read(path) for path in archive.walk() if "/" in path}
    try:
        return chart_from_tree(MemoryTree(files))
    except InputError as error:
        raise RemoteError(f"chart {shown} is broken: {error}") from error


def _tag(tags: list[str], url: str, name: str, version: str) -> str:
    """Choose among tags as Helm does; a tag has ``_`` where the version has ``+``."""
    versions = {tag.replace("_", "+"): tag for tag in tags}
    found = _version(versions, url, name, version)
    if not found:
        raise RemoteError(f"could not locate a version of '{name}' matching '{version}' in its tags", subject=url)
    return versions[found]
