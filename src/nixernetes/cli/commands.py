"""The commands, each imported when it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from nixernetes import __version__
from nixernetes.cli import console_commands
from nixernetes.cli.arguments import diff_arguments as of_diff
from nixernetes.cli.arguments.page_arguments import (
    ClockKind,
    Failing,
    Host,
    IsOpened,
    IsServed,
    Port,
    Roles,
    Sending,
    State,
)
from nixernetes.cli.clusters.commands import cluster
from nixernetes.cli.complying.commands import compliance
from nixernetes.cli.live import commands as live_commands
from nixernetes.cli.policies.commands import policy

__all__ = ["app"]

_HELP = {"-h", "--help"}


class _Commands(TyperGroup):
    """Lists what commands do in whole sentences: the formatter wraps what has no room in its line."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # of a vendored click
        """Return the names, after giving each command the whole of its first paragraph to be listed with."""
        names = super().list_commands(ctx)
        for name in names:
            command = self.commands[name]
            command.short_help = command.short_help or (command.help or "").partition("\n\n")[0].replace("\n", " ")
        return names

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # same
        """Answer a question for the help of a command before its parameters are made ready: that takes long."""
        if _HELP & {*args[1:]}:
            asked, rest = ctx, list(args)
            while rest and isinstance(asked.command, TyperGroup) and rest[0] in asked.command.commands:
                name = rest.pop(0)
                asked = typer.Context(asked.command.commands[name], info_name=name, parent=asked)
            if asked.command is not self and asked.command.add_help_option:
                typer.echo(asked.command.get_help(asked))
                ctx.exit()
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Commands,
    name="nixernetes",
    help="GitOps platforms declared in Python: built, proved and run for Flux and Argo CD.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help, like kubectl's and flux's: importing rich would cost half of the start-up
    context_settings={"help_option_names": sorted(_HELP)},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nixernetes {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """GitOps platforms declared in Python: built, proved and run for Flux and Argo CD."""


_IssuerKeys = Annotated[
    list[str] | None,
    typer.Option("--issuer-keys", metavar="URL=FILE", help="The keys (JWKS) of an issuer of webhooks' tokens."),
]
_ApiVersions = Annotated[
    list[str] | None,
    typer.Option("--api-versions", metavar="GROUP/VERSION", help="An API version that charts see."),
]
_Sources = Annotated[
    list[str] | None, typer.Option("--source", metavar="URL=PATH", help="A local repository for a remote one.")
]
_Values = Annotated[list[Path] | None, typer.Option("--values", metavar="FILE", help="Extra ConfigMaps and Secrets.")]
_Offline = Annotated[bool, typer.Option("--offline", help="Fetch no charts and artifacts.")]
_Verbose = Annotated[bool, typer.Option("--verbose", help="Show full tracebacks of a platform file.")]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where to make it.")] = Path(),
    engine: Annotated[
        str, typer.Option("--engine", help="The engine: flux, argocd or both; asked on a terminal.")
    ] = "",
    structure: Annotated[
        str, typer.Option("--layout", "--structure", help="The layout: flat or hierarchy; asked on a terminal.")
    ] = "",
    adopted: Annotated[
        Path | None, typer.Option("--from", metavar="REPO", help="Adopt this repository: write its settings file.")
    ] = None,
) -> None:
    """Make a small platform to start from, or adopt a repository that exists."""
    from nixernetes.cli import init as command  # noqa: PLC0415  # --help must not pay for it

    if adopted is not None:
        if engine or structure or folder != Path():
            raise typer.BadParameter(
                "give no other arguments with it: everything else is found in the repository", param_hint="--from"
            )
        command.adopt(adopted)
    else:
        command.run(folder, structure=structure, engine=engine)


@app.command()
def build(
    file: Annotated[Path, typer.Argument(help="The platform file, or its folder.")] = Path(),
    folder: Annotated[
        Path | None, typer.Option("--output-dir", metavar="DIR", help="The folder; repository when left out.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 when out of date.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that were edited by hand.")] = False,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FORMAT", help="What to print: json, or text when left out.")
    ] = "",
    form: Annotated[str, typer.Option("--format", hidden=True)] = "",
    verbose: _Verbose = False,
) -> None:
    """Build the platform into the repository that clusters reconcile."""
    del verbose  # whoever tells errors looks for it
    from nixernetes.cli import build as command  # noqa: PLC0415  # --help must not pay for it

    command.run(file, folder, check=check, force=force, forms=(output, form))


