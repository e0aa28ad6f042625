"""A resource as a request asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nixernetes.cluster.api import ApiError, Details
from nixernetes.cluster.server.paths import Target
from nixernetes.objects.identity import GroupKind, ObjectKey

__all__ = ["Served", "not_found", "unknown_resource"]


@dataclass(frozen=True, slots=True)
class Served:
    """A resource and the part of it that a request is about.

    Attributes:
        target: what the path names.
        kind: the kind of the objects.
        is_namespaced: whether they are in namespaces.
        is_custom: whether a CustomResourceDefinition defines them.
        put_creates: whether a PUT of an object that is not there creates it.
        put_needs_version: whether a PUT has to state a resourceVersion.
        printer: the columns in which a custom kind is shown, as JSON.
        selectable: the paths of the fields by which a custom kind is selected.
        scale: the paths of a custom kind's wanted size, its present size and its selector.

    """

    target: Target
    kind: GroupKind
    is_namespaced: bool
    is_custom: bool
    put_creates: bool = False
    put_needs_version: bool = False
    printer: str = "[]"
    selectable: tuple[str, ...] = ()
    scale: tuple[str, str, str] = ("", "", "")

    @property
    def namespace(self) -> str:
        """Return the namespace; ``""`` for all of them, or for what is in none."""
        return self.target.namespace if self.is_namespaced else ""

    @property
    def name(self) -> str:
        """Return the name; ``""`` for a collection."""
        return self.target.name

    @property
    def api_version(self) -> str:
        """Return the version that the path names."""
        return self.target.api_version

    @property
    def key(self) -> ObjectKey:
        """Return the key of the object."""
        return ObjectKey(self.kind.group, self.kind.kind, self.namespace, self.name)

    @property
    def resource(self) -> str:
        """Return the resource as messages name it: ``deployments.apps``."""
        return f"{self.target.resource}.{self.kind.group}" if self.kind.group else self.target.resource

    def of(self, name: str, namespace: str) -> Served:
        """Return one object of this collection."""
        return replace(self, target=replace(self.target, name=name, namespace=namespace))

    def details(self, name: str = "", uid: str = "") -> Details:
        """Return what a Status says of this resource."""
        return Details(name=name or self.name, group=self.kind.group, kind=self.target.resource, uid=uid)


def not_found(served: Served) -> ApiError:
    """Return the refusal for an object that is not there."""
    message = f'{served.resource} "{served.name}" not found'
    return ApiError("NotFound", message, details=served.details(), subject=str(served.key))


def unknown_resource() -> ApiError:
    """Return the refusal for a resource, version or subresource that a known group has not."""
    return ApiError("NotFound", "the server could not find the requested resource", details=Details())
