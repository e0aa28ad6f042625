"""``orphan-file``: a manifest that lies beside those that a kustomization lists is listed, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.objects.api_groups import KUSTOMIZE_CONFIG
from nixernetes.objects.fields import mappings_in
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.render.kustomization_files import FILE_NAMES
from nixernetes.render.rendered import Rendered
from nixernetes.verify.findings import Place, Severity
from nixernetes.verify.kustomization_files import KustomizationUse, uses
from nixernetes.verify.objects import Placed
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]


def _check(view: PlatformView) -> Iterator[Found]:
    index = view.platform.estate.index
    used = {item.origin.file for cluster in view.clusters for item in cluster.placed if item.origin.file}
    for use in uses(view):
        folder = use.file.rpartition("/")[0]
        listed = _named(use)
        for name, is_folder in index.tree.entries(folder).items():
            path = f"{folder}/{name}" if folder else name
            if is_folder or not name.endswith((".yaml", ".yml")) or name in FILE_NAMES:
                continue
            if path in used or name in listed:
                continue
            for item in index.objects(path):
                if group_kind(item.manifest).group != KUSTOMIZE_CONFIG:
                    yield _found(use, path, item)


def _named(use: KustomizationUse) -> frozenset[str]:
    """Return every text of a kustomization file that may name a file beside it."""
    found: set[str] = set()
    for each in mappings_in(use.data):
        for value in each.values():
            texts = value if isinstance(value, list) else [value]
            found |= {text.removeprefix("./").rpartition("=")[2] for text in texts if isinstance(text, str)}
    return frozenset(found)


def _found(use: KustomizationUse, path: str, item: Rendered) -> Found:
    cluster, delivery, _ = use.built[0]
    key: ObjectKey = key_of(item.manifest)
    space = key.namespace or next((each.manifest["metadata"].get("namespace", "") for _, _, each in use.built), "")
    subject = Placed(key=key._replace(namespace=space), manifest=item.manifest, origin=item.origin, owner=delivery)
    message = f"nothing applies it: {use.file} does not list {path.rpartition('/')[2]}"
    return Found(cluster=cluster, subject=subject, message=message, place=Place(path, item.origin.line))


RULE: Final = Rule(
    name="orphan-file",
    topic="orphan-file",
    severity=Severity.INFO,
    sentence="A kustomization lists every manifest in its folder.",
    check=_check,
)
