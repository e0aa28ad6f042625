"""``nixernetes init``: a small platform file to start from."""

from __future__ import annotations

from pathlib import Path

from nixernetes.app import platform_file
from nixernetes.errors import InputError, RemoteError

__all__ = ["init"]

_ENVIRONMENTS = {
    "flat": ("development", "staging", "production"),
    "hierarchy": ("us-east-1", "eu-west-1"),
}
_ENGINES = ("flux", "argocd", "both")

_TEMPLATE = '''"""What runs where, and who delivers it. Build it with `nixernetes build`."""

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


def init(folder: Path, *, structure: str = "flat", engine: str = "flux") -> Path:
    """Write a ``gitops.py`` into a folder, made if it is not there; return its path.

    Raises:
        InputError: there is one already, or the structure or engine is unknown.
        RemoteError: the disk refused.

    """
    for what, value, known in (("structure", structure, tuple(_ENVIRONMENTS)), ("engine", engine, _ENGINES)):
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
