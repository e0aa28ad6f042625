"""The clusters that an Argo CD delivers to: those of its cluster Secrets, and those that Applications name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE, IN_CLUSTER
from nixernetes.render.references import data_of

__all__ = ["named_servers"]

_OWN_NAMES: Final = ("", "in-cluster")


def named_servers(objects: Iterable[Manifest]) -> dict[str, str]:
    """Return each cluster's API server URL by its name, the control plane's own left out.

    A cluster is called as its Secret or a destination says, else after its server: by the first label of the host, or
    by the whole host where several would be called alike.
    """
    pairs = [pair for item in objects for pair in _named(item)]
    known = {name for name, server in pairs if name and server}
    servers: dict[str, str] = {}  # by URL, the name or ""
    for name, server in pairs:
        if server or name not in known:  # a name alone is of who has it
            url = server or f"https://{name}.invalid"
            servers[url] = servers.get(url) or name
    servers.pop(IN_CLUSTER, None)
    short = Counter(_label(server) for server, name in servers.items() if not name)
    taken = {name for name in servers.values() if name}
    found: dict[str, str] = {}
    for server, name in sorted(servers.items()):
        label = _label(server)
        is_alone = short[label] == 1 and label not in taken
        found[name or (label if is_alone else _host(server))] = server
    return found


def _named(item: Manifest) -> Iterable[tuple[str, str]]:
    if group_kind(item) == APPLICATION:
        yield _destination(mapping_at(item, "spec", "destination"))
    elif key_of(item)[:2] == ("", "Secret") and labels_of(item).get(ARGOCD_SECRET_TYPE) == "cluster":
        data = _data(item)
        server = data.get("server", "").rstrip("/")
        if server:
            yield data.get("name", "") or server, server


def _destination(destination: Json) -> tuple[str, str]:
    name, server = text_at(destination, "name"), text_at(destination, "server").rstrip("/")
    if name in _OWN_NAMES and not server:
        return "", IN_CLUSTER
    return name, server


def _data(secret: Manifest) -> dict[str, str]:
    """Return what a Secret says in plain text; what SOPS encrypted says nothing."""
    if "sops" in secret or not all(isinstance(secret.get(part) or {}, dict) for part in ("data", "stringData")):
        return {}
    return data_of(secret)


def _label(server: str) -> str:
    host = _host(server)
    first = host.split(".")[0]
    return host if first.isdigit() else first


def _host(server: str) -> str:
    try:
        return urlsplit(server).hostname or server
    except ValueError:
        return server
