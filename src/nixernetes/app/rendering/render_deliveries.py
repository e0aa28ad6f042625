"""``nixernetes render`` of deliveries: a repository at hand or at a revision, everything else as it declares."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from nixernetes.adapters.kept_answers import DeadHost, dead_hosts
from nixernetes.adapters.repositories.own_repository import OwnRepository, at_hand, remote_urls, repository_around
from nixernetes.app.settings import folders_in, settings_of, unknown_cluster_notes, with_servers, with_settings
from nixernetes.app.toolbox import ToolOptions, open_toolbox
from nixernetes.app.unmatched import unnamed_sources
from nixernetes.errors import InputError
from nixernetes.objects.identity import key_of
from nixernetes.objects.manifest import Manifest
from nixernetes.render.deliveries import Delivery, reached_deliveries
from nixernetes.render.delivery_builds import Builder
from nixernetes.render.estate import DocumentIndex, Estate, Note, NothingToStartError, StartedCluster, read_estate
from nixernetes.render.estate.parsed_files import ParsedFiles
from nixernetes.render.kept import Kept
from nixernetes.render.outside import Surroundings
from nixernetes.render.rendered import Rendered
from nixernetes.render.rendered_platform import RenderedCluster, RenderedPlatform
from nixernetes.render.tools import Tools
from nixernetes.render.tree import OverlayTree, Tree
from nixernetes.settings.reading import SettingsFile

__all__ = ["Query", "find", "render", "render_from_hosts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is to be rendered.

    Attributes:
        repo: the repository.
        rev: the Git revision; ``""`` reads the files on disk.
        wanted: identities of deliveries; None means all.
        cluster: only the deliveries of this cluster; ``""`` means all clusters.
        folders: cluster name to the folder that starts it; none: found by itself.
        options: what the user says about the tools.
        settings: what the options are beside; None: the settings of the repository.
        told: called with the identity of each delivery before it is built.
        edits: files as an editor has them, in place of those on disk; None: it is not there.
        is_lenient: whether a cluster whose files are at fault is only told among the notes.
        may_be_empty: whether a repository in which nothing starts is one without clusters.
        kept: rendered results of earlier runs; None: those on disk.
        parsed: documents of files that were read before.

    """

    repo: Path = Path()
    rev: str = ""
    wanted: tuple[str, ...] | None = None
    cluster: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    options: ToolOptions = field(default_factory=ToolOptions)
    settings: SettingsFile | None = None
    told: Callable[[str], None] = lambda _: None
    is_lenient: bool = False
    may_be_empty: bool = False
    edits: Mapping[str, bytes | None] = field(default_factory=dict)
    kept: Kept | None = None
    parsed: ParsedFiles | None = None


def render(query: Query) -> RenderedPlatform:
    """Return the deliveries that are asked for, those with a problem among them.

    Raises:
        InputError: no such repository, revision or cluster, or a file of values that is none.

    """
    return render_from_hosts(query)[0]


def render_from_hosts(query: Query) -> tuple[RenderedPlatform, tuple[DeadHost, ...] | None]:
    """Return what :func:`render` does, and the hosts that could not be reached; None where that cannot be kept.

    A host answered, or the settings name files beside the repository: what stands there may be another thing by now.

    Raises:
        InputError: as :func:`render`.

    """
    here = at_hand(query.repo, query.rev)
    if query.edits:
        here = replace(here, tree=OverlayTree(here.tree, query.edits))
    named = tuple(query.options.sources)  # those of the settings file may stand idle
    settings = settings_of(query.repo) if query.settings is None else query.settings
    are_told = query.settings is None and not query.folders  # who gives the settings says it too
    query = replace(query, folders=folders_in(settings, query.folders), options=with_settings(query.options, settings))
    estate = _estate(query, here.tree, remote_urls(query.repo))
    clusters = estate.chosen(query.cluster)
    options = with_servers(query.options, estate.clusters)
    given = options.sources
    urls = tuple(url for url in estate.urls if url not in given)
    own = OwnRepository(query.repo, lambda: here, urls=urls, mapped=given, folders=True)
    with open_toolbox(own, {**dict.fromkeys(urls, query.repo), **given}, options, own, query.kept) as box:
        found = _rendered(clusters, box.tools, query)
        dead = None if options.sources or options.values else dead_hosts(box.hosts)
        unknown = unknown_cluster_notes(settings, estate.clusters) if are_told else ()
        brought = (each.manifest for one in found for item in one.deliveries for each in item.manifests)
        idle = unnamed_sources(estate.index, named, brought)
        notes = (*_notes(estate, found, query), *unknown, *idle)
        platform = RenderedPlatform(estate=estate, clusters=tuple(found), notes=notes, given=box.tools.given)
    return platform, dead


