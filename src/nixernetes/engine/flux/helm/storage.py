"""Helm's release storage: one Secret a revision, in Helm's own format, so that ``helm list`` could read it.

The content is compressed and encoded; it holds values and rendered Secrets, and is never printed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from nixernetes.cluster.api import Api, ApiError
from nixernetes.objects import yamls
from nixernetes.objects.clocks import timestamp
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.kinds import SECRET
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.shapes import OBJECT, misfit

__all__ = ["Release", "Storage", "digest_of_values"]

_MANAGER = "helm-controller"
_MOST = 64 << 20  # bytes of one revision, unpacked; a Secret holds one mebibyte, packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One revision of a release.

    Attributes:
        name: the release name.
        namespace: the release namespace.
        version: the revision, from 1.
        status: deployed, superseded, failed, uninstalled, or pending-something.
        chart_name: the name in Chart.yaml.
        chart_version: the version, with build metadata where Flux adds it.
        app_version: the appVersion.
        config: the values.
        objects: the manifests without hooks.
        hooks: the hooks.
        first_deployed: when revision 1 was made, RFC 3339.
        last_deployed: when this revision was made.
        description: Helm's words.
        definitions: the CRDs of its chart, while the release is made; the storage does not hold them.
        server_side: whether it was applied by the server, or by patches of the client.

    """

    name: str
    namespace: str
    version: int
    status: str
    chart_name: str
    chart_version: str
    app_version: str
    config: Json = field(repr=False)
    objects: tuple[Manifest, ...] = field(repr=False)
    hooks: tuple[Manifest, ...] = field(repr=False)
    first_deployed: str
    last_deployed: str
    description: str = ""
    definitions: tuple[Manifest, ...] = field(default=(), repr=False)
    server_side: bool = True

    @property
    def full_name(self) -> str:
        """``<namespace>/<name>.v<version>``."""
        return f"{self.namespace}/{self.name}.v{self.version}"

    @property
    def chart(self) -> str:
        """``<chart>@<version>``."""
        return f"{self.chart_name}@{self.chart_version}"

    @property
    def config_digest(self) -> str:
        """The digest over the values."""
        return digest_of_values(self.config)


def digest_of_values(values: Json) -> str:
    """Return the digest over values, as YAML with sorted keys; of no values it is that of nothing.

    As ``DigestValues`` of fluxcd/pkg/chartutil.
    """
    text = yamls.dump(values, sort_keys=True) if values else ""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


class Storage:
    """The release storage in one namespace.

    Args:
        api: the cluster.
        namespace: the storage namespace.

    """

    def __init__(self, api: Api, namespace: str) -> None:
        self._api = api
        self._namespace = namespace

    def releases(self, name: str) -> list[Release]:
        """Return all revisions of a release, oldest first."""
        found = self._api.list(SECRET, namespace=self._namespace, labels={"owner": "helm", "name": name})
        return sorted(filter(None, map(_decode, found)), key=lambda one: one.version)

    def last(self, name: str) -> Release | None:
        """Return the newest revision of a release, or None."""
        found = self._api.list(SECRET, namespace=self._namespace, labels={"owner": "helm", "name": name})
        return next(filter(None, map(_decode, sorted(found, key=_version, reverse=True))), None)

    def put(self, release: Release, moment: datetime) -> None:
        """Write one revision.

        Raises:
            ApiError: the storage namespace is not there.

        """
        body = _encode(release)
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": _secret_name(release.name, release.version),
                "namespace": self._namespace,
                "labels": {
                    "modifiedAt": str(int(moment.timestamp())),
                    "name": release.name,
                    "owner": "helm",
                    "status": release.status,
                    "version": str(release.version),
                },
            },
            "type": "helm.sh/release.v1",
            "data": {"release": base64.b64encode(body).decode()},
        }
        if self._api.get(key_of(secret)) is None:
            self._api.create(secret, manager=_MANAGER)
        else:
            self._api.update(secret, manager=_MANAGER)

    def supersede(self, name: str, except_version: int, moment: datetime, replaced: int = 0) -> None:
        """Mark every deployed revision but one as superseded, and the one that was replaced."""
        for release in self.releases(name):
            is_over = release.status == "deployed" or release.version == replaced
            if is_over and release.version != except_version:
                self.put(replace(release, status="superseded"), moment)

    def make_room(self, name: str, most: int) -> None:
        """Delete the oldest revisions so that one more makes a number of them; none goes where that is not above 0.

        The last one that is deployed stays (helm.sh/helm/v4 v4.2.4, ``pkg/storage/storage.go``).
        """
        held = self.releases(name) if most > 0 else []
        deployed = next((one.version for one in reversed(held) if one.status == "deployed"), 0)
        gone = [one for one in held if one.version != deployed][: max(len(held) - most + 1, 0)]
        for release in gone:
            self._delete(name, release.version)

    def drop(self, name: str) -> None:
        """Delete every revision of a release."""
        for release in self.releases(name):
            self._delete(name, release.version)

    def _delete(self, name: str, version: int) -> None:
        try:
            self._api.delete(ObjectKey("", "Secret", self._namespace, _secret_name(name, version)))
        except ApiError as error:
            if error.reason != "NotFound":
                raise