@app.command()
def promote(
    name: Annotated[str, typer.Argument(metavar="APP", help="The app.")],
    file: Annotated[Path, typer.Argument(help="The platform file, or its folder.")] = Path(),
    source: Annotated[str, typer.Option("--from", metavar="ENV", help="The environment that has it.")] = "",
    target: Annotated[str, typer.Option("--to", metavar="ENV", help="The environment that gets it.")] = "",
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="FIELD", help="images, version, values, or a part: values.image.tag."),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar="FIELD", help="Leave this field as it is.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the edit, and write nothing.")] = False,
    output: Annotated[str, typer.Option("--output", "-o", help="json, or text when left out.")] = "",
) -> None:
    """Promote an app: edit images, chart version and values in gitops.py to those of another environment."""
    from nixernetes.app.editing.promote import PromotionOptions  # noqa: PLC0415  # --help must not pay for it
    from nixernetes.cli import promote as command  # noqa: PLC0415  # same
    from nixernetes.errors import InputError  # noqa: PLC0415  # same

    if not source or not target:
        raise InputError("give --from and --to: nixernetes promote web --from staging --to production")
    options = PromotionOptions(
        file=file,
        app=name,
        source=source,
        target=target,
        only=tuple(only or ()),
        keep=tuple(keep or ()),
        is_dry=dry_run,
    )
    command.run(options, output)


@app.command(add_help_option=False, context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def render(context: typer.Context) -> None:
    """Print the manifests of kustomization folders, or of deliveries."""
    from nixernetes.cli import render as command  # noqa: PLC0415  # --help must not pay for it

    command.main(context.args)


@app.command()
def check(
    target: Annotated[Path, typer.Argument(help="A Git repository, a platform file, or its folder.")] = Path(),
    rev: Annotated[str, typer.Option("--rev", help="Check this Git revision, not the files on disk.")] = "",
    cluster: Annotated[
        list[str] | None, typer.Option("--cluster", metavar="NAME[=FOLDER]", help="One cluster; or what starts one.")
    ] = None,
    changed_since: Annotated[
        str, typer.Option("--changed-since", metavar="REV", help="Only findings in files changed since then.")
    ] = "",
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="SEVERITY", help="Exit 1 from here on: error, warning or info.")
    ] = "error",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT[=FILE]",
            help="json, sarif, github, gitlab, junit, markdown, html or lines; several at once with files.",
        ),
    ] = None,
    kube_version: Annotated[str, typer.Option("--kube-version", help="The Kubernetes version of the clusters.")] = "",
    schemas: Annotated[
        list[Path] | None, typer.Option("--schemas", metavar="FOLDER", help="Definitions of custom kinds.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="URL=PATH", help="A local repository for a remote one.")
    ] = None,
    values: _Values = None,
    offline: _Offline = False,
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="Accept the findings in this file; write it if missing."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again at each edit, until stopped.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="List notes, and all that is not verified.")] = False,
) -> None:
    """Prove a repository or platform before it merges."""
    arguments = dict(locals())  # before anything else is one: all that the user said
    from nixernetes.cli import answer  # noqa: PLC0415  # --help must not pay for it

    answers = answer.kept_check(arguments, target)
    if answer.retold(answers):
        return
    from nixernetes.cli import check as command  # noqa: PLC0415  # a kept answer must not pay for it

    command.main(arguments, answers)


@app.command()
def lsp(
    target: Annotated[Path, typer.Argument(help="The repository, where the editor names none.")] = Path(),
) -> None:
    """Serve an editor over standard input and output: findings, hovers, definitions."""
    from nixernetes.cli.editor import starting as command  # noqa: PLC0415  # --help must not pay for it

    command.run(target)


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="The rule; leave it out to list all.", show_default=False)] = "",
) -> None:
    """Explain a rule of check: why it matters, and how to fix a finding."""
    from nixernetes.cli import explain as command  # noqa: PLC0415  # --help must not pay for it

    command.run(rule)