def _estate(query: Query, tree: Tree, remotes: Sequence[str]) -> Estate:
    try:
        return read_estate(
            DocumentIndex(tree, query.parsed),
            own=remotes,
            folders=query.folders,
            is_lenient=query.is_lenient,
            may_be_empty=query.may_be_empty,
        )
    except NothingToStartError as error:
        around = repository_around(query.repo)
        if around is None:
            raise
        raise InputError(f"{error.message}; the repository around it begins at {around}: --repo {around}") from error


def _notes(estate: Estate, found: Sequence[RenderedCluster], query: Query) -> tuple[Note, ...]:
    """Return what is to be said: of all, where all is rendered; else of what starts the clusters asked for."""
    notes = [note for note in estate.notes if query.cluster in ("", note.cluster) or not note.cluster]
    deliveries = [item for each in found for item in each.deliveries]
    if query.wanted is None and not query.cluster:
        reached = [item.origin for item in deliveries]
        reached += [each.origin for item in deliveries for each in item.manifests]
        unused = estate.unused(reached)
        notes += [unused] if unused is not None else []
    return tuple(notes)


def find(clusters: Sequence[RenderedCluster], wanted: Collection[str]) -> list[Delivery]:
    """Return the deliveries by their identities, in that order.

    Raises:
        InputError: there is no such delivery, or several clusters have one.

    """
    found = []
    for name in wanted:
        matches = [(each.name, item) for each in clusters for item in each.deliveries if str(item.key) == name]
        if not matches:
            raise InputError(f"no such delivery: {name}: {_instead(name, clusters)}")
        if len(matches) > 1:
            places = ", ".join(cluster for cluster, _ in matches)
            raise InputError(f"several clusters have it ({places}): choose one with --cluster", subject=name)
        found.append(matches[0][1])
    return found


def _instead(name: str, clusters: Sequence[RenderedCluster]) -> str:
    """Say what was perhaps meant: the same name elsewhere, or one that is spelled alike."""
    known = sorted({each for cluster in clusters for each in cluster.known})
    kind, last = name.partition("/")[0], name.rpartition("/")[2]
    near = [each for each in known if each.rpartition("/")[2] == last]
    if not near:
        named = {each.rpartition("/")[2]: each for each in known if each.startswith(f"{kind}/")}
        near = [named[each] for each in get_close_matches(last, named, n=3)]
    if near:
        return f"is it {' or '.join(near[:3])}?"
    return "`nixernetes render --all` renders what there is"


def _rendered(clusters: Sequence[StartedCluster], tools: Tools, query: Query) -> list[RenderedCluster]:
    """Render without the charts that nobody asks for first: they are made where something is not found without them."""
    found = [_cluster(each, tools.of_cluster(each.name), query, thorough=False) for each in clusters]
    reached = {str(item.key) for each in found for item in each.deliveries}
    if query.wanted is None or set(query.wanted) <= reached:
        return found
    return [_cluster(each, tools.of_cluster(each.name), query, thorough=True) for each in clusters]


def _cluster(plan: StartedCluster, tools: Tools, query: Query, *, thorough: bool) -> RenderedCluster:
    wanted, builder = query.wanted, _Told(tools, query.told)
    found = reached_deliveries(plan.manifests, builder, wanted=wanted, origins=plan.origins, thorough=thorough)
    return RenderedCluster(
        start=plan,
        deliveries=tuple(each for each in found if wanted is None or str(each.key) in wanted),
        known=tuple(str(each.key) for each in found),
    )


class _Told(Builder):
    """Builds deliveries, and tells which one it is at.

    Args:
        tools: what is built with.
        told: called with the identity of a delivery before it is built.

    """

    def __init__(self, tools: Tools, told: Callable[[str], None]) -> None:
        super().__init__(tools)
        self._told = told

    def build(self, delivery: Manifest, declared: Surroundings) -> Sequence[Rendered]:
        """Return the manifests of a delivery."""
        self._told(str(key_of(delivery)))
        return super().build(delivery, declared)
