"""``nixernetes compliance``: commands about controls, each imported when it is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["compliance"]

compliance = typer.Typer(
    help="Controls of frameworks, assessed offline.", no_args_is_help=True, rich_markup_mode=None
)  # plain help, as everywhere


@compliance.callback()
def root() -> None:
    """Assess controls of frameworks offline."""


@compliance.command()
def report(  # noqa: PLR0913, PLR0917  # flags of a command
    repo: Annotated[Path, typer.Argument(metavar="REPO", help="The repository, or a platform file.")] = Path(),
    framework: Annotated[
        list[str] | None, typer.Option("--framework", metavar="F", help="SOC2, PCI-DSS, HIPAA, NSA-CISA, CIS, PSS ...")
    ] = None,
    cluster: Annotated[
        list[str] | None, typer.Option("--cluster", metavar="NAME[=FOLDER]", help="One cluster; or what starts one.")
    ] = None,
    rev: Annotated[str, typer.Option("--rev", help="This Git revision, not the files on disk.")] = "",
    base: Annotated[
        str, typer.Option("--base", metavar="REV", help="Show what is new and fixed since this revision.")
    ] = "",
    fail_on: Annotated[
        str, typer.Option("--fail-on", metavar="SEVERITY", help="critical, high, medium, low or never.")
    ] = "never",
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FORMAT[=FILE]",
            help="text, markdown, html, json, oscal, policyreport, openreports, sarif, junit.",
        ),
    ] = None,
    oscal_version: Annotated[str, typer.Option("--oscal-version", help="1.1.3 or 1.2.1.")] = "1.1.3",
    assessed_at: Annotated[
        str, typer.Option("--assessed-at", metavar="DAY", help="The day of the assessment; else today.")
    ] = "",
    kube_version: Annotated[str, typer.Option("--kube-version", help="The Kubernetes version of the clusters.")] = "",
    schemas: Annotated[
        list[Path] | None, typer.Option("--schemas", metavar="FOLDER", help="Definitions of custom kinds.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="URL=PATH", help="A local repository for a remote one.")
    ] = None,
    values: Annotated[
        list[Path] | None, typer.Option("--values", metavar="FILE", help="Extra ConfigMaps and Secrets.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Fetch no charts and artifacts.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show all evidence, and every control.")] = False,
) -> None:
    """Assess controls on everything rendered, with file and line of each failure."""
    arguments = dict(locals())  # before anything else is one: all that the user said
    from nixernetes.cli.complying import report as command  # noqa: PLC0415  # --help must not pay for it

    command.main(arguments)
