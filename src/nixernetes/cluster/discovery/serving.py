"""Which resource a request is about, as a cluster serves it at the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nixernetes.cluster.conversions import kept_kind
from nixernetes.cluster.discovery.registry import Registry
from nixernetes.cluster.server.paths import Target
from nixernetes.cluster.server.serving import Served, unknown_resource
from nixernetes.objects.identity import GroupKind

__all__ = ["RegisteredResources"]


class RegisteredResources:
    """Finds resources by their paths.

    Args:
        registry: tells what is served at the moment.

    """

    def __init__(self, registry: Callable[[], Registry]) -> None:
        self._registry = registry

    def find(self, what: Target) -> Served | None:
        """Return the resource that a path names; None where the path means nothing.

        Raises:
            ApiError: NotFound, a built-in group has no such version, resource or subresource.

        """
        registry = self._registry()
        found = registry.find(what.group, what.version, what.resource)
        is_whole = found is not None and (not what.subresource or what.subresource in found.subresources)
        if found is None or not is_whole:
            if registry.is_builtin(what.group) or (found is not None and what.subresource):
                raise unknown_resource()
            return None
        if found.is_custom and found.namespaced is not bool(what.namespace) and (what.name or what.namespace):
            return None
        return Served(
            what,
            kept_kind(GroupKind(found.group, found.kind)),
            found.namespaced,
            found.is_custom,
            put_creates=found.put_creates,
            put_needs_version=found.put_needs_version,
            printer=found.printer,
            selectable=found.selectable,
            scale=found.scale,
        )

    def verbs(self, served: Served) -> Iterable[str]:
        """Return the verbs of a resource or of its part."""
        found = self._registry().find(served.target.group, served.target.version, served.target.resource)
        if found is None:
            return ()
        part = served.target.subresource
        return found.subresources[part].verbs if part else found.verbs
