"""OCI registries over HTTP (the distribution API): tags, manifests and layers, each verified by its digest.

Registries are hostile: answers are limited in size, a redirect to another host does not carry credentials, archives are
unpacked in memory. As in go-containerregistry, a registry on this machine is spoken to by plain HTTP, another one only
where ``insecure`` says so. Filters of tags are refused by name.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import httpx

from nixernetes.adapters.addresses import following, shown_address, split_address
from nixernetes.adapters.exchanges import Answered, Deadline, Exchanges
from nixernetes.adapters.registries.archives import unpacked
from nixernetes.adapters.registries.connections import Connections, basic_auth
from nixernetes.errors import InputError, RemoteError
from nixernetes.languages.semver import newest, parse_constraint
from nixernetes.objects.manifest import Json
from nixernetes.render.sources.credentials import ANONYMOUS, DOCKER_HUB, Credentials
from nixernetes.render.sources.oci import OciArtifact, OciRef
from nixernetes.render.tree import MemoryTree

__all__ = ["HttpRegistries"]

_TIMEOUT_SECONDS = 60.0  # Flux's default for an OCIRepository
_MAX_MANIFEST_BYTES = 4 * 1024 * 1024  # what registries must accept at least (distribution specification)
_MAX_LAYER_BYTES = 50 * 1024 * 1024
_MAX_PAGES = 100
_MAX_REDIRECTS = 5
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_ACCEPT = ", ".join(
    ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json", *_INDEXES)
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9]+(?:[._/-]+[a-z0-9]+)*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


class HttpRegistries:
    """Reads artifacts out of registries; an :class:`~nixernetes.render.sources.oci.OciRegistries`.

    Layers are kept for as long as the object lives.

    Args:
        timeout_seconds: how long a connection, one read or one write may take.
        deadline: when the answer to a question must have come.

    """

    def __init__(self, timeout_seconds: float = _TIMEOUT_SECONDS, deadline: Deadline | None = None) -> None:
        self._connections = Connections(timeout_seconds, deadline)
        self._kept: dict[tuple[str, Credentials, str, str], OciArtifact] = {}

    def resolve(self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS) -> str:
        """Return the revision that a reference names now."""
        return self._manifest(self._repository(url, credentials), ref)[0]

    def artifact(
        self, url: str, ref: OciRef, credentials: Credentials = ANONYMOUS, *, media_type: str = ""
    ) -> OciArtifact:
        """Return an artifact with the files of one layer."""
        repository = self._repository(url, credentials)
        revision, digest, manifest = self._manifest(repository, ref)
        key = (url, credentials, digest, media_type)
        if key not in self._kept:
            layer = _layer(manifest, media_type, url)
            data = repository.get(f"blobs/{layer}", _MAX_LAYER_BYTES)
            _verify(data, layer, url)
            annotations = manifest.get("annotations")
            self._kept[key] = OciArtifact(
                revision=revision,
                digest=digest,
                layer=layer,
                annotations=annotations if isinstance(annotations, dict) else {},
                tree=MemoryTree(unpacked(data, f"layer {layer} of {url}")),
            )
        return replace(self._kept[key], revision=revision)

    def tags(self, url: str, credentials: Credentials = ANONYMOUS) -> list[str]:
        """Return the tags of a repository.

        Raises:
            RemoteError: the registry cannot be reached or refuses.

        """
        return self._repository(url, credentials).tags()

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def _repository(self, url: str, credentials: Credentials) -> _Repository:
        self._connections.deadline.begin()
        return _Repository(self._connections, url, credentials)

    def _manifest(self, repository: _Repository, ref: OciRef) -> tuple[str, str, Json]:
        """Return (revision, digest, manifest); the revision names an index where the reference does."""
        name = ref.digest or (_newest(repository, ref) if ref.semver else ref.tag or "latest")
        if not (_DIGEST if ref.digest else _TAG).fullmatch(name):
            raise InputError(f"{name!r} is not a valid tag or digest", subject=repository.url)
        digest, manifest = repository.manifest(name)
        revision = digest if ref.digest else f"{name}@{digest}"
        if manifest.get("mediaType") in _INDEXES or "manifests" in manifest:
            digest, manifest = repository.manifest(_image(manifest, repository.url))
        return revision, digest, manifest


class _Repository:
    """One repository of a registry, as one client sees it."""

    def __init__(self, connections: Connections, url: str, credentials: Credentials) -> None:
        parts = split_address(url)
        host, name = parts.netloc, parts.path.strip("/")
        if parts.scheme != "oci" or not host or "@" in host or not _NAME.fullmatch(name):
            raise InputError("the URL of an OCI repository must be oci://host/path", subject=url)
        if host in DOCKER_HUB[:2]:
            host, name = DOCKER_HUB[2], name if "/" in name else f"library/{name}"
        plain = credentials.insecure or parts.hostname in _LOOPBACK
        self.url = url
        self._client = connections.client(credentials)
        self._elsewhere = connections.client(replace(credentials, certificate="", key=""))
        self._credentials = credentials
        self._base = f"{'http' if plain else 'https'}://{host}/v2/{name}/"
        self._scope = f"repository:{name}:pull"
        self._authorization = ""

    def tags(self) -> list[str]:
        found: list[str] = []
        address = urljoin(self._base, "tags/list")
        for _ in range(_MAX_PAGES):
            response, data = self._fetch(address, _MAX_MANIFEST_BYTES)
            listed = _object(data, address).get("tags") or []
            if not isinstance(listed, list):
                raise RemoteError("the list of tags is not a list", subject=self.url)
            found += [tag for tag in listed if isinstance(tag, str)]
            more = response.links.get("next", {}).get("url")
            if not more:
                return found
            address = following(address, more)
            if not _same_place(address, self._base):
                raise RemoteError("the list of tags goes on at another host", subject=self.url)
        raise RemoteError(f"the list of tags has more than {_MAX_PAGES} pages", subject=self.url)

    def manifest(self, name: str) -> tuple[str, Json]:
        address = urljoin(self._base, f"manifests/{name}") if ":" not in name else f"{self._base}manifests/{name}"
        _, data = self._fetch(address, _MAX_MANIFEST_BYTES)
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        if ":" in name:
            _verify(data, name, self.url)
        return digest, _object(data, address)

    def get(self, path: str, limit_bytes: int) -> bytes:
        return self._fetch(self._base + path, limit_bytes).body

    def _fetch(self, address: str, limit_bytes: int) -> Answered:
        response, data = self._followed(address, limit_bytes)
        if response.status_code == httpx.codes.UNAUTHORIZED and not self._authorization:
            self._authorization = self._authorized(response.headers.get("WWW-Authenticate", ""))
            response, data = self._followed(address, limit_bytes)
        if not response.is_success:
            raise RemoteError(
                f"GET {shown_address(address)}: {response.status_code} {response.reason_phrase}", subject=self.url
            )
        return Answered(response, data)

    def _followed(self, address: str, limit_bytes: int) -> Answered:
        """Follow redirects; another host never sees the credentials."""
        for _ in range(_MAX_REDIRECTS):
            headers = {"Accept": _ACCEPT if "/manifests/" in address else "*/*", "Accept-Encoding": "identity"}
            if self._authorization and _same_place(address, self._base):
                headers["Authorization"] = self._authorization
            own = self._client if _same_place(address, self._base) else self._elsewhere
            response, data = self._once(address, headers, limit_bytes, own)
            if not response.has_redirect_location:
                return Answered(response, data)
            address = following(address, response.headers["Location"])
            _require_http(address, self.url)
        raise RemoteError(f"{address} redirects too often", subject=self.url)

    def _once(self, address: str, headers: dict[str, str], limit_bytes: int, client: Exchanges) -> Answered:
        try:
            return client.ask(address, limit_bytes, headers=headers)
        except httpx.HTTPError as error:
            raise RemoteError(
                f"GET {shown_address(address)}: {type(error).__name__}: {error}", subject=self.url
            ) from error

    def _authorized(self, challenge: str) -> str:
        """Return the Authorization header that a challenge asks for, or ``""``."""
        scheme, _, rest = challenge.partition(" ")
        who = self._credentials
        basic = basic_auth(who)
        if scheme.lower() != "bearer":
            return basic
        given = dict(_PARAMETER.findall(rest))
        realm = given.get("realm", "")
        _require_http(realm, self.url)
        if basic and realm.startswith("http://") and not self._base.startswith("http://"):
            raise RemoteError("the registry asks for the credentials over plain HTTP", subject=self.url)
        asked = {"service": given.get("service", ""), "scope": given.get("scope") or self._scope}
        address = str(httpx.URL(realm).copy_merge_params({name: value for name, value in asked.items() if value}))
        response, data = self._once(
            address, {"Authorization": basic} if basic else {}, _MAX_MANIFEST_BYTES, self._client
        )
        if not response.is_success:
            raise RemoteError(
                f"GET {shown_address(realm)}: {response.status_code} {response.reason_phrase}", subject=self.url
            )
        answer = _object(data, realm)
        token = answer.get("token") or answer.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise RemoteError(f"GET {shown_address(realm)}: the answer has no token", subject=self.url)
        return f"Bearer {token}"


def _require_http(address: str, url: str) -> None:
    try:
        valid = urlsplit(address).scheme in ("http", "https") and bool(httpx.URL(address).host)
    except (ValueError, httpx.InvalidURL):
        valid = False
    if not valid:
        raise RemoteError("the registry leads to an address that is not http:// or https://", subject=url)


def _same_place(address: str, base: str) -> bool:
    left, right = urlsplit(address), urlsplit(base)
    return (left.scheme, left.netloc) == (right.scheme, right.netloc)


def _object(data: bytes, address: str) -> Json:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise RemoteError(f"GET {shown_address(address)}: the answer is not a JSON object")
    return found


def _listed(manifest: Json, name: str) -> list[Json]:
    found = manifest.get(name)
    return found if isinstance(found, list) else []


def _verify(data: bytes, digest: str, url: str) -> None:
    if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
        raise RemoteError(f"the content does not have the digest {digest}", subject=url)


def _newest(repository: _Repository, ref: OciRef) -> str:
    if ref.semver_filter:
        raise InputError("semverFilter is not evaluated: name a tag or a range", subject=repository.url)
    try:
        found = newest(repository.tags(), parse_constraint(ref.semver))
    except ValueError as error:
        raise InputError(f"semver '{ref.semver}' parse error: {error}", subject=repository.url) from error
    if not found:
        raise RemoteError(f"no match found for semver: {ref.semver}", subject=repository.url)
    return found[0]


def _image(index: Json, url: str) -> str:
    """Return the digest of the image of an index that is for linux/amd64."""
    for entry in _listed(index, "manifests"):
        platform = entry.get("platform") if isinstance(entry, dict) else None
        if not isinstance(platform, dict):
            continue
        digest = str(entry.get("digest"))
        if (platform.get("os"), platform.get("architecture")) == ("linux", "amd64") and _DIGEST.fullmatch(digest):
            return digest
    raise RemoteError("no child with platform linux/amd64 in index", subject=url)


def _layer(manifest: Json, media_type: str, url: str) -> str:
    layers = [layer for layer in _listed(manifest, "layers") if isinstance(layer, dict)]
    if not layers:
        raise RemoteError("no layers found in artifact", subject=url)
    for layer in layers:
        if not media_type or layer.get("mediaType") == media_type:
            if _DIGEST.fullmatch(str(layer.get("digest"))):
                return str(layer["digest"])
            raise RemoteError("a layer of the artifact has no sha256 digest", subject=url)
    raise RemoteError(f"failed to find layer with media type '{media_type}' in artifact", subject=url)
