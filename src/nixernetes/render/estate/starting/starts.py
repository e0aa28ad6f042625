"""What starts each cluster of a repository: which folders are applied, and what is made besides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from nixernetes.errors import InputError, NixernetesError
from nixernetes.objects.api_groups import ARGOPROJ
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.estate.cluster_names import cluster_folder, home_of
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.made_sources import missing_sources
from nixernetes.render.estate.notes import Note, NoteKind
from nixernetes.render.estate.own_applications import application_urls
from nixernetes.render.estate.reach import Reach
from nixernetes.render.estate.references import References, folder_of
from nixernetes.render.estate.repository_urls import same_urls
from nixernetes.render.estate.starting.app_charts import app_charts, made_application, urls_of_chart
from nixernetes.render.estate.starting.bootstraps import (
    argocd_folders,
    bootstrapped,
    gotk_folders,
    inside,
    is_delivered,
    own_sources,
)
from nixernetes.render.estate.starting.flux_instances import Sync, sync_objects, syncs
from nixernetes.render.estate.starting.loose_deliveries import is_whole, loose_deliveries, loose_homes
from nixernetes.render.rendered import Rendered
from nixernetes.render.tree import join

__all__ = ["Start", "Starts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What starts one cluster.

    Attributes:
        home: the folder that the cluster is named after.
        folders: the folders that are applied.
        made: objects that nobody wrote in these folders, and that somebody makes.
        is_argocd: whether Argo CD is started; else Flux.
        name: the name that the user gives, or ``""``.

    """

    home: str
    folders: tuple[str, ...] = ()
    made: tuple[Rendered, ...] = ()
    is_argocd: bool = False
    name: str = ""


