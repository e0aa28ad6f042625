"""The arguments and options of ``nixernetes diff``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Base",
    "Cluster",
    "Context",
    "Drift",
    "FailOn",
    "Head",
    "Images",
    "KubeVersion",
    "Kubeconfig",
    "Live",
    "NameOnly",
    "Offline",
    "Output",
    "Repo",
    "Schemas",
    "Source",
    "Stat",
    "Values",
    "Verbose",
]

Base = Annotated[str, typer.Argument(help="The revision before, or BASE..HEAD; else where HEAD left main.")]
Head = Annotated[str, typer.Argument(help="The revision now; else the files on disk.")]
Repo = Annotated[Path, typer.Option("--repo", help="The Git repository.")]
Cluster = Annotated[
    list[str] | None, typer.Option("--cluster", metavar="NAME[=FOLDER]", help="One cluster; or what starts one.")
]
Output = Annotated[
    list[str] | None,
    typer.Option("--output", "-o", metavar="FORMAT[=FILE]", help="json, markdown or html; several at once with files."),
]
Stat = Annotated[bool, typer.Option("--stat", help="Only count, by delivery.")]
NameOnly = Annotated[bool, typer.Option("--name-only", help="Only name the objects.")]
Images = Annotated[bool, typer.Option("--images", help="Only the images that change.")]
FailOn = Annotated[str, typer.Option("--fail-on", help="Exit 1 on a danger or on any change.")]
KubeVersion = Annotated[str, typer.Option("--kube-version", help="The Kubernetes version of the clusters.")]
Schemas = Annotated[list[Path] | None, typer.Option("--schemas", metavar="FOLDER", help="Definitions of custom kinds.")]
Source = Annotated[
    list[str] | None, typer.Option("--source", metavar="URL=PATH", help="A local repository for a remote one.")
]
Values = Annotated[list[Path] | None, typer.Option("--values", metavar="FILE", help="Extra ConfigMaps and Secrets.")]
Offline = Annotated[bool, typer.Option("--offline", help="Fetch no charts and artifacts.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show notes, and long fields in full.")]
Drift = Annotated[
    bool, typer.Option("--drift", help="What on the cluster is not what Git says, and who wrote it: [REPO] [REV].")
]
Live = Annotated[bool, typer.Option("--live", help="Compare with the cluster that runs: [REPO] [REV].")]
Context = Annotated[
    str, typer.Option("--context", metavar="NAME", help="The cluster of --live; else the current context.")
]
Kubeconfig = Annotated[Path | None, typer.Option("--kubeconfig", metavar="FILE", help="The kubeconfig of --live.")]
