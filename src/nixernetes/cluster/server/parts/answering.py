"""Which part of an object answers a request, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from nixernetes.cluster.api import ApiError
from nixernetes.cluster.server.bodies import applied_object, object_of
from nixernetes.cluster.server.media import media_type
from nixernetes.cluster.server.options import WriteOptions
from nixernetes.cluster.server.parts.insides import PodInsides
from nixernetes.cluster.server.parts.pods import PodParts
from nixernetes.cluster.server.parts.scale import SCALE, scale_of, size_alone, with_scale
from nixernetes.cluster.server.requests import ApiRequest, ApiResponse
from nixernetes.cluster.server.serving import Served, not_found
from nixernetes.cluster.server.writes import preconditions
from nixernetes.cluster.server.writes.patching import APPLY, patch_of
from nixernetes.cluster.server.writes.writing import WriteResult, WriteStore, named, without_version
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind
from nixernetes.objects.kinds import POD
from nixernetes.objects.manifest import Manifest

__all__ = ["ObjectParts"]

_CONNECTIONS: Final = ("attach", "exec", "portforward", "proxy")
_OLD_EVICTION: Final = "policy/v1beta1"


class ObjectParts:
    """Answers for parts of objects.

    Args:
        store: the cluster.
        insides: knows what is in pods.

    """

    def __init__(self, store: WriteStore, insides: PodInsides | None = None) -> None:
        self._store = store
        self._pods = PodParts(store, insides)

    def answer(self, verb: str, request: ApiRequest, served: Served) -> WriteResult | ApiResponse | None:
        """Answer a request; None where it is no part that is told apart.

        Raises:
            ApiError: whatever is refused.

        """
        part = served.target.subresource
        if part == "scale":
            change: dict[str, Callable[[ApiRequest, Served], WriteResult]] = {
                "get": self._get_scale,
                "update": self._replace_scale,
                "patch": self._patch_scale,
            }
            return change[verb](request, served)
        if served.kind == POD and part in ("eviction", "binding"):
            return self._pod_write(request, served)
        if served.kind == POD and part == "log":
            return self._pods.log(served, request.query)
        if served.kind == POD and part in _CONNECTIONS:
            return self._pods.connect(served, request.headers, request.query)
        return None

    def _pod_write(self, request: ApiRequest, served: Served) -> WriteResult:
        options = _options(request, "CreateOptions")
        if served.target.subresource == "eviction":
            body = self._eviction(request, served)
            return WriteResult(self._pods.evict(served, body, dry_run=options.dry_run), is_new=True)
        body = self._body(request, served, "Binding", "v1")
        done = self._pods.bind(served, body, dry_run=options.dry_run)
        return WriteResult(done, is_new=True)

    def _eviction(self, request: ApiRequest, served: Served) -> Manifest:
        """Return what a client sends, in either version in which there was one."""
        try:
            return self._body(request, served, "Eviction", "policy/v1")
        except ApiError as error:
            if _OLD_EVICTION not in error.message:
                raise
            return self._body(request, served, "Eviction", _OLD_EVICTION)

    def bind(self, request: ApiRequest, served: Served) -> WriteResult:
        """Answer a Binding that is sent to the collection of all of them: it names its pod.

        Raises:
            ApiError: whatever is refused.

        """
        body = self._body(request, served, "Binding", "v1")
        pod = replace(served.of(text_at(body, "metadata", "name"), served.namespace), kind=POD)
        pod = replace(pod, target=replace(pod.target, resource="pods", subresource="binding"))
        options = _options(request, "CreateOptions")
        return WriteResult(self._pods.bind(pod, body, dry_run=options.dry_run), is_new=True)

    def _get_scale(self, request: ApiRequest, served: Served) -> WriteResult:
        del request
        return WriteResult(scale_of(served, self._live(served)))

    def _replace_scale(self, request: ApiRequest, served: Served) -> WriteResult:
        scale = self._body(request, served, SCALE[1], SCALE[0])
        return self._scaled(served, named(served, scale), _options(request, "UpdateOptions"))

    def _patch_scale(self, request: ApiRequest, served: Served) -> WriteResult:
        is_apply = media_type(request.headers.get("content-type", "")) == APPLY
        options = _options(request, "PatchOptions", applies=is_apply)
        if is_apply:
            scale = applied_object(request.body, served, SCALE[1], SCALE[0])
            stored = self._store.apply(
                size_alone(served, self._live(served), scale),
                manager=options.manager,
                force=options.force,
                dry_run=options.dry_run,
                subresource="scale",
            )
            return WriteResult(scale_of(served, stored))
        target = replace(served.target, group="autoscaling", version="v1")
        as_scale = replace(served, kind=GroupKind("autoscaling", "Scale"), target=target, is_custom=False)
        change = patch_of(request, as_scale, options.validation, self._store)
        scale, warned = change(scale_of(served, self._live(served)))
        return self._scaled(served, named(served, scale), options, warned)

    def _scaled(
        self, served: Served, scale: Manifest, options: WriteOptions, warned: tuple[str, ...] = ()
    ) -> WriteResult:
        live = self._live(served)
        preconditions.check_patch(served, scale, live)
        stored = self._store.update(
            without_version(with_scale(served, live, scale)),
            manager=options.manager,
            subresource="scale",
            dry_run=options.dry_run,
            tracked=True,
        )
        return WriteResult(scale_of(served, stored), warnings=warned)

    def _body(self, request: ApiRequest, served: Served, kind: str, api_version: str) -> Manifest:
        media = media_type(request.headers.get("content-type", ""))
        return object_of(request.body, media, served, kind, api_version)

    def _live(self, served: Served) -> Manifest:
        found = self._store.rows(served.kind).get((served.namespace, served.name))
        if found is None:
            raise not_found(served)
        return found


def _options(request: ApiRequest, kind: str, *, applies: bool = False) -> WriteOptions:
    return WriteOptions.read(request.query, request.headers.get("user-agent", ""), kind, applies=applies)
