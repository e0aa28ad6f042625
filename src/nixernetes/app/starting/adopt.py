"""``nixernetes init --from``: an existing repository gets a settings file, and its owner hears what was found in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nixernetes.adapters.repositories.own_repository import at_hand, remote_urls
from nixernetes.app import platform_file
from nixernetes.app.absent import absent
from nixernetes.app.rendering.preview_notes import preview_notes
from nixernetes.app.rendering.render_deliveries import Query, render
from nixernetes.errors import InputError, RemoteError
from nixernetes.objects.fields import text_at
from nixernetes.objects.identity import group_kind, key_of
from nixernetes.objects.kinds import GIT_REPOSITORY
from nixernetes.render.estate import Estate, read_estate, spelled
from nixernetes.render.rendered_platform import RenderedCluster, RenderedPlatform
from nixernetes.settings.reading import NAME

__all__ = ["Adopted", "AdoptedCluster", "adopt"]

_NAMED: Final = 2  # deliveries that are named beside one reason
_HEAD: Final = """\
# What `nixernetes check`, `render` and `up` know of this repository beside its files. All keys: nixernetes.schema.json
# of the documentation. What the command line says wins.

# The Kubernetes version of all clusters; each may name its own below.
# kubeVersion: "1.34"

clusters:
"""
_SOURCES: Final = """
# Where the Git repositories that this one refers to are on this machine, relative to this file:
"""
_VALUES: Final = """
# What bootstrap or Terraform makes on the clusters, for substituteFrom and valuesFrom:
# values:
#   - kind: ConfigMap
#     namespace: flux-system
#     name: cluster-vars
#     data: {region: eu-west-1}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedCluster:
    """A cluster of the repository.

    Attributes:
        name: its name.
        engines: who delivers to it, sorted: ``flux``, ``argocd``.
        folders: the folders that start it.
        deliveries: how many deliveries it has.

    """

    name: str
    engines: tuple[str, ...]
    folders: tuple[str, ...]
    deliveries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What was found, and written.

    Attributes:
        file: the settings file.
        clusters: the clusters.
        problems: what cannot be followed here, and why.
        sources: the Git repositories that it refers to besides itself.

    """

    file: Path
    clusters: tuple[AdoptedCluster, ...]
    problems: tuple[str, ...]
    sources: tuple[str, ...]


def adopt(repo: Path) -> Adopted:
    """Write a settings file into a repository, and nothing else.

    Raises:
        InputError: it has one already, declares a platform, or starts no cluster.
        RemoteError: the disk refused.

    """
    file = repo / NAME
    if not repo.is_dir():
        raise absent(repo, "no such folder")
    if file.exists():
        raise InputError("is there already, and is not overwritten: `nixernetes check` reads it", subject=str(file))
    if platform_file.found_in(repo) is not None:
        raise InputError(f"{repo} declares a platform: `nixernetes up` and `nixernetes check` run it as it is")
    platform = render(Query(repo=repo))
    sources = tuple(_other_repositories(platform))
    text = _HEAD + "".join(_cluster_lines(repo, platform.estate)) + _source_lines(sources) + _VALUES
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise RemoteError(f"the disk refused: {error.strerror}", subject=str(file)) from error
    return Adopted(
        file=file,
        clusters=tuple(map(_adopted, platform.clusters)),
        problems=tuple(_problems(platform)),
        sources=sources,
    )


def _adopted(cluster: RenderedCluster) -> AdoptedCluster:
    return AdoptedCluster(
        name=cluster.name,
        engines=tuple(sorted(cluster.start.engines)),
        folders=cluster.start.folders,
        deliveries=len(cluster.deliveries),
    )


def _cluster_lines(repo: Path, estate: Estate) -> Iterator[str]:
    """Yield the clusters, with their folders where naming these starts the very same."""
    folders = {each.name: each.folders[0] for each in estate.clusters if len(each.folders) == 1 and each.engines}
    is_same = bool(folders) and _starts_same(repo, estate, folders)
    for each in estate.clusters:
        name = _quoted(each.name)
        if is_same and each.name in folders:
            yield f"  {name}:\n    folder: {_quoted(folders[each.name])}\n"
        else:
            started = f"  # started by {', '.join(each.folders)}" if each.folders else ""
            yield f"  {name}: {{}}{started}\n"


def _starts_same(repo: Path, estate: Estate, folders: dict[str, str]) -> bool:
    try:
        named = read_estate(at_hand(repo, "").tree, own=remote_urls(repo), folders=folders)
    except InputError:
        return False
    before, after = ({each.name: each.manifests for each in one.clusters} for one in (estate, named))
    return before == after


def _quoted(text: str) -> str:
    is_plain = text.replace("-", "").replace("/", "").replace("_", "").isalnum() and text[0].isalpha()
    return (
        text
        if is_plain and text.lower() not in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
        else repr(text)
    )


def _source_lines(sources: tuple[str, ...]) -> str:
    if not sources:
        return ""
    names = [url.rstrip("/").rpartition("/")[2].removesuffix(".git") or "repository" for url in sources]
    lines = "".join(f"#   {url}: ../{name}\n" for url, name in zip(sources, names, strict=True))
    return f"{_SOURCES}# sources:\n{lines}"


def _other_repositories(platform: RenderedPlatform) -> Iterator[str]:
    """Yield the URLs of Git repositories that are declared, and are not this one."""
    own = {spelled(url) for url in platform.estate.urls}
    found = [item.manifest for each in platform.clusters for item in each.start.bootstrap]
    found += [item.manifest for each in platform.clusters for one in each.deliveries for item in one.manifests]
    urls = {text_at(item, "spec", "url") for item in found if group_kind(item) == GIT_REPOSITORY}
    yield from sorted(url for url in urls if url and spelled(url) not in own and ".invalid" not in url)


def _problems(platform: RenderedPlatform) -> Iterator[str]:
    """Yield what cannot be followed, each reason once with the deliveries that it keeps from being rendered."""
    reasons: dict[str, list[str]] = {}
    for cluster in platform.clusters:
        for delivery in cluster.deliveries:
            if delivery.problem:
                place = f" ({delivery.origin})" if delivery.origin.file else ""
                reasons.setdefault(delivery.problem, []).append(f"{cluster.name}: {key_of(delivery.manifest)}{place}")
    for reason, names in reasons.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"{reason}: needed by {', '.join(names[:_NAMED])}{more}"
    yield from preview_notes([delivery for each in platform.clusters for delivery in each.deliveries])
    yield from map(str, platform.notes)
