"""The documents of a repository, each file read and parsed once, on demand.

Most files of a repository say nothing about what starts its clusters: a look at their bytes tells, and only the others
are parsed. The templates of charts are not documents. Hidden folders (``.github``, ``.archive``) start nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.manifest import Json, Manifest, labels_of
from nixernetes.objects.provenance import Origin
from nixernetes.objects.well_known import ARGOCD_SECRET_TYPE
from nixernetes.render.estate.parsed_files import ParsedFiles
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import Tree

__all__ = ["DocumentIndex", "has_objects_form", "objects_of"]

_GROUPS: Final = re.compile(
    rb"(?:kustomize|helm|source)\.toolkit\.fluxcd\.io/|source\.extensions\.fluxcd\.io/"
    rb"|fluxcd\.controlplane\.io/|argoproj\.io/"
)
_ENDINGS: Final = (".yaml", ".yml")


class DocumentIndex:
    """What a tree declares.

    Args:
        tree: the files.
        parsed: documents of files that were read before, of this tree or of others.

    """

    def __init__(self, tree: Tree, parsed: ParsedFiles | None = None) -> None:
        self.tree = tree
        self._parsed = ParsedFiles() if parsed is None else parsed
        self._data: dict[str, bytes] = {}
        self._documents: dict[str, tuple[yamls.Document, ...] | InputError] = {}

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The YAML files, in order; those of hidden folders and the templates of charts left out."""
        return tuple(
            path
            for path in self.tree.walk()
            if path.endswith(_ENDINGS) and not _is_hidden(path) and not self._is_template(path)
        )

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """The folders, each before what is in it; hidden ones left out."""
        return tuple(path for path in self.tree.folders() if not _is_hidden(path))

    @cached_property
    def declared(self) -> tuple[Rendered, ...]:
        """The objects of the files that speak of Flux or Argo CD, in order; files that are not YAML are passed over."""
        found: list[Rendered] = []
        for path in self.holding(_GROUPS):
            found += self.objects(path)
        return tuple(found)

    @cached_property
    def by_key(self) -> Mapping[ObjectKey, Rendered]:
        """The declared objects by their identities; the first of each."""
        found: dict[ObjectKey, Rendered] = {}
        for item in self.declared:
            found.setdefault(key_of(item.manifest), item)
        return found

    @property
    def projects(self) -> tuple[Rendered, ...]:
        """The AppProjects."""
        return tuple(item for item in self.declared if group_kind(item.manifest) == (ARGOPROJ, "AppProject"))

    @property
    def cluster_secrets(self) -> tuple[Rendered, ...]:
        """The Secrets that tell Argo CD of clusters."""
        return tuple(
            item
            for item in self.declared
            if item.manifest.get("kind") == "Secret" and labels_of(item.manifest).get(ARGOCD_SECRET_TYPE) == "cluster"
        )

    def holding(self, pattern: re.Pattern[bytes]) -> Iterator[str]:
        """Yield the files whose bytes a pattern is found in."""
        return (path for path in self.files if pattern.search(self.read(path)))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; none where it cannot be read."""
        if path not in self._data:
            try:
                self._data[path] = self.tree.read(path)
            except InputError:
                self._data[path] = b""
        return self._data[path]

    def documents(self, path: str) -> tuple[yamls.Document, ...]:
        """Return the documents of a file.

        Raises:
            InputError: it is not YAML.

        """
        if path not in self._documents:
            try:
                self._documents[path] = self._parsed.documents(path, self.read(path))
            except InputError as error:
                self._documents[path] = error
        found = self._documents[path]
        if isinstance(found, InputError):
            raise found
        return found

    def problem(self, path: str) -> InputError | None:
        """Return why a file is not YAML, or None."""
        try:
            self.documents(path)
        except InputError as error:
            return error
        return None

    def unreadable(self) -> Iterator[tuple[str, InputError]]:
        """Yield the files that speak of Flux or Argo CD and are not YAML, each with the reason."""
        for path in self.holding(_GROUPS):
            error = self.problem(path)
            if error is not None:
                yield path, error

    def lenient(self, path: str) -> tuple[yamls.Document, ...]:
        """Return the documents of a file, none where it is not YAML: who delivers it will say so."""
        try:
            return self.documents(path)
        except InputError:
            return ()

    def objects(self, path: str) -> list[Rendered]:
        """Return the objects of a file, those in lists among them; none where it is not YAML."""
        return [
            Rendered(manifest=item, origin=Origin(file=path, line=document.line))
            for document in self.lenient(path)
            for item in objects_of(document.data)
        ]

    def _is_template(self, path: str) -> bool:
        before, folder, _ = path.rpartition("/templates/")
        while folder:
            if self.tree.is_file(f"{before}/Chart.yaml"):
                return True
            before, folder, _ = before.rpartition("/templates/")
        return path.startswith("templates/") and self.tree.is_file("Chart.yaml")


def objects_of(data: Json) -> list[Manifest]:
    """Return the Kubernetes objects of a document: itself, or the items of a List."""
    if not has_objects_form(data):
        return []
    if data["kind"] == "List" and isinstance(data.get("items"), list):
        return [item for each in data["items"] for item in objects_of(each)]
    return [data] if isinstance(data.get("metadata"), dict) else []


def has_objects_form(data: Json) -> bool:
    """Tell whether a document says of which kind it is."""
    if not isinstance(data, dict) or not isinstance(data.get("apiVersion"), str):
        return False
    return isinstance(data.get("kind"), str) and bool(data["kind"])


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path
