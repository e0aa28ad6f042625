"""Reads kubeconfig files as kubectl does (client-go ``tools/clientcmd/loader.go``, v0.34.4).

A named file stands alone and must be there. Else the files of ``KUBECONFIG`` are merged, else ``~/.kube/config`` is
read: the first file that names a context, cluster or user wins with its whole entry, the first current context too;
files that are not there count as empty. Paths in a file begin at its own folder.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from nixernetes.adapters.kube.contexts import ClusterAddress, ClusterUser, CredentialPlugin, KubeContext
from nixernetes.adapters.kube.small_files import small_text
from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["MergedKubeconfig", "read_kubeconfig"]

_MOST_BYTES: Final = 16 << 20
_LISTS: Final = ("clusters", "users", "contexts")
_EXTENSION: Final = "client.authentication.k8s.io/exec"
_PLUGIN_VERSIONS: Final = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
_PROXIES: Final = ("http", "https")


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one file says of a name."""

    data: Json
    file: Path


@dataclass(frozen=True, slots=True, repr=False)
class MergedKubeconfig:
    """Merged kubeconfig files; printed, they show nothing.

    Attributes:
        current: the name of the current context, or ``""``.
        place: the files, for messages.
        entries: by list (``clusters``, ``users``, ``contexts``) and name.

    """

    current: str
    place: str
    entries: Mapping[str, Mapping[str, _Entry]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the contexts, sorted."""
        return tuple(sorted(self.entries["contexts"]))

    def named(self, name: str = "") -> str:
        """Return the name of a context that is there, the current one where none is named.

        Raises:
            InputError: there is none.

        """
        wanted = name or self.current
        known = f"it has {', '.join(self.names)}" if self.names else "it has none"
        if not wanted:
            raise InputError(f"names no current context: choose one with --context ({known})", subject=self.place)
        if wanted not in self.entries["contexts"]:
            raise InputError(f"there is no context {wanted!r}: {known}", subject=self.place)
        return wanted

    def context(self, name: str = "") -> KubeContext:
        """Return a context, the current one where none is named.

        Raises:
            InputError: there is none, or what it says cannot be used.

        """
        wanted = self.named(name)
        entry = self.entries["contexts"][wanted]
        return KubeContext(
            name=wanted,
            namespace=text_at(entry.data, "context", "namespace") or "default",
            cluster=self._cluster(entry),
            user=self._user(entry),
        )

    def _cluster(self, context: _Entry) -> ClusterAddress:
        name = text_at(context.data, "context", "cluster")
        entry = self.entries["clusters"].get(name)
        if entry is None:
            raise InputError(f"its cluster {name!r} is not there", subject=_said(context))
        block = mapping_at(entry.data, "cluster")
        server, proxy = text_at(block, "server"), text_at(block, "proxy-url")
        server = server if "://" in server else f"https://{server}"
        if not server.startswith(("https://", "http://")) or not _has_host(server):
            raise InputError("its server is not a URL", subject=_said(entry))
        if proxy and (urlsplit(proxy).scheme not in _PROXIES or not _has_host(proxy)):
            raise InputError(
                "its proxy-url is not one of http:// or https://: no other can be used", subject=_said(entry)
            )
        authority = _content(entry, block, "certificate-authority")
        insecure = flag_at(block, "insecure-skip-tls-verify")
        if authority and insecure:
            fact = "it trusts a certificate-authority and has insecure-skip-tls-verify: remove one of them"
            raise InputError(fact, subject=_said(entry))
        named = [each for each in objects_at(block, "extensions") if text_at(each, "name") == _EXTENSION]
        return ClusterAddress(
            server=server.rstrip("/"),
            authority=authority,
            server_name=text_at(block, "tls-server-name"),
            insecure=insecure,
            proxy=proxy,
            extension=at(named[0], "extension") if named else None,
        )

    def _user(self, context: _Entry) -> ClusterUser:
        name = text_at(context.data, "context", "user")
        if not name:
            return ClusterUser()
        entry = self.entries["users"].get(name)
        if entry is None:
            raise InputError(f"its user {name!r} is not there", subject=_said(context))
        block = mapping_at(entry.data, "user")
        if "auth-provider" in block:
            fact = "auth-provider is not supported: take its credential plugin (exec)"
            raise InputError(fact, subject=_said(entry))
        token, username = text_at(block, "token"), text_at(block, "username")
        token_file = _path(entry, text_at(block, "tokenFile"))
        if username and (token or token_file):
            raise InputError("it has a username and a token: remove one of them", subject=_said(entry))
        certificate, key = _content(entry, block, "client-certificate"), _content(entry, block, "client-key")
        if bool(certificate) != bool(key):
            raise InputError("client-certificate and client-key belong together: one is missing", subject=_said(entry))
        return ClusterUser(
            token=token,
            token_file=token_file,
            username=username,
            password=text_at(block, "password"),
            certificate=certificate,
            key=key,
            plugin=_plugin(entry, block["exec"]) if isinstance(at(block, "exec"), dict) else None,
            headers=tuple(_impersonation(entry, block)),
        )


def read_kubeconfig(file: Path | None, environment: Mapping[str, str]) -> MergedKubeconfig:
    """Return what the kubeconfig files say.

    Args:
        file: the one file, as named by the user; None for those of the environment.
        environment: the environment variables.

    Raises:
        InputError: a file cannot be read, or there is none at all.

    """
    if file is not None:
        files = [file]
    elif environment.get("KUBECONFIG"):
        files = [Path(each) for each in environment["KUBECONFIG"].split(os.pathsep) if each]
    else:
        files = [Path(environment.get("HOME") or "/") / ".kube" / "config"]
    entries: dict[str, dict[str, _Entry]] = {name: {} for name in _LISTS}
    current, place = "", os.pathsep.join(map(str, files))
    found = [(each, data) for each in files if (data := _read(each, must=file is not None)) is not None]
    if not found:
        raise InputError("there is no kubeconfig: set KUBECONFIG, or give --kubeconfig", subject=place)
    for each, data in found:
        current = current or text_at(data, "current-context")
        for name in _LISTS:
            for item in objects_at(data, name):
                entries[name].setdefault(text_at(item, "name"), _Entry(item, each))
    return MergedKubeconfig(current, place, entries)


def _read(file: Path, *, must: bool) -> Json:
    try:
        with file.open("rb") as stream:
            text = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        if must:
            raise InputError("there is no such file", subject=str(file)) from error
        return None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", subject=str(file)) from error
    if len(text) > _MOST_BYTES:
        raise InputError(f"is larger than {_MOST_BYTES >> 20} MiB: it is not a kubeconfig", subject=str(file))
    data = yamls.parse(text, file=str(file), duplicates="last")
    if data is None:
        return {}
    if not isinstance(data, dict) or text_at(data, "kind") not in ("", "Config"):
        raise InputError("is not a kubeconfig: its kind is not Config", subject=str(file))
    return data


def _said(entry: _Entry) -> str:
    return f"{entry.file}: {text_at(entry.data, 'name')}"


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname) and urlsplit(url).port != 0
    except ValueError:
        return False


def _path(entry: _Entry, name: str) -> str:
    return str(entry.file.absolute().parent / name) if name else ""


def _content(entry: _Entry, block: Json, name: str) -> str:
    """Return certificates or keys: those within the kubeconfig win over those in a file."""
    data, file = text_at(block, f"{name}-data"), _path(entry, text_at(block, name))
    try:
        if data:
            return base64.b64decode(data, validate=True).decode("ascii")
        return small_text(file) if file else ""
    except OSError as error:
        raise InputError(f"{name}: {file}: {error.strerror or error}", subject=_said(entry)) from error
    except (binascii.Error, ValueError):  # without the cause: it would show what was read
        where = f"{name}-data" if data else name
        raise InputError(f"{where} does not hold PEM{' in base64' if data else ''}", subject=_said(entry)) from None


def _plugin(entry: _Entry, block: Json) -> CredentialPlugin:
    version, command = text_at(block, "apiVersion"), text_at(block, "command")
    if version not in _PLUGIN_VERSIONS:
        fact = f"exec has apiVersion {version!r}: it must be one of {', '.join(_PLUGIN_VERSIONS)}"
        raise InputError(fact, subject=_said(entry))
    if not command:
        raise InputError("exec has no command", subject=_said(entry))
    return CredentialPlugin(
        command=_path(entry, command) if "/" in command else command,
        arguments=tuple(each for each in items_at(block, "args") if isinstance(each, str)),
        environment={text_at(each, "name"): text_at(each, "value") for each in objects_at(block, "env")},
        api_version=version,
        with_cluster=flag_at(block, "provideClusterInfo"),
        interactive=text_at(block, "interactiveMode") or "IfAvailable",
        install_hint=text_at(block, "installHint"),
    )


def _impersonation(entry: _Entry, block: Json) -> list[tuple[str, str]]:
    user, uid = text_at(block, "as"), text_at(block, "as-uid")
    groups = [each for each in items_at(block, "as-groups") if isinstance(each, str)]
    extra = mapping_at(block, "as-user-extra")
    if not user and (uid or groups or extra):
        raise InputError("as-uid, as-groups and as-user-extra need `as`: the user to act as", subject=_said(entry))
    found = [("Impersonate-User", user)] if user else []
    found += [("Impersonate-Uid", uid)] if uid else []
    found += [("Impersonate-Group", each) for each in groups]
    for name in sorted(extra):
        found += [(f"Impersonate-Extra-{name}", each) for each in items_at(extra, name) if isinstance(each, str)]
    return found
