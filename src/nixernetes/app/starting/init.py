"""``nixernetes init``: a platform to start from, in a Git repository, and the repository that it is built into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from nixernetes.adapters.repositories.git_write import commit_folder, init_repository
from nixernetes.adapters.repositories.own_repository import repository_around
from nixernetes.app import platform_file
from nixernetes.app.build import build
from nixernetes.errors import InputError, RemoteError

__all__ = ["BUILT", "ENGINES", "STRUCTURES", "Started", "init", "start"]

BUILT: Final = "repository"
"""The folder that a new platform is built into."""
_AUTHOR: Final = "Nixernetes <nixernetes@localhost>"
_IGNORED: Final = f"""\
__pycache__/
# What `nixernetes build` writes is a Git repository of its own: the one that clusters follow.
/{BUILT}/
"""

_ENVIRONMENTS = {
    "flat": ("development", "staging", "production"),
    "hierarchy": ("us-east-1", "eu-west-1"),
}
ENGINES: Final = ("flux", "argocd", "both")
STRUCTURES: Final = tuple(_ENVIRONMENTS)

_TEMPLATE = '''"""What runs where, and which engine delivers it. Build it with `nixernetes build`."""

from nixernetes import gitops

# Two small workloads. Manifests can also come from files=, folders=, kustomize= or chart=.
deployment = {{
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {{"name": "web"}},
    "spec": {{
        "replicas": 1,
        "selector": {{"matchLabels": {{"app": "web"}}}},
        "template": {{
            "metadata": {{"labels": {{"app": "web"}}}},
            "spec": {{"containers": [{{"name": "web", "image": "nginx:1.27", "ports": [{{"containerPort": 80}}]}}]}},
        }},
    }},
}}
service = {{
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {{"name": "web"}},
    "spec": {{"selector": {{"app": "web"}}, "ports": [{{"port": 80}}]}},
}}
settings = {{
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {{"name": "settings"}},
    "data": {{"greeting": "hello"}},
}}

platform = gitops.Platform(
    name="platform",
    repository=gitops.GitOpsRepository(
        name="platform-config",
        url="https://github.com/myorg/platform-config",
        environments={environments},
        structure="{structure}",
    ),
    engine="{engine}",
    apps=[
        gitops.App(
            name="web",
            namespace="web",
            manifests=[deployment, service],
            environments={{"{last}": gitops.AppOverrides(replicas=3)}},
        ),
        gitops.App(name="settings", namespace="web", manifests=[settings]),
    ],
)
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What ``init`` made.

    Attributes:
        file: the platform file.
        built: the repository that it is built into.
        is_committed: whether the folder became a Git repository; not where it is in one, or held files.

    """

    file: Path
    built: Path
    is_committed: bool


def start(folder: Path, when: datetime, *, structure: str = "flat", engine: str = "flux") -> Started:
    """Write a platform into a folder, commit it, and build the repository that its clusters follow.

    Args:
        folder: the folder, made if it is not there.
        when: the time of the first commits.
        structure: the layout of the repository.
        engine: who delivers.

    Raises:
        InputError: there is a platform already, or the structure or engine is unknown.
        RemoteError: the disk refused.

    """
    is_fresh = not folder.exists() or not any(folder.iterdir())
    file = init(folder, structure=structure, engine=engine)
    is_committed = is_fresh and repository_around(folder) is None
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text(_IGNORED, encoding="utf-8")
    if is_committed:
        init_repository(folder)
        commit_folder(folder, "Begin a platform", _AUTHOR, when)
    built = folder / BUILT
    build(file, built)
    if not (built / ".git").exists():
        init_repository(built)
        commit_folder(built, "Build the platform", _AUTHOR, when)
    return Started(file=file, built=built, is_committed=is_committed)


def init(folder: Path, *, structure: str = "flat", engine: str = "flux") -> Path:
    """Write a ``gitops.py``, and nothing else, into a folder, made if it is not there; return its path.

    Raises:
        InputError: there is one already, or the structure or engine is unknown.
        RemoteError: the disk refused.

    """
    for what, value, known in (("structure", structure, STRUCTURES), ("engine", engine, ENGINES)):
        if value not in known:
            raise InputError(f"unknown {what} {value!r}: use {', '.join(known)}")
    names = _ENVIRONMENTS[structure]
    listed = "[" + ", ".join(f'"{name}"' for name in names) + "]"
    text = _TEMPLATE.format(environments=listed, structure=structure, engine=engine, last=names[-1])
    path = folder / platform_file.NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(
            "is there already, and is not overwritten: choose another folder", subject=str(path)
        ) from error
    except OSError as error:
        raise RemoteError(f"the disk refused: {error.strerror}", subject=str(path)) from error
    return path