@app.command()
def diff(
    base: of_diff.Base = "",
    head: of_diff.Head = "",
    repo: of_diff.Repo = Path(),
    cluster: of_diff.Cluster = None,
    output: of_diff.Output = None,
    stat: of_diff.Stat = False,
    name_only: of_diff.NameOnly = False,
    images: of_diff.Images = False,
    fail_on: of_diff.FailOn = "never",
    kube_version: of_diff.KubeVersion = "",
    schemas: of_diff.Schemas = None,
    source: of_diff.Source = None,
    values: of_diff.Values = None,
    offline: of_diff.Offline = False,
    verbose: of_diff.Verbose = False,
    live: of_diff.Live = False,
    drift: of_diff.Drift = False,
    context: of_diff.Context = "",
    kubeconfig: of_diff.Kubeconfig = None,
) -> None:
    """Show what a change does to each cluster before it merges: deletions, refusals, restarts."""
    from nixernetes.app.diff import DiffOptions  # noqa: PLC0415  # --help must not pay for it
    from nixernetes.cli import diff as command  # noqa: PLC0415  # same

    views = [name for name, wanted in zip(command.VIEWS, (stat, name_only, images), strict=True) if wanted]
    asked = command.DiffQuestion(
        outputs=(*(output or []), *views),
        clusters=tuple(cluster or ()),
        sources=tuple(source or ()),
        values=tuple(values or ()),
        schemas=tuple(schemas or ()),
        kube_version=kube_version,
        offline=offline,
        fail_on=fail_on,
        verbose=verbose,
    )
    if live or drift:
        from nixernetes.cli.live import diff as live_command  # noqa: PLC0415  # same

        run = live_command.run_drift if drift else live_command.run
        run((base, head), repo, live_command.contexts(context, kubeconfig), asked)
    elif context or kubeconfig is not None:
        raise typer.BadParameter("they choose the cluster of --live", param_hint="--context and --kubeconfig")
    else:
        command.run(DiffOptions(repo=repo, base=base, head=head), asked)


@app.command()
def cost(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="REPO",
            show_default=False,
            help="A repository or platform; or `diff BASE HEAD`: a change of one.",
        ),
    ] = None,
    by: Annotated[str, typer.Option("--by", help="team, namespace, app, cluster, env, kind or node.")] = "team",
    with_range: Annotated[bool, typer.Option("--range", help="Fewest and most replicas, and at limits.")] = False,
    spread_shared: Annotated[bool, typer.Option("--spread-shared", help="Spread what is shared.")] = False,
    prices: Annotated[str, typer.Option("--prices", metavar="BOOK", help="A price book: a file or its name.")] = "",
    unpriced: Annotated[
        str, typer.Option("--unpriced", metavar="fail|warn", help="If something has no figure: fail or warn.")
    ] = "",
    recommendations: Annotated[
        Path | None,
        typer.Option(
            "--recommendations", metavar="FILE", help="Recommendations of KRR (JSON), and what they would save."
        ),
    ] = None,
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="The month of FOCUS; else this one.")] = "",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT[=FILE]",
            help="text, json, csv, markdown, html, focus or patches; with files.",
        ),
    ] = None,
    repo: Annotated[Path, typer.Option("--repo", help="The Git repository.")] = Path(),
    rev: Annotated[str, typer.Option("--rev", help="This Git revision, not the files on disk.")] = "",
    cluster: Annotated[
        list[str] | None, typer.Option("--cluster", metavar="NAME[=FOLDER]", help="One cluster; or what starts one.")
    ] = None,
    kube_version: Annotated[str, typer.Option("--kube-version", help="The Kubernetes version of the clusters.")] = "",
    schemas: Annotated[
        list[Path] | None, typer.Option("--schemas", metavar="FOLDER", help="Definitions of custom kinds.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="URL=PATH", help="A local repository for a remote one.")
    ] = None,
    values: _Values = None,
    offline: _Offline = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every figure, and complete lists.")] = False,
) -> None:
    """Estimate what a platform costs a month, or what a change adds."""
    arguments = dict(locals())  # before anything else is one: all that the user said
    from nixernetes.cli.costs import command  # noqa: PLC0415  # --help must not pay for it

    command.main(arguments)


@app.command()
def comment(
    file: Annotated[Path, typer.Argument(help="A report as Markdown, of diff or check; - reads standard input.")],
    host: Annotated[str, typer.Option("--host", help="github, gitlab or gitea; else as the pipeline says.")] = "",
    api: Annotated[str, typer.Option("--api", metavar="URL", help="The URL of the host's API.")] = "",
    repository: Annotated[str, typer.Option("--repository", metavar="OWNER/NAME", help="The repository.")] = "",
    number: Annotated[int, typer.Option("--number", help="The number of the pull or merge request.")] = 0,
) -> None:
    """Write a report as a comment on a pull request, and update it on each run."""
    from nixernetes.cli import comment as command  # noqa: PLC0415  # --help must not pay for it

    command.run(file, host=host, api=api, repository=repository, number=number)


