"""The arguments of ``nixernetes render``. They are read by argparse, which is ready in a few milliseconds."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from nixernetes.errors import InputError

__all__ = ["Arguments", "parser", "read"]

_DELIVERY = re.compile(r"(?:Kustomization|HelmRelease|Application|ApplicationSet|ResourceSet)/[^/]+/[^/]+\Z")
_KINDS = {
    **dict.fromkeys(("kustomization", "kustomizations", "ks"), "Kustomization"),
    **dict.fromkeys(("helmrelease", "helmreleases", "hr"), "HelmRelease"),
    **dict.fromkeys(("application", "applications", "app", "apps"), "Application"),
    **dict.fromkeys(("applicationset", "applicationsets", "appset", "appsets"), "ApplicationSet"),
    **dict.fromkeys(("resourceset", "resourcesets", "rset"), "ResourceSet"),
}
_HELP_COLUMNS = 80
_RESTRICTORS: dict[str, Literal["rootOnly", "none"]] = {
    "LoadRestrictionsRootOnly": "rootOnly",
    "LoadRestrictionsNone": "none",
}
_EXAMPLES = """examples:
  nixernetes render apps/production            as `kustomize build`
  nixernetes render ks/flux-system/apps        what Flux applies for it
  nixernetes render --all --rev main -o json   every delivery, at a revision
