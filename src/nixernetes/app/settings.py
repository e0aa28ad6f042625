"""The settings of a repository, handed to whoever they are for: the tools, the walk, the rules. Options win."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from nixernetes.adapters.files.settings_file import settings_in
from nixernetes.app import platform_file
from nixernetes.app.toolbox import ToolOptions
from nixernetes.cost.node_pools import NodePool, Taint
from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.manifest import Manifest
from nixernetes.objects.well_known import IN_CLUSTER
from nixernetes.render.capabilities import Capabilities
from nixernetes.render.estate import Note, NoteKind, StartedCluster
from nixernetes.settings.model import NodePoolSettings, SuppliedValues
from nixernetes.settings.reading import NAME, SettingsFile
from nixernetes.verify.accepted import Exemption, unused_setting
from nixernetes.verify.findings import Finding, Place, Severity
from nixernetes.verify.hints import meant

__all__ = [
    "exemptions",
    "folders_in",
    "kube_versions",
    "node_pools",
    "policy_places",
    "schema_folders",
    "settings_of",
    "severities",
    "unknown_cluster_notes",
    "unknown_clusters",
    "with_servers",
    "with_settings",
]


def settings_of(target: Path) -> SettingsFile:
    """Return the settings of a repository, or of the folder of a platform file.

    Raises:
        InputError: the file cannot be read, or is wrong.

    """
    found = settings_in(target if target.is_dir() else target.parent)
    if target.is_file() or platform_file.found_in(target) is not None:
        for name, each in found.settings.clusters.items():
            if each.folder:
                fact = "the platform beside it says what starts its clusters: leave the folder out"
                raise InputError(fact, subject=name, place=found.place("clusters", name, "folder"))
    return found


def with_settings(options: ToolOptions, found: SettingsFile) -> ToolOptions:
    """Return what the user says about the tools, with the settings where the command line says nothing.

    Raises:
        InputError: a path of the settings leads nowhere.

    """
    settings = found.settings
    sources = {url: _path(found, path, "sources", url) for url, path in settings.sources.items()}
    files = [
        _path(found, each, "values", number) for number, each in enumerate(settings.values) if isinstance(each, str)
    ]
    supplied = [_manifest(each) for each in settings.values if isinstance(each, SuppliedValues)]
    general = _capabilities(options, settings.kube_version, settings.api_versions, Capabilities())
    clusters = {
        name: _capabilities(options, each.kube_version, each.api_versions, general)
        for name, each in settings.clusters.items()
    }
    return replace(
        options,
        sources={**sources, **options.sources},
        values=(*files, *options.values),
        supplied=(*supplied, *options.supplied),
        kube_version=general.kube_version,
        api_versions=general.api_versions,
        clusters={name: each for name, each in clusters.items() if each != general},
    )


def _capabilities(
    options: ToolOptions, version: str | None, api_versions: Iterable[str] | None, general: Capabilities
) -> Capabilities:
    said = general.api_versions if api_versions is None else tuple(api_versions)
    return Capabilities(options.kube_version or version or general.kube_version, options.api_versions or said)


def with_servers(options: ToolOptions, clusters: Iterable[StartedCluster]) -> ToolOptions:
    """Return the options with what is known of a cluster under its server too, as Applications may name it."""
    named = {
        each.server.rstrip("/"): options.clusters[each.name]
        for each in clusters
        if each.name in options.clusters and each.server not in ("", IN_CLUSTER)
    }
    return replace(options, clusters={**options.clusters, **named}) if named else options


def folders_in(found: SettingsFile, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the folders that start clusters: those of the command line, else those of the settings."""
    return given or {name: each.folder for name, each in found.settings.clusters.items() if each.folder}


def schema_folders(found: SettingsFile) -> Iterator[Path]:
    """Yield the folders with definitions of custom kinds.

    Raises:
        InputError: one is not there.

    """
    for number, each in enumerate(found.settings.schemas):
        yield _path(found, each, "schemas", number)


def policy_places(found: SettingsFile) -> Iterator[Path]:
    """Yield the files and folders with policies that every cluster is held to.

    Raises:
        InputError: one is not there.

    """
    for number, each in enumerate(found.settings.policies):
        yield _path(found, each, "policies", number)


def kube_versions(options: ToolOptions) -> dict[str, str]:
    """Return the Kubernetes versions of the clusters that have one of their own."""
    return {name: each.kube_version for name, each in options.clusters.items() if each.kube_version}


def node_pools(found: SettingsFile) -> dict[str, tuple[NodePool, ...]]:
    """Return the nodes of each cluster, as far as they are named."""
    return {name: tuple(map(_pool, each.node_pools)) for name, each in found.settings.clusters.items()}


def _pool(settings: NodePoolSettings) -> NodePool:
    return NodePool(
        name=settings.name,
        labels=settings.labels,
        taints=[Taint(each.key, each.value, each.effect) for each in settings.taints],
        allocatable={name: quantities.parse(amount) for name, amount in settings.allocatable.items()},
        count=settings.count,
    )


def severities(found: SettingsFile, rules: Iterable[str]) -> dict[str, Severity | None]:
    """Return how much the findings of rules matter; None for a rule that is off.

    Raises:
        InputError: there is no such rule.

    """
    weights = found.settings.severities
    for name in weights:
        _check_rule(found, name, rules, "severities", name)
    return {name: None if weight == "off" else Severity(weight) for name, weight in weights.items()}


def exemptions(found: SettingsFile, rules: Iterable[str]) -> tuple[Exemption, ...]:
    """Return the exceptions.

    Raises:
        InputError: there is no such rule.

    """
    made = []
    for number, each in enumerate(found.settings.exceptions):
        _check_rule(found, each.rule, rules, "exceptions", number, "rule")
        place = Place(NAME, found.line("exceptions", number))
        made.append(
            Exemption(
                rule=each.rule,
                reason=each.reason,
                object=each.object,
                path=each.path,
                until=each.until,
                place=place,
            )
        )
    return tuple(made)


def _check_rule(found: SettingsFile, name: str, rules: Iterable[str], *path: str | int) -> None:
    if name not in rules:
        fact = f"there is no such rule{meant(name, rules) or ': `nixernetes explain` lists them'}"
        raise InputError(fact, subject=name, place=found.place(*path))


def unknown_clusters(found: SettingsFile, known: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding for each cluster of the settings that is not there."""
    for name, fact in _unknown(found, known):
        yield unused_setting(Place(NAME, found.line("clusters", name)), fact)


def unknown_cluster_notes(found: SettingsFile, clusters: Iterable[StartedCluster]) -> Iterator[Note]:
    """Yield what a command that reports no findings says of the clusters of the settings that are not there."""
    for name, fact in _unknown(found, [each.name for each in clusters]):
        yield Note(kind=NoteKind.CHOSEN, message=fact, place=found.place("clusters", name))


def _unknown(found: SettingsFile, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    names = set(known)
    for name in found.settings.clusters:
        if name not in names:
            yield name, f"there is no cluster {name}{meant(name, names)}"


def _path(found: SettingsFile, text: str, *path: str | int) -> Path:
    at = Path(found.file).parent / text
    if not at.exists():
        raise InputError("no such file or folder", subject=text, place=found.place(*path))
    return at


def _manifest(values: SuppliedValues) -> Manifest:
    metadata = {"name": values.name, **({"namespace": values.namespace} if values.namespace else {})}
    data = dict(values.data)
    if values.kind == "Secret":
        data = {key: b64encode(value.encode()).decode() for key, value in data.items()}
    return {"apiVersion": "v1", "kind": values.kind, "metadata": metadata, "data": data}
