"""``ignored-field``: Kustomize knows the fields of the kustomization file at ``spec.path``.

Flux reads that file leniently and writes it anew, so that a misspelt field is dropped without a word; Kustomize and
Argo CD refuse it (fluxcd/pkg/kustomize, ``kustomize_generator.go``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nixernetes.objects.fields import text_at
from nixernetes.objects.kinds import KUSTOMIZATION
from nixernetes.render.delivery_builds import DROPPED
from nixernetes.render.kustomize.decoding import wire_names
from nixernetes.render.kustomize.kustomization import KustomizationFile
from nixernetes.verify.findings import Severity
from nixernetes.verify.hints import meant
from nixernetes.verify.kustomization_files import kustomization_at
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.rule import Found, Rule

__all__ = ["RULE"]

_FIELD: Final = re.compile(rf"has (\S+), {DROPPED}")


def _check(view: PlatformView) -> Iterator[Found]:
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind != KUSTOMIZATION:
            continue
        for note in delivery.notes:
            found = _FIELD.search(note.text)
            if found is None:
                continue
            field = found[1]
            file = kustomization_at(view, text_at(delivery.manifest, "spec", "path"))
            message = f"Flux drops {field}, which Kustomize does not know{_hint(field)}"
            first = re.split(r"[.\[]", field)[0]
            place = view.places.in_file(file, (first,)) if file else None
            yield Found(cluster=cluster, subject=delivery, message=message, place=place, path=("spec", "path"))


def _hint(field: str) -> str:
    return meant(field, wire_names(KustomizationFile))


RULE: Final = Rule(
    name="ignored-field",
    topic="kustomize-build",
    severity=Severity.WARNING,
    sentence="Kustomize knows every field of a kustomization file.",
    check=_check,
)
