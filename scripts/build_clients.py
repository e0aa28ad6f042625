"""Build the programs of others that tests run against our servers, from their Go modules.

    python scripts/build_clients.py [argocd] [flux] [kustomize-controller] [source-controller]

They go into ``$NIXERNETES_CLIENTS``, default ``~/.cache/nixernetes-clients``, where the tests look for them; without
them these tests are skipped, and say so. It needs Go 1.26, a proxy of Go modules and a few minutes each.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(os.environ.get("NIXERNETES_CLIENTS") or Path.home() / ".cache" / "nixernetes-clients")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program.

    Attributes:
        module: its module, and which version of it.
        package: the package of the program.
        missing: a file that the module lacks because it is made at its release; ``""`` for none.
        edits: what ``go mod edit`` is told: a module has no neighbours in its repository.

    """

    module: str
    package: str = "."
    missing: str = ""
    edits: tuple[str, ...] = ()


def _controller(name: str, version: str) -> Client:
    # Proxies do not have the version that they name.
    artifact = "-replace=github.com/fluxcd/pkg/artifact@v0.18.3=github.com/fluxcd/pkg/artifact@v0.18.0"
    edits = (f"-dropreplace=github.com/fluxcd/{name}/api", artifact)
    return Client(module=f"github.com/fluxcd/{name}@{version}", edits=edits)


CLIENTS = {
    "argocd": Client(module="github.com/argoproj/argo-cd/v3@v3.2.11", package="./cmd", missing="ui/dist/app/gitkeep"),
    "flux": Client(
        module="github.com/fluxcd/flux2/v2@v2.9.5", package="./cmd/flux", missing="cmd/flux/manifests/none.yaml"
    ),
    "kustomize-controller": _controller("kustomize-controller", "v1.9.6"),
    "source-controller": _controller("source-controller", "v1.9.6"),
}


def build(name: str) -> None:
    """Build one of them.

    Raises:
        CalledProcessError: Go says why it does not.

    """
    client = CLIENTS[name]
    environment = {**os.environ, "GOFLAGS": "-buildvcs=false -mod=mod"}
    with tempfile.TemporaryDirectory() as folder:
        asked = ["go", "mod", "download", "-json", client.module]
        found = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=folder, env=environment)
        sources = Path(folder) / name
        shutil.copytree(json.loads(found.stdout)["Dir"], sources)
        for path in [sources, *sources.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)  # the cache of modules is read-only
        if client.missing:
            missing = sources / client.missing
            missing.parent.mkdir(parents=True, exist_ok=True)
            missing.write_text("# none\n")
        for edit in client.edits:
            asked = ["go", "mod", "edit", edit]
            subprocess.run(asked, check=True, cwd=sources, env=environment)
        command = ["go", "build", "-ldflags=-s -w", "-o", str(FOLDER / name), client.package]
        subprocess.run(command, check=True, cwd=sources, env=environment)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in sys.argv[1:] or sorted(CLIENTS):
        build(each)
