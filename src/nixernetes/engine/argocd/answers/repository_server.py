"""What the repository server of Argo CD answers: what a revision stands for, and what a source gives.

After Argo CD 3.5, ``reposerver/repository/repository.proto`` (the messages) and ``repository.go``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from nixernetes.cluster.api import Reader
from nixernetes.cluster.wire.protobuf import fields, framed
from nixernetes.engine.argocd.application import ReadApplication
from nixernetes.engine.argocd.namespace import namespace_of
from nixernetes.engine.reading import declared_in
from nixernetes.errors import InputError
from nixernetes.objects.fields import mapping_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.masking import mask_change
from nixernetes.render.delivery_builds import Builder

__all__ = ["RepositoryServer"]

_SERVICE: Final = "/repository.RepoServerService/"
_SOURCE: Final = {1: "repoURL", 2: "path", 4: "targetRevision", 12: "chart", 13: "ref"}
_MORE: Final = 1 << 63  # how a negative number looks


class RepositoryServer:
    """Answers calls.

    Args:
        api: the control plane.
        builder: reaches and renders sources.

    """

    def __init__(self, api: Reader, builder: Builder) -> None:
        self._api = api
        self._builder = builder
        self._calls: dict[str, Callable[[_Message], bytes]] = {
            "GenerateManifest": self._generate,
            "ResolveRevision": self._resolve,
            "TestRepository": self._test,
        }

    def call(self, path: str, body: bytes) -> bytes | None:
        """Return the answer to a call; None where there is no such method here.

        Raises:
            NixernetesError: what is asked for is not there, or cannot be rendered.

        """
        method = self._calls.get(path.removeprefix(_SERVICE)) if path.startswith(_SERVICE) else None
        return None if method is None else method(_Message(body))

    def _resolve(self, request: _Message) -> bytes:
        """Return the exact revision of a source of an Application, and how it is told (``ResolveRevision``)."""
        meta = request.message(2).message(1)
        app, number = self._application(meta.text(3), meta.text(1)), request.number(4)
        sources = ReadApplication.decode(app).sources
        at = 0 if number >= _MORE else number
        if at >= len(sources):
            raise InputError(f"source index {at} is out of range: there are {len(sources)} sources")
        wanted = request.text(3)
        found = self._revision(app, {**sources[at], "targetRevision": wanted})
        return framed(1, found.encode()) + framed(2, f"{wanted} ({found})".encode())

    def _test(self, request: _Message) -> bytes:
        """Tell whether a repository can be reached (``TestRepository``)."""
        self._revision({}, {"repoURL": request.message(1).text(1)})
        return b"\x08\x01"

    def _generate(self, request: _Message) -> bytes:
        """Return the manifests of a source, values of Secrets hidden (``GenerateManifest``)."""
        namespace, separator, name = request.text(5).partition("_")
        place = (namespace, name) if separator else (namespace_of(self._api), request.text(5))
        app = self._api.get(ObjectKey(*APPLICATION, *place)) or _new(*place, request)
        source = _full(
            app, {key: text for number, key in _SOURCE.items() if (text := request.message(10).text(number))}
        )
        found = self._builder.applications.manifests(
            app, [source], declared_in(self._api, self._builder.tools.given), revisions=[request.text(2)], fresh=True
        )
        texts = [json.dumps(mask_change(each, each)[0]) for each in found.objects]
        about = ((2, request.text(8)), (4, found.revisions[0]), (6, found.types[0]))
        return b"".join(framed(1, each.encode()) for each in texts) + b"".join(
            framed(number, text.encode()) for number, text in about
        )

    def _application(self, namespace: str, name: str) -> Manifest:
        found = self._api.get(ObjectKey(*APPLICATION, namespace, name))
        if found is None:
            raise InputError(f'applications.argoproj.io "{name}" not found')
        return found

    def _revision(self, app: Manifest, source: Json) -> str:
        project = text_at(app, "spec", "project") or "default"
        declared = declared_in(self._api, self._builder.tools.given)
        return self._builder.applications.files(source, project, declared).revision


def _new(namespace: str, name: str, request: _Message) -> Manifest:
    """Return an Application that is not there yet, as far as it is known of it."""
    spec = {"project": request.text(25), "destination": {"namespace": request.text(8)}}
    return {"metadata": {"namespace": namespace, "name": name}, "spec": spec}


def _full(app: Manifest, asked: Json) -> Json:
    """Return that source of an Application which is asked for, with all that it says of its rendering.

    Raises:
        InputError: it belongs to several that refer to each other.

    """
    spec = mapping_at(app, "spec")
    if spec.get("sources"):
        raise InputError("not evaluated: manifests of one source of several")
    own = mapping_at(spec, "source")
    is_own = all(text_at(own, part) == text_at(asked, part) for part in ("repoURL", "path", "chart"))
    return {**own, **asked} if is_own else asked


class _Message:
    """A message of Protocol Buffers, read by the numbers of its fields; of a repeated one the last counts.

    Raises:
        InputError: the bytes are no message.

    """

    def __init__(self, data: bytes) -> None:
        try:
            self._fields = {number: value for number, _, value in fields(data)}
        except (ValueError, IndexError) as error:
            raise InputError(f"proto: {error}") from error

    def text(self, number: int) -> str:
        value = self._fields.get(number, b"")
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""

    def number(self, number: int) -> int:
        value = self._fields.get(number, 0)
        return value if isinstance(value, int) else 0

    def message(self, number: int) -> _Message:
        value = self._fields.get(number, b"")
        return _Message(value if isinstance(value, bytes) else b"")
