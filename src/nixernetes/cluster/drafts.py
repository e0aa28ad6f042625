"""What is sent, in the form in which it is stored: without what the server owns, decoded, complete."""

from __future__ import annotations

from typing import Final

from nixernetes.cluster import typed
from nixernetes.cluster.kinds import Kinds
from nixernetes.cluster.provided import defaults
from nixernetes.cluster.states import status_alone
from nixernetes.cluster.validation import check_stored
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Manifest

__all__ = ["Drafts", "emptied"]

_SERVER_META: Final = (  # what an update cannot change, whatever it says
    *("name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion"),
    *("deletionTimestamp", "deletionGracePeriodSeconds"),
)


def emptied(sent: Manifest, complete: Manifest) -> Manifest:
    """Return a complete object with the lists that its sender states to be empty, which are null once it is stored.

    A server compares what is sent with what is stored, so that such a list changes whenever it is sent: its sender
    owns it.
    """
    changed: Manifest = {}
    for name, value in sent.items():
        mine = complete.get(name)
        if value == [] and mine is None and name in complete:
            changed[name] = []
        elif isinstance(value, dict) and isinstance(mine, dict):
            inner = emptied(value, mine)
            if inner is not mine:
                changed[name] = inner
    return {**complete, **changed} if changed else complete


class Drafts:
    """Makes new states of objects from what clients send.

    Args:
        kinds: the kinds that are served.

    """

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds

    def created(self, manifest: Manifest, key: ObjectKey) -> Manifest:
        """Return an object that is created."""
        return self._decoded(self._prepared(manifest, key))

    def replacing(self, manifest: Manifest, live: Manifest, key: ObjectKey, *, keep_status: bool = False) -> Manifest:
        """Return an object as the new state of a live one: the server's own metadata and the status stay."""
        new = self._prepared(manifest, key, keep_status=True)
        old_meta = live["metadata"]
        meta = {name: value for name, value in new["metadata"].items() if name not in _SERVER_META}
        meta = {**{name: old_meta[name] for name in _SERVER_META if name in old_meta}, **meta}
        if meta.get("managedFields") is None and "managedFields" in old_meta:
            meta["managedFields"] = old_meta["managedFields"]
        result = {**new, "metadata": meta}
        if not keep_status and not self._kinds.writes_status(key.group_kind):
            result.pop("status", None)
            if "status" in live:
                result["status"] = live["status"]
        decoded = self._decoded(result)
        if manifest["metadata"].get("managedFields") == []:  # nobody is to own anything any more
            return {**decoded, "metadata": {**decoded["metadata"], "managedFields": []}}
        return decoded

    def applied(self, manifest: Manifest, key: ObjectKey, subresource: str, *, lenient: bool) -> Manifest:
        """Return a configuration that is applied, to the object or to a part of it; nothing is filled in yet."""
        desired = self._prepared(manifest, key, keep_status=subresource == "status", encodes=False)
        if subresource == "status":
            desired = status_alone(desired)
        return self._kinds.schemas.decoded(desired) if lenient else desired

    def rechecked(self, manifest: Manifest, live: Manifest | None) -> Manifest:
        """Return what admission made of an object, complete.

        Raises:
            ApiError: BadRequest or Invalid, it is none of its kind any more.

        """
        typed.check_decoded(manifest, key_of(manifest), self._kinds.typed(manifest))
        full = self.completed(manifest)
        check_stored(self._kinds.schemas, full, live)
        return full

    def completed(self, manifest: Manifest) -> Manifest:
        """Return an object with the defaults of its kind."""
        return self._kinds.schemas.filled(defaults.with_defaults(defaults.with_encoded_data(manifest)))

    def _decoded(self, manifest: Manifest) -> Manifest:
        """Return an object without what its kind does not have, complete."""
        return self.completed(self._kinds.schemas.filled(self._kinds.schemas.decoded(manifest)))

    def _prepared(
        self, manifest: Manifest, key: ObjectKey, *, keep_status: bool = False, encodes: bool = True
    ) -> Manifest:
        """Return what is sent without null, unknown and foreign fields."""
        result = typed.known_only(manifest, self._kinds.typed(manifest))
        result = defaults.with_encoded_data(result) if encodes else result
        if "status" in result and not keep_status and not self._kinds.writes_status(key.group_kind):
            result = {name: value for name, value in result.items() if name != "status"}
        if not self._kinds.is_namespaced(key.group_kind) and "namespace" in manifest["metadata"]:
            meta = {name: value for name, value in result["metadata"].items() if name != "namespace"}
            result = {**result, "metadata": meta}
        return result