class Starts:
    """Finds what starts the clusters of a repository.

    Args:
        index: the documents of the repository.
        own: URLs that are known to be its own, as Git knows them.

    Attributes:
        index: the documents of the repository.
        references: its kustomizations.
        notes: what is to be said, as far as it was found.

    """

    def __init__(self, index: DocumentIndex, own: Collection[str]) -> None:
        self.index = index
        self.references = References(index)
        self.notes: list[Note] = []
        self._known = tuple(own)

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The URLs by which the repository calls itself, in each spelling that it uses."""
        own = [*self._known, *(sync.url for sync in self._syncs)]
        for folder in self._gotk_folders:
            written = [item.manifest for item in inside(self.index, folder)]
            own += own_sources(self.index, [*missing_sources(written), *written], folder)
        applications = [each for each in self._manifests if group_kind(each) in (APPLICATION, APPLICATION_SET)]
        own += application_urls(self.index, applications, own)
        own += [] if self._syncs or applications else [url for each in self._charts for url in self._chart_urls(each)]
        return same_urls(own, self._manifests)

    @cached_property
    def reach(self) -> Reach:
        """What the deliveries of the repository bring."""
        return Reach(self.index, [*self._deliveries, *self._synced], self.urls)

    def found(self) -> list[Start]:
        """Return what starts, found by itself."""
        starts = [*self._bootstraps(), *self._instances(), *self._planes()]
        loose = loose_homes(loose_deliveries(self._deliveries, self.reach, self.references))
        homes, has_none = {start.home for start in starts}, not starts
        for home, items in loose.items():
            if has_none or (cluster_folder(f"{home}/") and home not in homes):
                for is_argocd in sorted({each.is_argocd for each in items}):
                    folders = sorted({each.folder for each in items if each.is_argocd == is_argocd})
                    starts.append(Start(home=home, folders=_outermost(folders), is_argocd=is_argocd))
        return starts or list(self._made_applications())

    def named(self, folders: Mapping[str, str]) -> list[Start]:
        """Return what starts with folders that the user names.

        Raises:
            InputError: there is no such folder.

        """
        starts = []
        for name, folder in folders.items():
            path = join("", folder)
            if not self.index.tree.is_dir(path):
                raise InputError("no such folder in the repository", subject=folder)
            written = [sync for sync in self._syncs if _is_below(sync.origin.file, path)]
            made = [item for sync in written for item in self._made(sync)]
            is_argocd = any(group_kind(item.manifest).group == ARGOPROJ for item in inside(self.index, path))
            starts.append(Start(home=path, folders=(path,), made=tuple(made), is_argocd=is_argocd, name=name))
        return starts

    def is_left_out(self, folder: str) -> bool:
        """Tell whether a folder does not start by itself: a kustomization lists it, or a delivery brings it."""
        return self.references.is_used(folder) or self.is_brought(folder)

    def is_brought(self, folder: str) -> bool:
        """Tell whether a delivery brings a folder; one that is written there cannot, as it has to start first."""
        return any(not _is_below(by.origin.file, folder) for by in self.reach.bringing([folder]))

    def _bootstraps(self) -> Iterator[Start]:
        for folder in self._gotk_folders:
            items = inside(self.index, folder)
            if is_delivered(items, self.reach):
                continue
            made = () if items else tuple(Rendered(manifest=item) for item in bootstrapped(folder))
            yield Start(home=home_of(folder), folders=(folder,), made=made)

    def _instances(self) -> Iterator[Start]:
        for sync in self._syncs:
            made = self._made(sync)
            written = folder_of(sync.origin.file)
            lines = self.references.lines(sync.origin.file) if sync.is_object else []
            passed = {folder for line in lines for folder in line}
            others = [by for by in self.reach.bringing(sorted(passed)) if by not in self._synced]
            folders = () if others else tuple(sorted({line[-1] for line in lines}))
            yield Start(home=home_of(sync.folder or written), folders=folders, made=tuple(made))

    def _planes(self) -> Iterator[Start]:
        found: list[Start] = []
        for folder in argocd_folders(self.index):
            if is_delivered(inside(self.index, folder), self.reach):
                continue
            folders = tuple(self.references.tops(folder))
            found.append(Start(home=cluster_folder(folder), folders=folders, is_argocd=True))
        # Two of one identity show that several Argo CDs are meant; else one has them all.
        pooled = [start for start in found if not start.home]
        written = [
            (key_of(item.manifest), item.origin)
            for start in pooled
            for folder in start.folders
            for item in inside(self.index, folder)
        ]
        several = len(pooled) > 1 and len({key for key, _ in written}) < len(set(written))
        for start in found:
            yield replace(start, home=home_of(start.folders[0])) if several and not start.home else start

    def _made_applications(self) -> Iterator[Start]:
        for folder in self._charts:
            fact = "its templates are Applications, and nothing here starts it: an Application was made for it"
            self.notes.append(Note(kind=NoteKind.CHOSEN, message=fact, place=folder))
            made = (Rendered(manifest=made_application(folder), origin=Origin(file=f"{folder}/Chart.yaml")),)
            yield Start(home=cluster_folder(folder), made=made, is_argocd=True)

    def _chart_urls(self, folder: str) -> list[str]:
        made = text_at(made_application(folder), "spec", "source", "repoURL")
        return [made, *urls_of_chart(self.index, folder)]

    @cached_property
    def _charts(self) -> list[str]:
        return app_charts(self.index)

    def _made(self, sync: Sync) -> list[Rendered]:
        try:
            return sync_objects(sync)
        except NixernetesError as error:
            self.notes.append(Note(kind=NoteKind.BROKEN, message=error.message, place=error.place))
            return []

    @cached_property
    def _syncs(self) -> list[Sync]:
        """The syncs whose path is here."""
        found = []
        for sync in syncs(self.index):
            if sync.folder is not None and self.index.tree.is_dir(sync.folder):
                found.append(sync)
                continue
            text = f"what it syncs from {sync.url}, {sync.path or './'}, is not in this repository"
            self.notes.append(Note(kind=NoteKind.LEFT_OUT, message=text, place=str(sync.origin)))
        return found

    @cached_property
    def _synced(self) -> list[Rendered]:
        """The Kustomizations of the syncs."""
        return [item for sync in self._syncs for item in self._made(sync) if item.manifest["kind"] == "Kustomization"]

    @cached_property
    def _gotk_folders(self) -> list[str]:
        return gotk_folders(self.index)

    @cached_property
    def _deliveries(self) -> list[Rendered]:
        return [item for item in self.index.declared if is_whole(item.manifest)]

    @property
    def _manifests(self) -> list[Manifest]:
        return [item.manifest for item in self.index.declared]


def _is_below(file: str, folder: str) -> bool:
    return not folder or file.startswith(f"{folder}/")


def _outermost(folders: list[str]) -> tuple[str, ...]:
    """Return the folders that are not below another one."""
    return tuple(
        folder
        for folder in folders
        if not any(other != folder and (not other or folder.startswith(f"{other}/")) for other in folders)
    )
