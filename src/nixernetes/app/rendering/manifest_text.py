"""Manifests as text: YAML as ``kustomize build`` prints it, or JSON; chosen, masked, with origins where asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nixernetes.errors import InputError, printable
from nixernetes.objects import yamls
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Json, Manifest
from nixernetes.objects.masking import mask_change
from nixernetes.objects.provenance import Origin, origin_as_json
from nixernetes.objects.sizes import Allowance
from nixernetes.render.rendered import Rendered
from nixernetes.render.sops.sealed import PLACEHOLDERS

__all__ = ["View", "chosen", "json_text", "masked", "shown_as", "yaml_text"]


_MAX_TEXT = 256 * 1024 * 1024  # characters: a text that is shared by all manifests is written with each of them
_TOO_LONG = f"what is rendered is longer than {_MAX_TEXT // 1024 // 1024} MiB: a large text may stand in many objects"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How manifests are shown.

    Attributes:
        only: identities (``Kind/namespace/name`` or ``Kind/name``); none shows all.
        origin: whether each says where it came from.
        show_secrets: whether values of Secrets are shown.

    """

    only: tuple[str, ...] = ()
    origin: bool = False
    show_secrets: bool = False


def chosen(items: Sequence[Rendered], view: View) -> list[Rendered]:
    """Return what the view shows of the manifests.

    Raises:
        InputError: an identity is not of its form.

    """
    for wanted in view.only:
        if wanted.count("/") not in (1, 2) or not all(wanted.split("/")):
            raise InputError(f"{wanted!r} is not Kind/namespace/name or Kind/name", subject="--only")
    return [item for item in items if not view.only or str(key_of(item.manifest)) in view.only]


def masked(manifest: Manifest, view: View) -> Manifest:
    """Return a manifest as it may be shown."""
    if view.show_secrets:
        return manifest
    if str(manifest.get("kind") or "").endswith("List") and isinstance(manifest.get("items"), list):
        return {**manifest, "items": [masked(each, view) for each in manifest["items"]]}
    hidden: Manifest = mask_change(manifest, manifest)[0]
    return {key: _without_ciphers(value) for key, value in hidden.items()} if "sops" in manifest else hidden


def _without_ciphers(value: Json) -> Json:
    """Mask what SOPS encrypted, in documents of any kind: ciphers are not what will be applied."""
    if isinstance(value, dict):
        return {key: _without_ciphers(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_ciphers(each) for each in value]
    return "***" if isinstance(value, str) and value.startswith("ENC[") else value


def shown_as(item: Rendered, view: View) -> Manifest:
    """Return a manifest as it may be shown: what SOPS had encrypted is masked in any kind, placeholders are not."""
    found = masked(item.manifest, view)
    if item.seal is None or view.show_secrets:
        return found
    if item.seal.state == "opened":
        for path in item.seal.paths:
            found = _put(found, path, "***")
        return found
    for path in item.seal.paths:
        text = _at(item.manifest, path)
        if text in PLACEHOLDERS:
            found = _put(found, path, text)
    return found


def _at(value: Json, path: Sequence[str | int]) -> Json:
    for step in path:
        value = value[step]
    return value


def _put(value: Json, path: Sequence[str | int], text: Json) -> Json:
    """Return a copy of a value with another text at a path."""
    if not path:
        return text
    changed: Json = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = _put(changed[path[0]], path[1:], text)
    return changed


def yaml_text(items: Sequence[Rendered], view: View) -> str:
    """Return a YAML stream; equal input, equal text.

    Raises:
        InputError: it is too long to be anything that a cluster could hold.

    """
    texts = []
    allowance = Allowance(_MAX_TEXT, _TOO_LONG)
    for item in items:
        text = yamls.dump(shown_as(item, view), sort_keys=True)
        allowance.take(len(text))
        texts.append(_comment(item.origin) + text if view.origin else text)
    return "---\n".join(texts)


def json_text(items: Sequence[Rendered], view: View) -> str:
    """Return a JSON array of manifests; with origins, of objects with ``manifest`` and ``origin``.

    Raises:
        InputError: as :func:`yaml_text`.

    """
    shown: list[Json] = [shown_as(item, view) for item in items]
    allowance = Allowance(_MAX_TEXT, _TOO_LONG)
    for manifest in shown:
        allowance.take(len(json.dumps(manifest)))
    if view.origin:
        shown = [
            {
                "manifest": manifest,
                "origin": _printable(origin_as_json(item.origin)),
            }
            for manifest, item in zip(shown, items, strict=True)
        ]
    return json.dumps(shown, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _printable(value: Json) -> Json:
    """Spell out what a terminal would obey, in every text: names of files are those of whoever wrote them."""
    if isinstance(value, dict):
        return {key: _printable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_printable(each) for each in value]
    return printable(value) if isinstance(value, str) else value


def _comment(origin: Origin) -> str:
    lines = [f"# origin: {origin}" if origin.file else "# origin: generated"]
    lines += [f"#   through: {step}" for step in origin.chain]
    return "".join(printable(" ".join(line.split("\n"))) + "\n" for line in lines)
