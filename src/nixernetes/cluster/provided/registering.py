"""APIServices come and go with the definitions whose versions they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from nixernetes.cluster.provided.api_services import custom_api_services
from nixernetes.cluster.provided.naming import is_established
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["register", "unregister", "waiting_for_names"]

_MANAGER = "kube-apiserver"


class RegisteredServices(Protocol):
    """The objects that APIServices are among."""

    def get(self, key: ObjectKey) -> Manifest | None:
        """Return an object, or None."""
        ...

    def rows(self, kind: GroupKind) -> Mapping[tuple[str, str], Manifest]:
        """Return the objects of a kind."""
        ...

    def drop(self, key: ObjectKey) -> None:
        """Take an object out of the store."""
        ...


class Registered(RegisteredServices, Protocol):
    """The cluster that APIServices are stored in."""

    def create(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Create an object."""
        ...

    def put_status(self, live: Manifest, status: Json, annotations: Mapping[str, str]) -> Manifest:
        """Write the status of an object."""
        ...


def register(cluster: Registered, definition: Manifest) -> None:
    """Store the APIServices of what a definition serves, unless another of its group has them."""
    for service in custom_api_services(definition) if is_established(definition) else ():
        if cluster.get(key_of(service)) is None:
            made = cluster.create(service, manager=_MANAGER)
            cluster.put_status(made, service["status"], {})


def unregister(cluster: RegisteredServices, definition: Manifest) -> None:
    """Take away the APIServices of a definition that is gone, but for those that another one of its group has."""
    others = cluster.rows(CUSTOM_RESOURCE_DEFINITION).values()
    kept = {key_of(each) for other in others for each in custom_api_services(other)}
    for service in custom_api_services(definition):
        if key_of(service) not in kept:
            cluster.drop(key_of(service))


def waiting_for_names(rows: Mapping[tuple[str, str], Manifest], gone: Manifest) -> list[Manifest]:
    """Return those of some definitions that are not served since another of their group had their names, by name."""
    group = text_at(gone, "spec", "group")
    return [
        crd for _, crd in sorted(rows.items()) if text_at(crd, "spec", "group") == group and not is_established(crd)
    ]
