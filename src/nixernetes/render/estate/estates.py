"""What a repository is made of, as a value: its clusters with what starts them, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nixernetes.errors import InputError
from nixernetes.objects.api_groups import (
    ARGOPROJ,
    FLUX_HELM,
    FLUX_KUSTOMIZE,
    FLUX_OPERATOR,
    FLUX_SOURCE,
    FLUX_SOURCE_EXTENSIONS,
)
from nixernetes.objects.identity import ObjectKey, group_kind, key_of
from nixernetes.objects.kinds import APPLICATION, APPLICATION_SET, HELM_RELEASE, KUSTOMIZATION
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.provenance import Origin
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.estate.notes import Note, NoteKind
from nixernetes.render.estate.reach import Reach
from nixernetes.render.estate.references import References
from nixernetes.render.estate.starting.loose_deliveries import is_whole
from nixernetes.render.rendered import Rendered

__all__ = ["DELIVERIES", "Estate", "NothingToStartError", "StartedCluster"]

DELIVERIES: Final = (KUSTOMIZATION, HELM_RELEASE, APPLICATION, APPLICATION_SET)
_FLUX: Final = frozenset(
    (
        *(FLUX_SOURCE, FLUX_KUSTOMIZE, FLUX_HELM),
        *(FLUX_OPERATOR, FLUX_SOURCE_EXTENSIONS),
    )
)


class NothingToStartError(InputError):
    """Nothing of a repository starts a cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedCluster:
    """One cluster and what starts it.

    Attributes:
        name: its name; no other cluster has it.
        server: the API server URL by which Applications name it; ``""`` where none does.
        bootstrap: what is applied to the fresh cluster, in order.
        folders: the folders that this is written in.
        build_options: the flags that its Argo CD gives to ``kustomize build``.

    """

    name: str
    server: str = ""
    bootstrap: tuple[Rendered, ...] = ()
    folders: tuple[str, ...] = ()
    build_options: str = ""

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """What is applied, without where it comes from."""
        return tuple(item.manifest for item in self.bootstrap)

    @property
    def origins(self) -> Mapping[ObjectKey, Origin]:
        """Where what is applied is written, as far as files hold it."""
        return {key_of(item.manifest): item.origin for item in self.bootstrap if item.origin.file}

    @property
    def engines(self) -> frozenset[str]:
        """Which engines what is applied is for: ``flux``, ``argocd``."""
        groups = {group_kind(item.manifest).group for item in self.bootstrap}
        return frozenset(
            engine for engine, wanted in (("flux", groups & _FLUX), ("argocd", groups & {ARGOPROJ})) if wanted
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """What a repository is made of.

    Attributes:
        clusters: its clusters.
        urls: the URLs by which it calls itself, in each spelling that it uses.
        index: what it declares.
        notes: what is to be said of it.

    """

    clusters: tuple[StartedCluster, ...]
    urls: tuple[str, ...]
    index: DocumentIndex
    notes: tuple[Note, ...] = ()

    @property
    def engines(self) -> frozenset[str]:
        """The engines that some cluster needs."""
        return frozenset(engine for cluster in self.clusters for engine in cluster.engines)

    def chosen(self, name: str) -> tuple[StartedCluster, ...]:
        """Return the cluster of a name, all for ``""``.

        Raises:
            InputError: there is no such cluster.

        """
        found = tuple(cluster for cluster in self.clusters if name in ("", cluster.name))
        if not found and name:
            known = ", ".join(cluster.name for cluster in self.clusters)
            raise InputError(f"no such cluster: there are {known}", subject=name)
        return found

    def unused(self, reached: Iterable[Origin]) -> Note | None:
        """Return one line about the deliveries that nothing brings to a cluster; None when all are brought.

        Args:
            reached: where everything that was rendered is written.

        """
        files = {origin.file for origin in reached} | {
            item.origin.file for each in self.clusters for item in each.bootstrap
        }
        left = [
            item
            for item in self.index.declared
            if group_kind(item.manifest) in DELIVERIES and item.origin.file not in files and is_whole(item.manifest)
        ]
        left = self._not_brought(left) if left else []
        if not left:
            return None
        names = sorted({item.origin.file for item in left})
        more = len(names) - 1
        some = f"{names[0]} and {more} more file{'s' if more > 1 else ''}" if more else names[0]
        count = f"{len(left)} deliveries are" if len(left) > 1 else "1 delivery is"
        text = f"{count} not brought to any cluster: {some}"
        return Note(kind=NoteKind.UNUSED, message=text)

    def _not_brought(self, items: Sequence[Rendered]) -> list[Rendered]:
        """Return those that no delivery would bring: one that fails to render is told of by itself."""
        written = [item for item in self.index.declared if is_whole(item.manifest)]
        made = [item for each in self.clusters for item in each.bootstrap]
        reach, references = Reach(self.index, [*written, *made], self.urls), References(self.index)
        found = []
        for item in items:
            passed = {folder for line in references.lines(item.origin.file) for folder in line}
            if not references.is_patch(item.origin.file) and not any(
                by.origin.file != item.origin.file for by in reach.bringing(sorted(passed))
            ):
                found.append(item)
        return found