def snapshot(release: Release, action: str, config_digest: str) -> Manifest:
    """Return the entry of ``status.history`` for a revision."""
    return {
        "apiVersion": "v2",
        "digest": "sha256:" + hashlib.sha256(_encode(release)).hexdigest(),
        "name": release.name,
        "namespace": release.namespace,
        "version": release.version,
        "status": release.status,
        "action": action,
        "chartName": release.chart_name,
        "chartVersion": release.chart_version,
        **({"appVersion": release.app_version} if release.app_version else {}),
        "configDigest": config_digest,
        "firstDeployed": release.first_deployed,
        "lastDeployed": release.last_deployed,
    }


def now_text(moment: datetime) -> str:
    """Write a moment as the storage does."""
    return timestamp(moment)


def _secret_name(name: str, version: int) -> str:
    return f"sh.helm.release.v1.{name}.v{version}"


def _encode(release: Release) -> bytes:
    record = {
        "name": release.name,
        "namespace": release.namespace,
        "version": release.version,
        "info": {
            "first_deployed": release.first_deployed,
            "last_deployed": release.last_deployed,
            "deleted": "",
            "description": release.description,
            "status": release.status,
        },
        "chart": {
            "metadata": {
                "name": release.chart_name,
                "version": release.chart_version,
                "appVersion": release.app_version,
            }
        },
        "config": release.config,
        "apply_method": "ssa" if release.server_side else "csa",
        "manifest": _documents(release.objects),
        "hooks": [
            {"name": one["metadata"]["name"], "kind": one["kind"], "manifest": json.dumps(one)} for one in release.hooks
        ],
    }
    return base64.b64encode(gzip.compress(json.dumps(record).encode(), compresslevel=1, mtime=0))


def _documents(objects: Sequence[Manifest]) -> str:
    # JSON is YAML, and one document a line is quick to read again.
    return "".join(f"---\n{json.dumps(one)}\n" for one in objects)


def _version(secret: Manifest) -> int:
    text = labels_of(secret).get("version", "")
    return int(text) if text.isdecimal() else 0


def _decode(secret: Manifest) -> Release | None:
    """Return the revision in a Secret; None for one that holds none, which Helm passes over, too."""
    try:
        packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
        unpacked = zlib.decompressobj(wbits=31).decompress(packed, _MOST)
        release = _release(json.loads(unpacked))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, zlib.error):
        return None
    return None if any(misfit(OBJECT, one) for one in (*release.objects, *release.hooks)) else release


def _release(record: Json) -> Release:
    info, meta = record["info"], record["chart"]["metadata"]
    lines = record["manifest"].splitlines()
    return Release(
        name=record["name"],
        namespace=record["namespace"],
        version=int(record["version"]),
        status=str(info["status"]),
        chart_name=meta["name"],
        chart_version=meta["version"],
        app_version=meta["appVersion"],
        config=record["config"],
        objects=tuple(json.loads(line) for line in lines if line != "---"),
        hooks=tuple(json.loads(one["manifest"]) for one in record["hooks"]),
        first_deployed=info["first_deployed"],
        last_deployed=info["last_deployed"],
        description=info["description"],
        server_side=record.get("apply_method") != "csa",
    )
