"""The manifests of an app, one document each, wherever they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import App
from nixernetes.gitops.layout import emitter
from nixernetes.gitops.layout.model import ReadFiles
from nixernetes.gitops.problems import Problems
from nixernetes.objects import yamls
from nixernetes.objects.identity import ObjectKey, key_of
from nixernetes.objects.manifest import Json, Manifest

__all__ = ["Written", "is_yaml", "name_files", "read_documents"]

_UNSAFE = re.compile(r"[^a-z0-9.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One manifest and where it was written; ``text`` is its file, when the file holds nothing else."""

    manifest: Manifest
    place: str
    text: bytes | None = None

    @property
    def data(self) -> bytes:
        """The bytes that go into the tree: what the user wrote where possible, comments included."""
        return emitter.dump(self.manifest) if self.text is None else self.text


def read_documents(app: App, read: ReadFiles, problems: Problems) -> list[Written]:
    """Return the documents of an app's manifests, files and folders, as given; ``List`` kinds are unpacked."""
    found: list[Written] = []
    for manifest, place in zip(app.manifests, app.manifests_at, strict=True):
        found += _unpacked(Written(manifest=manifest, place=place))
    for path in (*app.files, *app.folders):
        with problems.noted(subject=f"App {app.name}", place=app.declared_at):
            found += _from_path(path, read, problems)
    return list(_valid(found, app, problems))


def name_files(documents: Iterable[Written]) -> Mapping[str, Written]:
    """Give each document its own file name: ``deployment-web.yaml``, with the namespace when two share that."""
    named: dict[str, Written] = {}
    for document in documents:
        key = key_of(document.manifest)
        short = _file_name(key.kind, key.name)
        longer = _file_name(key.kind, key.namespace or "cluster", key.name)
        longest = _file_name(key.kind, key.group or "core", key.namespace or "cluster", key.name)
        free = [name for name in (short, longer, longest) if name not in named]
        named[free[0] if free else f"{longest[:-5]}-{len(named)}.yaml"] = document
    return dict(sorted(named.items()))


def is_yaml(path: str) -> bool:
    """Tell whether a file is read as YAML."""
    return path.endswith((".yaml", ".yml"))


def _from_path(path: Path, read: ReadFiles, problems: Problems) -> list[Written]:
    files = read(path)
    if "" not in files and not any(is_yaml(name) for name in files):
        raise InputError(f"folder {path.as_posix()} has no YAML file")
    found: list[Written] = []
    for name, data in files.items():
        if name and not is_yaml(name):
            continue
        file = (path / name).as_posix()
        with problems.noted(place=file):
            found += _from_file(file, data)
    return found


def _from_file(file: str, data: bytes) -> Iterator[Written]:
    documents = [document for document in yamls.parse_all(data, file=file) if document.data is not None]
    if not documents:
        raise InputError("the file is empty", place=file)
    alone = len(documents) == 1 and not _is_list(documents[0].data)
    for document in documents:
        yield from _unpacked(
            Written(manifest=document.data, place=f"{file}:{document.line}", text=data if alone else None)
        )


def _is_list(value: Json) -> bool:
    return (
        isinstance(value, dict) and str(value.get("kind", "")).endswith("List") and isinstance(value.get("items"), list)
    )


def _unpacked(document: Written) -> list[Written]:
    if not _is_list(document.manifest):
        return [document]
    return [Written(manifest=item, place=document.place) for item in document.manifest["items"]]


def _valid(documents: Iterable[Written], app: App, problems: Problems) -> Iterator[Written]:
    seen: dict[ObjectKey, str] = {}
    for document in documents:
        missing = _missing(document.manifest)
        if missing:
            problems.add(f"a manifest without {missing}: give it", subject=f"App {app.name}", place=document.place)
            continue
        key = key_of(document.manifest)
        wrong = _wrong_name(key.name)
        if wrong:
            problems.add(wrong, subject=f"App {app.name}", place=document.place)
            continue
        if key in seen:
            problems.add(
                f"{key} is declared twice in app {app.name}, first at {seen[key]}: remove one", place=document.place
            )
            continue
        seen[key] = document.place
        yield document


def _missing(manifest: Json) -> str:
    if not isinstance(manifest, dict):
        return "fields"
    for field in ("apiVersion", "kind"):
        if not isinstance(manifest.get(field), str) or not manifest[field]:
            return field
    metadata = manifest.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return "" if isinstance(name, str) and name else "metadata.name"


def _wrong_name(name: str) -> str:
    """Apply the rule that names of every kind obey: they are a part of a URL's path."""
    if name in (".", "..") or "/" in name or "%" in name:
        return f"metadata.name {name!r}: a name is not . or .., and has no / and no %"
    return ""


def _file_name(*parts: str) -> str:
    return _UNSAFE.sub("-", "-".join(parts).lower()).strip("-.")[:120] + ".yaml"
