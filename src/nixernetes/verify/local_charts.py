"""The charts that a repository holds, and which deliveries install them with which values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.fields import mapping_at, objects_at, text_at
from nixernetes.objects.identity import ObjectKey
from nixernetes.objects.kinds import APPLICATION, CONFIG_MAP, HELM_RELEASE
from nixernetes.objects.manifest import Json
from nixernetes.render.argocd.application_sources import application_sources
from nixernetes.render.deliveries import Delivery
from nixernetes.render.tree import Tree, join
from nixernetes.verify.findings import Place
from nixernetes.verify.objects import ClusterObjects
from nixernetes.verify.places import FieldPath
from nixernetes.verify.platform_view import PlatformView

__all__ = ["ChartValues", "LocalChart", "chart_folders", "installed_charts"]

_DOT: Final = "\0"  # stands for a dot that does not part
_TEMPLATES: Final = (".yaml", ".yml", ".tpl", ".txt", ".json")


@dataclass(frozen=True)
class LocalChart:
    """A chart in the tree.

    Attributes:
        tree: the files.
        folder: the folder of the chart.

    """

    tree: Tree
    folder: str

    @cached_property
    def description(self) -> Json:
        """What ``Chart.yaml`` says."""
        return self._data("Chart.yaml")

    @cached_property
    def values(self) -> Json:
        """What ``values.yaml`` says."""
        return self._data("values.yaml")

    @cached_property
    def dependencies(self) -> list[dict[str, Json]]:
        """The entries of ``dependencies``."""
        return objects_at(self.description, "dependencies")

    @cached_property
    def subcharts(self) -> dict[str, LocalChart]:
        """The charts in ``charts/``, by name."""
        found = {}
        for name, is_folder in self.tree.entries(f"{self.folder}/charts").items():
            if is_folder and self.tree.is_file(f"{self.folder}/charts/{name}/Chart.yaml"):
                found[name] = LocalChart(self.tree, f"{self.folder}/charts/{name}")
        return found

    @cached_property
    def is_whole(self) -> bool:
        """Whether all charts that it is made of are in the tree."""
        here = {*self.subcharts}
        return all(
            text_at(each, "name") in here or text_at(each, "repository").startswith("file://")
            for each in self.dependencies
        )

    @cached_property
    def templates(self) -> str:
        """The texts of all templates, those of the charts that it is made of among them."""
        texts = [
            self.tree.read(path).decode(errors="replace")
            for path in self.tree.walk(f"{self.folder}/templates")
            if path.endswith(_TEMPLATES)
        ]
        texts += [each.templates for each in self.subcharts.values()]
        for each in self.dependencies:
            there = self.beside(each)
            if there is not None:
                texts.append(there.templates)
        return "\n".join(texts)

    @cached_property
    def has_definitions(self) -> bool:
        """Whether the folder ``crds/`` holds something."""
        return any(self.tree.walk(f"{self.folder}/crds"))

    def beside(self, dependency: dict[str, Json]) -> LocalChart | None:
        """Return the chart of a dependency that is a folder of the tree, or None."""
        place = text_at(dependency, "repository")
        if not place.startswith("file://"):
            return None
        try:
            folder = join(self.folder, place.removeprefix("file://"))
        except InputError:
            return None
        return LocalChart(self.tree, folder) if self.tree.is_file(f"{folder}/Chart.yaml") else None

    def _data(self, name: str) -> Json:
        path = f"{self.folder}/{name}"
        try:
            return yamls.parse(self.tree.read(path), file=path) if self.tree.is_file(path) else {}
        except InputError:
            return {}


@dataclass(frozen=True, slots=True)
class ChartValues:
    """Values that a delivery or a values file gives.

    Attributes:
        data: the values.
        file: the file of values, ``""`` for those in the delivery itself.
        path: where they stand in the delivery.
        is_text: whether a text stands there, which holds them.
        begin: where that text is written, if that is not in the delivery.

    """

    data: Json
    file: str = ""
    path: FieldPath = ()
    is_text: bool = False
    begin: Place | None = None


def installed_charts(
    view: PlatformView,
) -> Iterator[tuple[ClusterObjects, Delivery, LocalChart, tuple[ChartValues, ...]]]:
    """Yield the deliveries that install a chart of the repository, with the values that they give."""
    tree = view.platform.estate.index.tree
    for cluster, delivery in view.deliveries():
        if delivery.key.group_kind == HELM_RELEASE:
            folder = _folder(text_at(delivery.manifest, "spec", "chart", "spec", "chart"))
            if folder and tree.is_file(f"{folder}/Chart.yaml"):
                own = ChartValues(mapping_at(delivery.manifest, "spec", "values"), path=("spec", "values"))
                given = (own, *_read_on_cluster(view, cluster, delivery))
                yield cluster, delivery, LocalChart(tree, folder), given
        if delivery.key.group_kind == APPLICATION:
            yield from _of_application(view, cluster, delivery, tree)


def chart_folders(delivery: Delivery) -> Iterator[str]:
    """Yield the folders in which the charts of a delivery would stand, if its repository is this one."""
    spec = mapping_at(delivery.manifest, "spec")
    names = [text_at(spec, "chart", "spec", "chart"), text_at(spec, "source", "path")]
    names += [text_at(each, "path") for each in objects_at(spec, "sources")]
    yield from filter(None, map(_folder, names))


def _of_application(
    view: PlatformView, cluster: ClusterObjects, delivery: Delivery, tree: Tree
) -> Iterator[tuple[ClusterObjects, Delivery, LocalChart, tuple[ChartValues, ...]]]:
    try:
        sources = application_sources(delivery.manifest)
    except InputError:
        return  # another rule says what is wrong with it
    for index, source in enumerate(sources):
        folder = _folder(text_at(source, "path"))
        if not folder or not tree.is_file(f"{folder}/Chart.yaml"):
            continue
        several = bool(objects_at(delivery.manifest, "spec", "sources"))
        before: FieldPath = ("spec", "sources", index) if several else ("spec", "source")
        helm = mapping_at(source, "helm")
        given = [ChartValues(mapping_at(helm, "valuesObject"), path=(*before, "helm", "valuesObject"))]
        given.append(ChartValues(_parsed(text_at(helm, "values")), path=(*before, "helm", "values"), is_text=True))
        for number, parameter in enumerate(objects_at(helm, "parameters")):
            at = (*before, "helm", "parameters", number, "name")
            given.append(ChartValues(_parameter(text_at(parameter, "name")), path=at, is_text=True))
        for name in helm.get("valueFiles") or []:
            file = _value_file(folder, name)
            if file and tree.is_file(file):
                for document in view.platform.estate.index.lenient(file):
                    given.append(ChartValues(document.data, file=file))
        yield cluster, delivery, LocalChart(tree, folder), tuple(given)


def _read_on_cluster(view: PlatformView, cluster: ClusterObjects, delivery: Delivery) -> Iterator[ChartValues]:
    """Yield what ``valuesFrom`` reads, as far as it is declared in plain text."""
    for index, entry in enumerate(objects_at(delivery.manifest, "spec", "valuesFrom")):
        target = text_at(entry, "targetPath")
        if target:
            path = ("spec", "valuesFrom", index, "targetPath")
            yield ChartValues(_parameter(target), path=path, is_text=True)
            continue
        key = text_at(entry, "valuesKey") or "values.yaml"
        item = cluster.get(ObjectKey("", text_at(entry, "kind"), delivery.key.namespace, text_at(entry, "name")))
        part = "data" if item is not None and item.key.group_kind == CONFIG_MAP else "stringData"
        text = text_at(item.manifest, part, key) if item is not None and item.seal is None else ""
        if item is None or not text:
            continue
        place = view.place(item, (part, key))
        file = _generating(view, place)
        yield ChartValues(_parsed(text), file=file, is_text=not file, begin=place)


def _generating(view: PlatformView, place: Place) -> str:
    """Return the file that a line of a generator names, as ``- values.yaml=prod.yaml``; ``""`` where it names none."""
    lines = view.places.text(place.file).splitlines()
    written = lines[place.line - 1][place.column - 1 :] if 0 < place.line <= len(lines) else ""
    name = written.strip().strip("[]'\"").split(",")[0].rpartition("=")[2]
    file = _value_file(place.file.rpartition("/")[0], name) if name and ": " not in name else ""
    return file if file and view.places.tree.is_file(file) else ""


def _parsed(text: str) -> Json:
    try:
        return yamls.parse(text, file="values") if text else {}
    except InputError:
        return {}


def _parameter(name: str) -> Json:
    """Return the values that ``--set NAME=`` gives, as far as mappings go."""
    steps = [step.replace(_DOT, ".") for step in name.replace("\\.", _DOT).partition("[")[0].split(".")]
    found: Json = ""
    for step in reversed(steps):
        found = {step: found}
    return found if name else {}


def _folder(path: str) -> str:
    try:
        return join("", path.lstrip("/")) if path else ""
    except InputError:
        return ""


def _value_file(folder: str, name: Json) -> str:
    if not isinstance(name, str) or re.match(r"[a-z]+://|\$", name):
        return ""
    try:
        return join("" if name.startswith("/") else folder, name.lstrip("/"))
    except InputError:
        return ""
