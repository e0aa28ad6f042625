"""KSOPS, which generates decrypted Secrets where Argo CD builds: here they stay encrypted, for placeholders to come.

The program is not run. What it would decrypt is read (``files``, and the files and ``envs`` of ``secretFrom``) and
given on as it is; whoever takes the build replaces each encrypted value.
"""

from __future__ import annotations

import base64
from typing import Final

from nixernetes.objects.manifest import Json
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.loader import Loader
from nixernetes.render.kustomize.resources.documents import resources_of
from nixernetes.render.kustomize.resources.openapi import OpenApi
from nixernetes.render.kustomize.resources.resource import BuildResource

__all__ = ["is_ksops", "ksops"]

_KINDS: Final = ("ksops", "ksops-exec")
_GROUP: Final = "viaduct.ai"


def is_ksops(config: BuildResource) -> bool:
    """Tell whether a generator is KSOPS."""
    return config.gvk.group == _GROUP and config.kind in _KINDS


def ksops(config: BuildResource, loader: Loader, schemas: OpenApi) -> list[BuildResource]:
    """Return what KSOPS generates, encrypted as it is.

    Raises:
        KustomizeError: a file is not there, or the configuration is broken.

    """
    found: list[BuildResource] = []
    for path in _texts(config, config.manifest.get("files"), "files"):
        found += resources_of(loader.documents(path), loader.origin(loader.file(path)), schemas)
    entries = config.manifest.get("secretFrom") or []
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise _broken(config, "secretFrom: must be a list of mappings")
    return [*found, *(_secret(config, each, loader, schemas) for each in entries)]


def _secret(config: BuildResource, entry: Json, loader: Loader, schemas: OpenApi) -> BuildResource:
    meta = entry.get("metadata")
    if not isinstance(meta, dict) or not meta.get("name"):
        raise _broken(config, "secretFrom: metadata.name is missing")
    data: dict[str, Json] = {}
    for field in ("files", "binaryFiles"):
        for text in _texts(config, entry.get(field), f"secretFrom.{field}"):
            key, sign, path = text.partition("=")
            path = path if sign else key
            name = key if sign else path.rpartition("/")[2]
            data[name] = base64.b64encode(loader.read(path)).decode()
    for path in _texts(config, entry.get("envs"), "secretFrom.envs"):
        data |= _pairs(loader.read(path).decode(errors="replace"))
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "type": entry.get("type") or "Opaque"}
    return BuildResource(manifest={**manifest, "data": data}, schemas=schemas)


def _pairs(text: str) -> dict[str, Json]:
    """Return the pairs of a dotenv file without those that SOPS added."""
    lines = (line.partition("=") for line in text.split("\n") if line and not line.startswith(("#", "sops_")))
    return {key.strip(): base64.b64encode(value.encode()).decode() for key, sign, value in lines if sign}


def _texts(config: BuildResource, items: Json, field: str) -> list[str]:
    found = items or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise _broken(config, f"{field}: must be a list of texts")
    return found


def _broken(config: BuildResource, fact: str) -> KustomizeError:
    return KustomizeError(fact, subject=str(config.original_id), place=str(config.source))
