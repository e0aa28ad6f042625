"""``nixernetes policy``: commands about policies, each imported when it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["policy"]

policy = typer.Typer(
    help="Kyverno's policies, evaluated offline.", no_args_is_help=True, rich_markup_mode=None
)  # plain help, as everywhere

_Files = list[Path] | None


@policy.callback()
def root() -> None:
    """Kyverno's policies, evaluated offline."""


@policy.command()
def apply(  # noqa: PLR0913, PLR0917  # flags of a command
    named: Annotated[_Files, typer.Argument(metavar="POLICY", help="Policies: files, or folders.")] = None,
    policies: Annotated[_Files, typer.Option("--policies", metavar="FILE", help="Policies.")] = None,
    resources: Annotated[
        _Files, typer.Option("-r", "--resources", "--resource", metavar="FILE", help="Objects to judge.")
    ] = None,
    values: Annotated[_Files, typer.Option("--values", metavar="FILE", help="Variables and namespaces.")] = None,
    exceptions: Annotated[_Files, typer.Option("--exceptions", metavar="FILE", help="PolicyExceptions.")] = None,
    cluster_objects: Annotated[
        _Files, typer.Option("--cluster-objects", metavar="FILE", help="What exists in the cluster.")
    ] = None,
    crds: Annotated[_Files, typer.Option("--crds", metavar="FILE", help="CustomResourceDefinitions.")] = None,
    userinfo: Annotated[_Files, typer.Option("--userinfo", metavar="FILE", help="Who asks.")] = None,
    targets: Annotated[
        _Files, typer.Option("--targets", metavar="FILE", help="Objects that mutate.targets may change.")
    ] = None,
    params: Annotated[_Files, typer.Option("--params", metavar="FILE", help="Parameters of policies.")] = None,
    mocks: Annotated[_Files, typer.Option("--mocks", metavar="FILE", help="Answers of calls.")] = None,
    payload: Annotated[_Files, typer.Option("--payload", metavar="FILE", help="JSON to judge.")] = None,
    repo: Annotated[
        Path | None, typer.Option("--repo", metavar="REPO", help="Judge all that a repository or platform renders.")
    ] = None,
    cluster: Annotated[str, typer.Option("--cluster", metavar="NAME", help="With --repo: only this cluster.")] = "",
    rev: Annotated[str, typer.Option("--rev", help="With --repo: this Git revision, not the files on disk.")] = "",
    operation: Annotated[str, typer.Option("--operation", help="CREATE, UPDATE or DELETE.")] = "CREATE",
    output: Annotated[str, typer.Option("-o", "--output", help="text, json, junit, sarif or policyreport.")] = "text",
) -> None:
    """Evaluate policies on objects in files, or on all that is rendered; exits 1 unless all pass."""
    from nixernetes.cli.policies import apply as command  # noqa: PLC0415  # --help must not pay for it

    command.run(
        {
            "policies": [*(named or ()), *(policies or ())],
            "resources": resources,
            "values": values,
            "exceptions": exceptions,
            "cluster": cluster_objects,
            "targets": targets,
            "params": params,
            "definitions": crds,
            "user": userinfo,
            "mocks": mocks,
            "payloads": payload,
        },
        operation=operation,
        output=output,
        repository=None if repo is None else command.Repository(target=repo, cluster=cluster, rev=rev),
    )


@policy.command()
def readiness(
    target: Annotated[Path, typer.Argument(metavar="REPO", help="Repository, or platform file.")] = Path(),
    cluster: Annotated[str, typer.Option("--cluster", metavar="NAME", help="Only this cluster.")] = "",
    output: Annotated[str, typer.Option("-o", "--output", help="text or json.")] = "text",
    *,
    verbose: Annotated[bool, typer.Option("--verbose", help="Every object that would be refused.")] = False,
) -> None:
    """List what each audited policy would refuse if it were enforced."""
    from nixernetes.cli.policies import readiness as command  # noqa: PLC0415  # --help must not pay for it

    command.run(target, cluster, output, verbose=verbose)


@policy.command("test")
def run_suites(
    paths: Annotated[_Files, typer.Argument(metavar="PATH", help="Suites, or folders with them.")] = None,
    output: Annotated[str, typer.Option("-o", "--output", help="text, json or junit.")] = "text",
    *,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show every result, also those that passed.")] = False,
) -> None:
    """Run the suites of kyverno-test.yaml files; exits 1 if a result is unexpected."""
    from nixernetes.cli.policies import test as command  # noqa: PLC0415  # --help must not pay for it

    command.run(paths or [Path()], output, verbose=verbose)


@policy.command()
def lint(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE", help="Policies: files, or folders.")],
    output: Annotated[str, typer.Option("-o", "--output", help="text or json.")] = "text",
) -> None:
    """Find policies that Kyverno refuses, and likely mistakes; exits 1 if it refuses one."""
    from nixernetes.cli.policies import lint as command  # noqa: PLC0415  # --help must not pay for it

    command.run(paths, output)


@policy.command()
def migrate(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE", help="Policies: files, or folders.")],
    suites: Annotated[
        _Files, typer.Option("--suite", metavar="PATH", help="More suites of tests that prove it, beside those below.")
    ] = None,
    resources: Annotated[
        _Files, typer.Option("-r", "--resources", "--resource", metavar="FILE", help="Objects that prove it.")
    ] = None,
    output_dir: Annotated[
        Path | None, typer.Option("--output-dir", metavar="FOLDER", help="Write the policies in CEL here.")
    ] = None,
    output: Annotated[str, typer.Option("-o", "--output", help="text, yaml or json.")] = "text",
) -> None:
    """Write ClusterPolicies as policies in CEL, proved by their test suites; exits 1 if a rule is lost."""
    from nixernetes.cli.policies import migrate as command  # noqa: PLC0415  # --help must not pay for it

    command.run(paths, suites or (), resources or (), output, output_dir)
