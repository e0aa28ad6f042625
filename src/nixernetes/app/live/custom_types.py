"""The types of the custom kinds of a cluster, as its definitions have them."""

from __future__ import annotations

import threading

from nixernetes.adapters.kube.client import KubeClient
from nixernetes.errors import NixernetesError
from nixernetes.objects import schema
from nixernetes.objects.fields import at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey, group_kind, split_api_version
from nixernetes.objects.kinds import CUSTOM_RESOURCE_DEFINITION
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.schema import Field

__all__ = ["CustomTypes"]


class CustomTypes:
    """Gives the types of objects; each definition is asked for once, and kept as long as this.

    Args:
        client: the cluster.

    """

    def __init__(self, client: KubeClient) -> None:
        self._client = client
        self._definitions: dict[str, Manifest | None] = {}
        self._lock = threading.Lock()

    def of(self, manifest: Manifest) -> Field | None:
        """Return the type of an object; None where its kind is built in, or its definition cannot be read."""
        version, kind = text_at(manifest, "apiVersion"), text_at(manifest, "kind")
        served = None if schema.of(version, kind) is not None else self._client.served.find(group_kind(manifest))
        if served is None:
            return None
        definition = self._definition(f"{served.resource}.{served.kind.group}")
        for each in objects_at(definition, "spec", "versions"):
            found = at(each, "schema", "openAPIV3Schema")
            if text_at(each, "name") == split_api_version(version)[1] and isinstance(found, dict):
                return schema.from_open_api(found)
        return None

    def _definition(self, name: str) -> Manifest | None:
        with self._lock:
            if name not in self._definitions:
                try:
                    found = self._client.get(ObjectKey(*CUSTOM_RESOURCE_DEFINITION, "", name))
                except NixernetesError:
                    found = None  # then lists of this kind are one value
                self._definitions[name] = found
            return self._definitions[name]
