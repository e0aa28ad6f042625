"""``nixernetes check``: a repository or platform, rendered and held against the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from nixernetes.adapters.files.policy_files import policies_in
from nixernetes.adapters.files.schema_folders import definitions_in
from nixernetes.adapters.kept_answers import DeadHost
from nixernetes.app import platform_file
from nixernetes.app.absent import absent
from nixernetes.app.complying.promising import promises_of, reads_mapping
from nixernetes.app.costs.costing import costing_of, owner_of, reads_file
from nixernetes.app.rendering.render_deliveries import Query, render_from_hosts
from nixernetes.app.settings import (
    exemptions,
    kube_versions,
    node_pools,
    policy_places,
    schema_folders,
    settings_of,
    severities,
    unknown_clusters,
    with_settings,
)
from nixernetes.app.shared_results import SharedResults, shared_results
from nixernetes.app.toolbox import ToolOptions
from nixernetes.cost.estimates import Estimate
from nixernetes.render.estate import NoteKind
from nixernetes.render.tree import MemoryTree
from nixernetes.settings.reading import NAME, SettingsFile
from nixernetes.verify.accepted import Acceptance, accepted
from nixernetes.verify.checks import all_rules, check
from nixernetes.verify.complying import Promises
from nixernetes.verify.findings import Finding, Severity
from nixernetes.verify.places import Places
from nixernetes.verify.platform_view import PlatformView
from nixernetes.verify.report import CheckReport, unverified

__all__ = ["CheckOptions", "CheckOutcome", "checked", "found_at", "repository_of", "view_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What is checked, and how.

    Attributes:
        target: the repository, or a platform file or its folder.
        rev: the Git revision of a repository; ``""`` reads the files on disk.
        cluster: only this cluster; ``""`` means all.
        folders: cluster name to the folder that starts it; none: found by itself.
        tools: what the user says about the tools.
        severities: rule to severity, or None for a rule that is off; they win over the settings.
        acceptance: what is accepted.
        schemas: folders with definitions of custom kinds.
        changed_since: a Git revision: what it has, too, is left out; ``""`` leaves nothing out.
        settings: what is said beside; None: the settings of the target.
        may_be_empty: whether a repository in which nothing starts is one without clusters.
        promises: what is promised; None: as the settings say.
        edits: files of a repository as an editor has them, in place of those on disk; None: it is not there.
        results: results of earlier runs; None: those on disk.
        owner: who pays for what names no owner; ``""``: as the platform of the target says.
        prices: a price book that wins over that of the settings; ``""``: theirs.

    """

    target: Path = Path()
    rev: str = ""
    cluster: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    tools: ToolOptions = field(default_factory=ToolOptions)
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    acceptance: Acceptance = field(default_factory=Acceptance)
    schemas: Sequence[Path] = ()
    changed_since: str = ""
    settings: SettingsFile | None = None
    may_be_empty: bool = False
    promises: Promises | None = None
    edits: Mapping[str, bytes | None] = field(default_factory=dict)
    results: SharedResults | None = None
    owner: str = ""
    prices: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What a check ended with.

    Attributes:
        report: the report.
        places: reads the files that its findings stand in.
        view: what was checked.
        unmatched: what the user said that has no effect.
        dead: the hosts that could not be reached; None where the answer cannot be kept: a host answered, or something
            beside the repository was read.

    """

    report: CheckReport
    places: Places
    view: PlatformView
    unmatched: tuple[str, ...] = ()
    dead: tuple[DeadHost, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A platform at a revision, what was found in it, the rules that failed, and the hosts that did not answer."""

    view: PlatformView
    findings: list[Finding]
    broken: tuple[tuple[str, str], ...]
    dead: tuple[DeadHost, ...] | None


def _checked(options: CheckOptions) -> CheckOutcome:
    """Render and check a repository.

    Raises:
        InputError: there is nothing to check, or the platform file is wrong.

    """
    settings = settings_of(options.target) if options.settings is None else options.settings
    known_rules = tuple(each.name for each in all_rules())
    options = replace(options, severities={**severities(settings, known_rules), **options.severities})
    with repository_of(options.target) as repo:
        known, cost_before = frozenset[str](), None
        if options.changed_since:
            before = _found(options, settings, repo, options.changed_since)
            known = frozenset(each.fingerprint for each in before.findings)
            cost_before = before.view.estimate if before.view.costing.budgets else None
        found = _found(options, settings, repo, options.rev, cost_before)
    view, findings = found.view, found.findings
    is_whole = not (options.cluster or options.folders)
    if is_whole:
        there = {*(each.name for each in view.clusters), *(each.name for each in view.platform.estate.clusters)}
        findings = [*findings, *unknown_clusters(settings, there)]
    acceptance = Acceptance(
        exemptions=(*options.acceptance.exemptions, *exemptions(settings, known_rules)),
        baseline=known.union(options.acceptance.baseline),
        today=options.acceptance.today,
        is_whole=is_whole,
    )
    kept, suppressed = accepted(findings, view.places, acceptance)
    report = CheckReport(
        findings=tuple(kept),
        unverified=tuple(unverified(view)),
        clusters=tuple(each.name for each in view.platform.clusters),
        deliveries=sum(len(each.deliveries) for each in view.platform.clusters),
        objects=sum(len(each.placed) for each in view.clusters),
        suppressed=suppressed,
        broken=found.broken,
    )
    unmatched = tuple(str(note) for note in view.platform.notes if note.kind is NoteKind.UNMATCHED)
    return CheckOutcome(report=report, places=view.places, view=view, unmatched=unmatched, dead=found.dead)


