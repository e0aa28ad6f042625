"""The template generation of a DaemonSet, a field of old that apps/v1 shows as an annotation.

After ``pkg/registry/apps/daemonset/strategy.go`` and ``pkg/apis/apps/v1/conversion.go``, Kubernetes 1.34.4.
"""

from __future__ import annotations

from typing import Final

from nixernetes.objects.fields import at
from nixernetes.objects.identity import group_kind
from nixernetes.objects.kinds import DAEMON_SET
from nixernetes.objects.manifest import Manifest, annotations_of

__all__ = ["with_template_generation", "without_template_generation"]

_GENERATION: Final = "deprecated.daemonset.template.generation"
_LONGEST: Final = 18  # digits of a 64-bit number


def with_template_generation(manifest: Manifest, live: Manifest | None = None) -> Manifest:
    """Return a DaemonSet with its template generation; anything else as it is.

    Args:
        manifest: the object.
        live: what it takes the place of: one more than its generation where the template is another.

    """
    if group_kind(manifest) != DAEMON_SET:
        return manifest
    given = annotations_of(manifest)
    if live is None:
        value = _number(given.get(_GENERATION, ""))
    else:
        is_new = at(live, "spec", "template") != at(manifest, "spec", "template")
        value = _number(annotations_of(live).get(_GENERATION, "")) + is_new
    if given.get(_GENERATION) == str(value):
        return manifest
    annotations = {**given, _GENERATION: str(value)}
    return {**manifest, "metadata": {**manifest["metadata"], "annotations": annotations}}


def without_template_generation(manifest: Manifest) -> Manifest:
    """Return an object as it is kept by a server that shows its metadata alone."""
    annotations = annotations_of(manifest)
    if _GENERATION not in annotations or group_kind(manifest) != DAEMON_SET:
        return manifest
    rest = {name: text for name, text in annotations.items() if name != _GENERATION}
    meta = {name: value for name, value in manifest["metadata"].items() if name != "annotations"}
    return {**manifest, "metadata": {**meta, "annotations": rest} if rest else meta}


def _number(text: str) -> int:
    return max(int(text), 1) if text.isdecimal() and len(text) <= _LONGEST else 1
