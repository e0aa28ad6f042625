"""Manifests after their build: what SOPS encrypted in them is opened or replaced (as Flux does with each resource)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest, annotations_of
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.documents import FIELD, Path, opened
from nixernetes.render.sops.files import opened_file, written_format
from nixernetes.render.sops.keys import Keys
from nixernetes.render.sops.seal import Seal
from nixernetes.render.sops.sealed import ENCODED, PLACEHOLDER, is_sealed

__all__ = ["is_encrypted", "opened_item"]

_DECRYPT: Final = "kustomize.toolkit.fluxcd.io/decrypt"
_NAMED: Final = (("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace"))


def is_encrypted(manifest: Manifest) -> bool:
    """Tell whether SOPS encrypted a manifest as a whole, whatever its kind."""
    return isinstance(manifest.get(FIELD), dict)


def opened_item(item: Rendered, keys: Keys) -> Rendered:
    """Return a manifest without cipher text; the item itself where SOPS encrypted nothing of it.

    Args:
        item: the manifest.
        keys: who decrypts.

    Raises:
        InputError: it cannot be decrypted with the key that it names, or nobody can tell what it is.

    """
    manifest = item.manifest
    if annotations_of(manifest).get(_DECRYPT, "").lower() == "disabled":
        return item
    if is_encrypted(manifest):
        return _document(item, keys)
    return _entries(item, keys) if _is_secret(manifest) else item


def _document(item: Rendered, keys: Keys) -> Rendered:
    manifest = item.manifest
    found = opened(manifest, keys)
    if not found.reason:
        return replace(item, manifest=found.data, seal=Seal(paths=found.paths, state="opened"))
    if any(path in found.paths for path in _NAMED):
        fact = f"SOPS encrypted even its kind and name, and it is {found.reason}"
        raise InputError(
            f"{fact}: encrypt only values, with encrypted_regex: ^(data|stringData)$", place=str(item.origin)
        )
    data = _encoded(found.data) if _is_secret(manifest) else found.data
    refused = _is_secret(manifest) and not keys.configured
    seal = Seal(paths=found.paths, state="refused" if refused else "placeholders", reason=found.reason)
    return replace(item, manifest=data, seal=seal)


def _encoded(manifest: Manifest) -> Manifest:
    """Return a Secret whose placeholders in ``data`` are base64, as everything there must be."""
    data = manifest.get("data")
    if not isinstance(data, dict):
        return manifest
    return {**manifest, "data": {key: ENCODED if text == PLACEHOLDER else text for key, text in data.items()}}


def _entries(item: Rendered, keys: Keys) -> Rendered:
    """Open the entries of a Secret that are encrypted files, such as those of a generator."""
    manifest = item.manifest
    changed: dict[str, Json] = {}
    paths: list[Path] = []
    reason = ""
    for field in ("data", "stringData"):
        entries = manifest.get(field)
        if not isinstance(entries, dict):
            continue
        found = {key: _entry(key, text, keys, encoded=field == "data") for key, text in entries.items()}
        opened_here = {key: each for key, each in found.items() if each is not None}
        paths += [(field, key) for key in opened_here]
        reason = next((why for _, why in opened_here.values() if why), reason)
        if opened_here:
            changed[field] = {**entries, **{key: text for key, (text, _) in opened_here.items()}}
    if not changed:
        return item
    seal = Seal(paths=tuple(paths), state="placeholders" if reason else "opened", reason=reason)
    return replace(item, manifest={**manifest, **changed}, seal=seal)


def _entry(key: str, text: Json, keys: Keys, *, encoded: bool) -> tuple[str, str] | None:
    """Return an entry in plain text and why it is not, if it is not; None for one that is not encrypted."""
    data = _bytes(text, encoded=encoded)
    if data is None or b"ENC[" not in data:
        return None
    written = written_format(data, key)
    if written is None:
        alone = is_sealed(data.decode(errors="replace"))
        return (ENCODED if encoded else PLACEHOLDER, "an encrypted value without a sops block") if alone else None
    found = opened_file(data, written, keys, path=key)
    if found is None:
        return None
    shown = base64.b64encode(found.data).decode() if encoded else found.data.decode()
    return shown, found.reason


def _bytes(text: Json, *, encoded: bool) -> bytes | None:
    if not isinstance(text, str):
        return None
    if not encoded:
        return text.encode(errors="replace")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode() if is_sealed(text) else None


def _is_secret(manifest: Manifest) -> bool:
    key = key_of(manifest)
    return (key.group, key.kind) == ("", "Secret")