def view_at(
    options: CheckOptions, settings: SettingsFile, repo: Path, rev: str, cost_before: Estimate | None = None
) -> tuple[PlatformView, tuple[DeadHost, ...] | None]:
    """Return a repository at a revision as rules read it, and the hosts that did not answer.

    Args:
        options: how it is rendered.
        settings: what is said beside.
        repo: the repository.
        rev: the revision; ``""`` reads the files on disk.
        cost_before: what it cost before the change; None: nothing is compared.

    Raises:
        InputError: there is no such repository or revision, or the settings are wrong.

    """
    results = options.results or shared_results(options.target)
    query = Query(
        repo=repo,
        rev=rev,
        cluster=options.cluster,
        folders=options.folders,
        options=options.tools,
        settings=settings,
        is_lenient=True,
        may_be_empty=options.may_be_empty,
        edits=options.edits if rev == options.rev else {},
        kept=results.kept,
        parsed=results.parsed,
    )
    tools = with_settings(options.tools, settings)
    platform, dead = render_from_hosts(query)
    folders = [*options.schemas, *schema_folders(settings)]
    policies = [*policy_places(settings)]
    owner = options.owner or owner_of(options.target)
    costing = costing_of(settings, prices=options.prices, today=options.acceptance.today, owner=owner)
    view = PlatformView(
        platform=platform,
        kube_version=tools.kube_version,
        kube_versions=kube_versions(tools),
        node_pools=node_pools(settings),
        given_definitions=definitions_in(folders),
        given_policies=policies_in(policies),
        known=results.known,
        costing=replace(costing, before=cost_before),
        promises=options.promises or promises_of(settings, options.target, options.acceptance.today),
    )
    reads = folders or policies or reads_file(settings) or reads_mapping(settings)
    return view, None if reads else dead


def _found(
    options: CheckOptions, settings: SettingsFile, repo: Path, rev: str, cost_before: Estimate | None = None
) -> _Found:
    """Return a platform at a revision, and what was found in it."""
    view, dead = view_at(options, settings, repo, rev, cost_before)
    found = check(view)
    view.known.save()
    findings = list(_weighed(found.findings, options.severities))
    return _Found(view=view, findings=findings, broken=found.broken, dead=dead)


def found_at(
    options: CheckOptions, repo: Path, rev: str, cost_before: Estimate | None = None
) -> tuple[PlatformView, list[Finding]]:
    """Return a repository at a revision, and what is found in it but not accepted.

    Args:
        options: how it is checked; the settings are those beside its target, as they lie on disk.
        repo: the repository.
        rev: the revision; ``""`` reads the files on disk.
        cost_before: what it cost before the change; None: nothing is compared.

    Raises:
        InputError: there is no such repository or revision, or the settings are wrong.

    """
    settings = settings_of(options.target)
    known_rules = tuple(each.name for each in all_rules())
    options = replace(options, severities={**severities(settings, known_rules), **options.severities})
    found = _found(options, settings, repo, rev, cost_before)
    view, findings = found.view, found.findings
    acceptance = replace(options.acceptance, exemptions=exemptions(settings, known_rules), is_whole=False)
    return view, accepted(findings, view.places, acceptance)[0]


def checked(options: CheckOptions) -> CheckOutcome:
    """Render and check a target.

    Raises:
        InputError: there is nothing to check, or the platform file is wrong.

    """
    options = replace(options, results=options.results or shared_results(options.target))
    with repository_of(options.target) as repo:
        if repo == options.target:
            return _checked(options)
        settings = settings_of(options.target)
        promises = promises_of(settings, options.target, options.acceptance.today)
        owner = owner_of(options.target)
        return _kept(
            _checked(replace(options, target=repo, settings=settings, promises=promises, owner=owner)), settings
        )


def _kept(outcome: CheckOutcome, settings: SettingsFile) -> CheckOutcome:
    """Return an outcome that reads no file any more: what a platform was built into goes away."""
    files = sorted({each.place.file for each in outcome.report.findings} - {""})
    quoted = {file: outcome.places.text(file) for file in files}
    if NAME in quoted:
        quoted[NAME] = settings.text.decode(errors="replace")
    return replace(outcome, places=Places(MemoryTree(quoted), outcome.places.urls))


def _weighed(findings: Sequence[Finding], severities: Mapping[str, Severity | None]) -> Iterator[Finding]:
    for each in findings:
        severity = severities.get(each.rule, each.severity)
        if severity is not None:
            yield each if severity is each.severity else replace(each, severity=severity)


@contextmanager
def repository_of(target: Path) -> Iterator[Path]:
    """Give the repository to check: the target itself, or what its platform builds."""
    if not target.exists():
        raise absent(target, "no such file or folder")
    if target.is_dir() and platform_file.found_in(target) is None:
        yield target
        return
    from nixernetes.app.platform_target import PlatformTarget  # noqa: PLC0415  # the vocabulary takes long to import
    from nixernetes.app.targets import RunOptions  # noqa: PLC0415  # same

    platform = PlatformTarget(target, RunOptions())
    try:
        platform.commit("Build the platform")
        yield platform.repository
    finally:
        platform.close()
