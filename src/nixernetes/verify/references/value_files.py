"""Value files of an Application that lie in another of its sources (``$ref/path``).

A chart that cannot be reached is not verified. What it is given out of this repository can be, all the same: Argo CD
fails where a file is missing, unless ``ignoreMissingValueFiles`` is set, or where no source has the name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.fields import flag_at, items_at, mapping_at, objects_at, text_at
from nixernetes.objects.manifest import Manifest
from nixernetes.render.estate.estates import Estate
from nixernetes.render.tree import join
from nixernetes.verify.places import FieldPath

__all__ = ["value_file_problems"]

_OPEN: Final = frozenset("*?[{$")  # a pattern, or a variable of the build environment


def value_file_problems(application: Manifest, estate: Estate) -> Iterator[tuple[FieldPath, str, str]]:
    """Yield value files that are not there: the field, what is wrong, and its topic.

    Args:
        application: the Application.
        estate: the repository.

    """
    sources = objects_at(application, "spec", "sources")
    ours = {each.removesuffix(".git") for each in estate.urls}
    places = {text_at(each, "ref"): text_at(each, "repoURL").removesuffix(".git") for each in sources}
    for number, source in enumerate(sources):
        options = mapping_at(source, "helm")
        for index, name in enumerate(items_at(options, "valueFiles")):
            if not isinstance(name, str) or not name.startswith("$") or "/" not in name:
                continue
            path: FieldPath = ("spec", "sources", number, "helm", "valueFiles", index)
            ref, _, file = name[1:].partition("/")
            if ref.startswith("ARGOCD_"):
                continue
            if ref not in places:
                message = f"source referenced {name!r}, but no source has a 'ref' field set to {ref!r}"
                yield path, message, "source-missing"
                continue
            is_asked = places[ref] in ours and not _OPEN & set(file)
            if is_asked and not flag_at(options, "ignoreMissingValueFiles") and not _is_there(estate, file):
                yield path, f"open {file}: no such file or directory: correct helm.valueFiles", "path-missing"


def _is_there(estate: Estate, file: str) -> bool:
    try:
        return estate.index.tree.is_file(join("", file))
    except InputError:
        return False
