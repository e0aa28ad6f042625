"""Small platforms that the tests of builds share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nixernetes import gitops
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Manifest

URL = "https://github.com/myorg/platform-config"


def deployment(name: str, *, image: str = "nginx:1.27", namespace: str = "") -> Manifest:
    labels = {"app": name}
    metadata = {"name": name, "namespace": namespace} if namespace else {"name": name}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": name, "image": image}]}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def repository(structure: str = "flat", *environments: str) -> gitops.GitOpsRepository:
    return gitops.GitOpsRepository(
        name="platform-config", url=URL, environments=environments or ("staging", "production"), structure=structure
    )


class Files:
    """Files beside a platform, in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def __call__(self, path: Path) -> Mapping[str, bytes]:
        name = path.as_posix()
        if name in self.files:
            return {"": self.files[name].encode()}
        lead = "" if name == "." else f"{name}/"
        found = {key[len(lead) :]: text.encode() for key, text in self.files.items() if key.startswith(lead)}
        if not found:
            raise InputError(f"there is no file or folder {name} here")
        return dict(sorted(found.items()))


NO_FILES = Files({})
