"""Building what a Kustomization applies, once for equal inputs (Flux, sections 3 to 5).

The memo holds while the part of the object that decides about the build, the versions of the ConfigMaps and Secrets it
substitutes from, and all that was read of the source are the same; so it never changes a result.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from nixernetes.cluster.api import Reader
from nixernetes.engine.flux import inventory, ordering
from nixernetes.engine.flux.controls import GROUP
from nixernetes.engine.flux.subject import Subject
from nixernetes.errors import InputError
from nixernetes.objects import manifest as manifests
from nixernetes.objects.identity import GroupKind, ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.render.flux_kustomization import is_sops_encrypted, render_kustomization
from nixernetes.render.kustomize.remote_bases import Remotes
from nixernetes.render.references import reader
from nixernetes.render.traced import Trace, TracedRemotes, TracedTree, holds
from nixernetes.render.tree import Tree

__all__ = ["Build", "Builder", "owner_labels"]

_INPUTS = (
    "path",
    "targetNamespace",
    "namePrefix",
    "nameSuffix",
    "commonMetadata",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "images",
    "components",
    "ignoreMissingComponents",
    "buildMetadata",
    "postBuild",
    "decryption",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A build.

    Attributes:
        objects: ready to be applied, in order of application.
        digest: over the objects.
        inventory: the inventory's entries for them.

    """

    objects: tuple[Manifest, ...]
    digest: str
    inventory: tuple[Manifest, ...]


@dataclass(slots=True)
class _Memo:
    inputs: str
    tree: Tree
    trace: Trace
    asked: Trace
    build: Build


def owner_labels(key: ObjectKey) -> dict[str, str]:
    """Return the labels by which a Kustomization marks its objects."""
    return {f"{GROUP}/name": key.name, f"{GROUP}/namespace": key.namespace}


class Builder:
    """Builds Kustomizations and remembers the last build of each.

    Args:
        api: where ConfigMaps and Secrets for substitution are read.
        remotes: what stands for remote bases; None refuses them by name.

    """

    def __init__(self, api: Reader, remotes: Remotes | None = None) -> None:
        self._api = api
        self._remotes = remotes
        self._last: dict[ObjectKey, _Memo] = {}

    def build(self, subject: Subject, tree: Tree) -> Build:
        """Return what a Kustomization applies.

        Raises:
            InputError: the files, the overlay or the substitution are wrong.

        """
        inputs = self._inputs(subject)
        held = self._last.get(subject.key)
        if held is not None and held.inputs == inputs and self._holds(held, tree):
            held.tree = tree
            return held.build
        traced = TracedTree(tree)
        remotes = TracedRemotes(self._remotes) if self._remotes is not None else None
        rendered = render_kustomization(traced, subject.live, lookup=reader(self._api.get), remotes=remotes)
        stages = ordering.stages(_stamped(item.manifest, subject) for item in rendered)
        objects = tuple(one for stage in stages for one in stage)
        entries = tuple(inventory.entries(objects)["entries"])
        build = Build(objects=objects, digest="sha256:" + manifests.digest(list(objects)), inventory=entries)
        asked = remotes.trace if remotes is not None else {}
        self._last[subject.key] = _Memo(inputs, tree, traced.trace, asked, build)
        return build

    def _holds(self, held: _Memo, tree: Tree) -> bool:
        if held.asked and not holds(held.asked, tree, self._remotes):
            return False
        return held.tree is tree or holds(held.trace, tree)

    def forget(self, key: ObjectKey) -> None:
        """Drop what is remembered of a Kustomization."""
        self._last.pop(key, None)

    def _inputs(self, subject: Subject) -> str:
        spec = {name: subject.spec[name] for name in _INPUTS if name in subject.spec}
        versions: list[Json] = []
        for entry in (spec.get("postBuild") or {}).get("substituteFrom") or []:
            live = self._api.get(ObjectKey("", entry["kind"], subject.namespace, entry["name"]))
            versions.append([live["metadata"].get("uid"), live["metadata"].get("resourceVersion")] if live else None)
        return manifests.digest([subject.namespace, subject.name, spec, versions])


def _stamped(manifest: Manifest, subject: Subject) -> Manifest:
    meta = {name: value for name, value in (manifest.get("metadata") or {}).items() if name != "creationTimestamp"}
    common = subject.spec.get("commonMetadata") or {}
    meta["labels"] = {**(meta.get("labels") or {}), **owner_labels(subject.key), **(common.get("labels") or {})}
    if common.get("annotations"):
        meta["annotations"] = {**(meta.get("annotations") or {}), **common["annotations"]}
    _refuse_encrypted(manifest, configured=bool(subject.spec.get("decryption")))
    return {name: value for name, value in manifest.items() if name not in ("status", "metadata")} | {"metadata": meta}


def _refuse_encrypted(manifest: Manifest, *, configured: bool) -> None:
    """Refuse a Secret that SOPS encrypted: this engine holds no keys, and cipher text is no secret to run with."""
    about = key_of(manifest)
    if is_sops_encrypted(manifest) and not configured:
        text = "is SOPS encrypted, configuring decryption is required for this secret to be reconciled"
        raise InputError(f"{about} {text}")
    if configured and about.group_kind == GroupKind("", "Secret") and _holds_cipher_text(manifest):
        raise InputError(
            f"decryption failed for '{about}': this engine holds no keys; give it a plain Secret to run with"
        )


def _holds_cipher_text(manifest: Manifest) -> bool:
    data = [*(manifest.get("stringData") or {}).values(), *map(_decoded, (manifest.get("data") or {}).values())]
    return "sops" in manifest or any("ENC[AES256_GCM," in str(text) for text in data)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode(errors="replace")
    except ValueError:
        return text