"""


class Arguments(NamedTuple):  # dataclasses take a tenth of the time of an answer from the cache to import
    """What the user said.

    Attributes:
        folders: kustomizations to build.
        deliveries: identities of deliveries to render.
        everything: whether all deliveries are rendered.
        repo: the repository of the deliveries.
        rev: a Git revision to read, or ``""`` for the files on disk.
        cluster: the cluster whose deliveries are meant, or ``""`` for all.
        started: names of clusters, each with the folder that starts it; none: found by itself.
        output: ``yaml`` or ``json``.
        only: identities of the objects to print; none prints all.
        origin: whether origins are printed.
        show_secrets: whether values of Secrets are printed.
        sources: remote URL to the local repository that stands for it.
        values: files with ConfigMaps and Secrets that the repository does not hold.
        load_restrictor: Kustomize's, for folders.
        enable_helm: whether ``helmCharts`` of kustomizations are rendered.
        allow_remote_bases: whether remote bases that are not mapped are fetched.
        kube_version: the Kubernetes version that charts see, or ``""``.
        api_versions: API versions that charts of deliveries are told of.
        strict_substitute: whether a variable of ``postBuild`` that is not set and has no default is an error.
        offline: whether nobody is asked for charts and artifacts.

    """

    folders: tuple[Path, ...] = ()
    deliveries: tuple[str, ...] = ()
    everything: bool = False
    repo: Path = Path()
    rev: str = ""
    cluster: str = ""
    started: tuple[tuple[str, str], ...] = ()
    output: str = "yaml"
    only: tuple[str, ...] = ()
    origin: bool = False
    show_secrets: bool = False
    sources: tuple[tuple[str, Path], ...] = ()
    values: tuple[Path, ...] = ()
    load_restrictor: Literal["rootOnly", "none"] = "rootOnly"
    enable_helm: bool = False
    allow_remote_bases: bool = False
    kube_version: str = ""
    api_versions: tuple[str, ...] = ()
    strict_substitute: bool = True
    offline: bool = False


def read(arguments: Sequence[str]) -> Arguments:
    """Read the arguments; exits with the usage when they are not understood.

    Raises:
        InputError: arguments that contradict each other.

    """
    found = parser().parse_intermixed_args(arguments)
    targets = [*map(_whole_kind, found.targets)]
    deliveries = tuple(target for target in targets if _DELIVERY.match(target))
    folders = tuple(Path(target) for target in targets if not _DELIVERY.match(target))
    for folder in folders:
        _refuse_misspelled(folder)
    if found.all and found.targets:
        raise InputError("--all renders every delivery: leave the targets out", subject="--all")
    if deliveries and folders:
        raise InputError("name folders or deliveries, not both", subject=str(folders[0]))
    return Arguments(
        folders=folders if folders or deliveries or found.all else (Path(),),
        deliveries=deliveries,
        everything=found.all,
        repo=found.repo,
        rev=found.rev,
        cluster=_named(found.cluster),
        started=tuple(_pair(text) for text in found.cluster if "=" in text),
        output=found.output,
        only=tuple(found.only),
        origin=found.origin,
        show_secrets=found.show_secrets,
        sources=tuple(_source(text) for text in found.source),
        values=tuple(found.values),
        load_restrictor=_RESTRICTORS[found.load_restrictor],
        enable_helm=found.enable_helm,
        allow_remote_bases=found.allow_remote_bases,
        kube_version=found.kube_version,
        api_versions=tuple(version for text in found.api_versions for version in text.split(",") if version),
        strict_substitute=found.strict_substitute,
        offline=found.offline,
    )


def _named(clusters: Sequence[str]) -> str:
    """Return the cluster that is named without a folder.

    Raises:
        InputError: several are.

    """
    names = [text for text in clusters if "=" not in text]
    if len(names) > 1:
        raise InputError("name one cluster, or leave it out for all", subject=f"--cluster {names[1]}")
    return names[0] if names else ""


def _pair(text: str) -> tuple[str, str]:
    name, _, folder = text.rpartition("=")
    if not (name and folder):
        raise InputError(f"{text!r} is not NAME=FOLDER", subject="--cluster")
    return name, folder


def _whole_kind(target: str) -> str:
    """Return a delivery with its kind written out: ``ks/flux-system/apps`` is one unless a folder has this name."""
    kind, *rest = target.split("/")
    meant = _KINDS.get(kind.lower())
    is_delivery = meant is not None and len(rest) == 2 and all(rest) and kind == kind.lower()
    return "/".join((str(meant), *rest)) if is_delivery and not Path(target).exists() else target


def _refuse_misspelled(folder: Path) -> None:
    """Refuse what is no folder and nearly a delivery.

    Raises:
        InputError: with the spelling that was perhaps meant.

    """
    kind, *rest = folder.parts or ("",)
    meant = _KINDS.get(kind.lower())
    if meant is None or len(rest) not in (1, 2) or folder.exists() or (kind != meant and kind != kind.lower()):
        return
    name = "/".join((meant, *rest) if len(rest) == 2 else (meant, "NAMESPACE", *rest))
    raise InputError(f"no such folder; a delivery is named Kind/namespace/name: {name}", subject=str(folder))


def _source(text: str) -> tuple[str, Path]:
    url, separator, path = text.rpartition("=")
    if not (url and separator and path):
        raise InputError(f"{text!r} is not URL=PATH", subject="--source")
    if not Path(path).exists():
        raise InputError(f"{path}, which stands for {url}, does not exist", subject="--source")
    return url, Path(path)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Return what writes the help. Without a width argparse asks for the terminal's, at each argument, help or not."""
    return argparse.RawDescriptionHelpFormatter(prog, width=_HELP_COLUMNS)


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    made = argparse.ArgumentParser(
        prog="nixernetes render",
        usage="nixernetes render [DIR | KIND/NAMESPACE/NAME ...] [options]",
        description="Print the manifests of kustomization folders, or of deliveries.",
        epilog=_EXAMPLES,
        formatter_class=_formatter,
        allow_abbrev=False,
    )
    made.add_argument("targets", nargs="*", metavar="DIR|KIND/NAMESPACE/NAME", help="folders, or deliveries")
    add, flag = made.add_argument, "store_true"
    add("--all", action=flag, help="every delivery of the repository")
    add("--repo", type=Path, default=Path(), metavar="DIR", help="the repository that the deliveries are in")
    add("--rev", default="", help="read this Git revision instead of the files on disk")
    add(
        "--cluster",
        action="append",
        default=[],
        metavar="NAME[=FOLDER]",
        help="only the deliveries of this cluster; or the folder that starts it, for each cluster",
    )
    add("-o", "--output", choices=("yaml", "json"), default="yaml", help="how to print (default: yaml)")
    add("--only", action="append", default=[], metavar="KIND/NAMESPACE/NAME", help="print only this object")
    add("--origin", action=flag, help="show where each manifest comes from")
    add("--show-secrets", action=flag, help="print the values of Secrets")
    add("--source", action="append", default=[], metavar="URL=PATH", help="a local repository for a remote one")
    add(
        "--values",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="ConfigMaps and Secrets that the repository does not hold, for substituteFrom and valuesFrom",
    )
    add(
        "--kube-version",
        default="",
        metavar="VERSION",
        help="the Kubernetes version that charts see",
    )
    add(
        "--api-versions",
        action="append",
        default=[],
        metavar="GROUP/VERSION",
        help="an API version that the cluster serves, for charts of deliveries",
    )
    add(
        "--strict-substitute",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="whether a postBuild variable without a value is an error, as in Flux (default), or empty",
    )
    add("--offline", action=flag, help="fetch no charts and artifacts")
    add("--load-restrictor", choices=tuple(_RESTRICTORS), default="LoadRestrictionsRootOnly", help="as Kustomize's")
    add("--enable-helm", action=flag, help="render helmCharts of kustomizations")
    add("--allow-remote-bases", action=flag, help="fetch remote bases and files that no --source maps")
    add("--enable-alpha-plugins", action=flag, help="accepted: built-in plugins always run, others never do")
    return made
