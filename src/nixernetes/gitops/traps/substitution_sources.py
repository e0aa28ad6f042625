"""A ``substituteFrom`` that nothing declares: the Kustomization fails until somebody makes it by hand."""

from __future__ import annotations

from collections.abc import Iterator

from nixernetes.errors import InputError
from nixernetes.gitops.traps.declared import Declared, Trap
from nixernetes.objects import yamls
from nixernetes.objects.fields import at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Json

__all__ = ["traps"]

_GENERATORS = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}


def traps(declared: Declared) -> Iterator[Trap]:
    """Yield references to a ConfigMap or Secret that the repository does not have, and that may not be missing."""
    there: set[tuple[str, str]] | None = None
    for placed in declared.of("Kustomization"):
        for reference in objects_at(mapping_at(placed.manifest, "spec", "postBuild"), "substituteFrom"):
            kind, name = text_at(reference, "kind"), text_at(reference, "name")
            if at(reference, "optional"):
                continue
            there = set(_named(declared)) if there is None else there
            if (kind, name) not in there:
                namespace = text_at(placed.manifest, "metadata", "namespace")
                yield placed.trap(
                    f"postBuild.substituteFrom: nothing in the repository declares {kind}/{namespace}/{name}, and Flux "
                    "fails without it: declare it, or give it optional=True"
                )


def _named(declared: Declared) -> Iterator[tuple[str, str]]:
    """Yield kind and name of each ConfigMap and Secret, those of generators among them."""
    for path, data in declared.files.items():
        if not path.endswith((".yaml", ".yml")) or not (b"onfigMap" in data or b"ecret" in data):
            continue
        try:
            documents = [each.data for each in yamls.parse_all(data)]
        except InputError:
            continue  # a template of a chart
        for document in documents:
            yield from _names(document)


def _names(document: Json) -> Iterator[tuple[str, str]]:
    if not isinstance(document, dict):
        return
    if document.get("kind") in ("ConfigMap", "Secret"):
        yield str(document["kind"]), text_at(document, "metadata", "name")
    for field, kind in _GENERATORS.items():
        yield from ((kind, text_at(entry, "name")) for entry in objects_at(document, field))