@app.command()
def up(
    target: Annotated[Path, typer.Argument(help="A platform file, its folder, or a Git repository.")] = Path(),
    once: Annotated[bool, typer.Option("--once", help="Run until nothing changes any more; exit 0 or 1.")] = False,
    output: Annotated[str, typer.Option("--output", "-o", help="With --once: json instead of a tree.")] = "",
    engine: Annotated[str, typer.Option("--engine", help="Run flux or argocd, where both are declared.")] = "",
    source: _Sources = None,
    cluster: Annotated[
        list[str] | None, typer.Option("--cluster", metavar="NAME=FOLDER", help="The folder that starts a cluster.")
    ] = None,
    rev: Annotated[str, typer.Option("--rev", help="Run this Git revision of a repository, not its HEAD.")] = "",
    ready_after: Annotated[str, typer.Option("--ready-after", help="How long workloads take to be ready.")] = "2s",
    fail: Failing = None,
    assume_crds: Annotated[
        bool, typer.Option(help="Whether to serve custom kinds that the repository does not define.")
    ] = True,
    send_notifications: Sending = False,
    issuer_keys: _IssuerKeys = None,
    offline: _Offline = False,
    values: _Values = None,
    enable_helm: Annotated[bool, typer.Option("--enable-helm", help="Render helmCharts of kustomizations.")] = False,
    allow_remote_bases: Annotated[
        bool, typer.Option("--allow-remote-bases", help="Fetch remote bases that no --source maps.")
    ] = False,
    kube_version: Annotated[str, typer.Option("--kube-version", help="The Kubernetes version that charts see.")] = "",
    api_versions: _ApiVersions = None,
    strict_substitute: Annotated[
        bool, typer.Option(help="Whether a postBuild variable without a value is an error, as in Flux.")
    ] = True,
    clock: ClockKind = "real",
    web: IsServed = True,
    is_opened: IsOpened = False,
    port: Port = 0,
    host: Host = "127.0.0.1",
    roles: Roles = None,
    state: State = None,
    verbose: _Verbose = False,
) -> None:
    """Run a platform or repository in embedded clusters, and watch."""
    arguments = dict(locals())  # before anything else is one: all that the user said
    del verbose  # whoever tells errors looks for it
    from nixernetes.cli import answer  # noqa: PLC0415  # --help must not pay for it

    is_kept = once and state is None and not (source or values or rev or send_notifications or allow_remote_bases)
    answers = answer.kept("up", arguments, target) if is_kept and not issuer_keys else None
    if answer.retold(answers):
        return
    from dataclasses import replace  # noqa: PLC0415  # a kept answer must not pay for it

    from nixernetes.cli import up as command  # noqa: PLC0415  # same

    tools = command.tool_options(source or [], values or [], api_versions or [])
    tools = replace(tools, enable_helm=enable_helm, allow_remote_bases=allow_remote_bases, offline=offline)
    tools = replace(tools, kube_version=kube_version, strict_substitute=strict_substitute)
    options = command.options(engine, tools, cluster or [], ready_after, fail or [])
    options = replace(options, assume_crds=assume_crds, rev=rev, send_notifications=send_notifications)
    options = replace(options, issuers=command.issuers(issuer_keys or []))
    followed = command.FollowOptions(port=port, host=host, roles=roles, clock=clock, state=state)
    followed = replace(followed, is_served=web, is_opened=is_opened)
    command.run(target, options, only_once=once, output=output, answers=answers, followed=followed)


@app.command()
def ui(
    target: Annotated[Path, typer.Argument(metavar="REPO", help="The repository, or the platform file.")] = Path(),
    rev: Annotated[str, typer.Option("--rev", metavar="REV", help="A Git revision instead of the files on disk.")] = "",
    source: _Sources = None,
    offline: _Offline = False,
    port: Port = 0,
    host: Host = "127.0.0.1",
    roles: Roles = None,
    is_opened: IsOpened = False,
    context: Annotated[
        list[str] | None, typer.Option("--context", metavar="NAME", help="Show a real cluster instead, read-only.")
    ] = None,
    all_contexts: Annotated[bool, typer.Option("--all-contexts", help="Show every one of the kubeconfig.")] = False,
    kubeconfig: Annotated[
        Path | None, typer.Option("--kubeconfig", metavar="FILE", help="Else KUBECONFIG, ~/.kube/config.")
    ] = None,
) -> None:
    """Show a repository in the browser: what each cluster would get, from where, and what is wrong with it."""
    from nixernetes.adapters.web_server.access.places import place_of  # noqa: PLC0415  # --help must not pay for it
    from nixernetes.cli import ui as command  # noqa: PLC0415  # same

    place = place_of(host, port, roles)
    if context or all_contexts:
        command.run_clusters(kubeconfig, tuple(context or ()), place, are_all=all_contexts, is_opened=is_opened)
        return
    command.run(command.options(target, rev=rev, sources=source or [], offline=offline), place, is_opened=is_opened)


@app.command()
def demo() -> None:
    """See a platform built, run, changed, healed, pruned and refused."""
    from nixernetes.cli import demo as command  # noqa: PLC0415  # --help must not pay for it

    command.run()


app.add_typer(cluster, name="cluster")
app.add_typer(policy, name="policy")
app.add_typer(compliance, name="compliance")
console_commands.register(app)
live_commands.register(app)
