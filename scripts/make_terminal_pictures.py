"""Writes docs/images/{check,diff,up}.svg: what a terminal shows of these commands, on a small repository.

Run it again when their output changes. Seconds are of the machine it runs on.
"""

from __future__ import annotations

import contextlib
import io
import os
import pty
import re
import subprocess
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 110
TARGET = Path(__file__).parent.parent / "docs" / "images"

START = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/myorg/fleet", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 10m, path: ./clusters/production, prune: true, sourceRef: {kind: GitRepository, name: fleet}}
"""
DELIVERY = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  interval: 10m
  path: ./{name}
  prune: true
  wait: true
  timeout: 2m
  sourceRef:
    kind: GitRepository
    name: {source}
{more}"""
NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
SHOP = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop, namespace: shop}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: shop}}}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop:{version}
          envFrom: [{{configMapRef: {{name: {settings}}}}}]
"""
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {greeting: hello}\n"
DATABASE = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: orders, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
"""
AFTER = "  dependsOn: [{name: database}]\n"


def main() -> None:
    """Make the repository, and a picture of each command."""
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder) / "fleet"
        _write(repo, "clusters/production/flux-system/sync.yaml", START)
        _write(repo, "clusters/production/database.yaml", DELIVERY.format(name="database", source="fleet", more=""))
        _write(repo, "clusters/production/shop.yaml", DELIVERY.format(name="shop", source="fleet", more=AFTER))
        _write(repo, "database/namespace.yaml", NAMESPACE)
        _write(repo, "database/orders.yaml", DATABASE)
        _write(repo, "shop/settings.yaml", SETTINGS)
        _write(repo, "shop/shop.yaml", SHOP.format(replicas=2, version="1.4.0", settings="settings"))
        _commit(repo, "Declare the shop")
        _write(repo, "shop/shop.yaml", SHOP.format(replicas=3, version="1.5.0", settings="settings"))
        (repo / "database/orders.yaml").unlink()
        _picture(repo, "diff", ["nixernetes", "diff"])
        _write(repo, "shop/shop.yaml", SHOP.format(replicas=3, version="1.5.0", settings="setings"))
        _write(repo, "clusters/production/shop.yaml", DELIVERY.format(name="shop", source="flet", more=AFTER))
        _picture(repo, "check", ["nixernetes", "check"])
        _write(repo, "clusters/production/shop.yaml", DELIVERY.format(name="shop", source="fleet", more=AFTER))
        _write(repo, "database/kustomization.yaml", "resources: [namespace.yaml, order.yaml]\n")
        _commit(repo, "Mistype a file")
        _picture(repo, "up", ["nixernetes", "up", "--once"])


def _write(repo: Path, name: str, text: str) -> None:
    path = repo / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _commit(repo: Path, message: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", message]):
        subprocess.run(["git", *who, *command], cwd=repo, check=True)  # noqa: S607


def _picture(repo: Path, name: str, command: list[str]) -> None:
    shown = _in_a_terminal(repo, command)
    console = Console(
        record=True, width=WIDTH, force_terminal=True, file=io.StringIO(), highlight=False, markup=False, emoji=False
    )
    console.print(Text(f"$ {' '.join(command)}", style="bold"))
    console.print(Text.from_ansi(shown))
    picture = console.export_svg(title=" ".join(command), unique_id=name)
    path = TARGET / f"{name}.svg"
    path.write_text(re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL))
    print(path)


def _in_a_terminal(repo: Path, command: list[str]) -> str:
    master, slave = pty.openpty()
    size = {"COLUMNS": str(WIDTH), "LINES": "60", "TERM": "xterm-256color"}
    running = subprocess.Popen(command, cwd=repo, env=os.environ | size, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    said: list[bytes] = []
    with contextlib.suppress(OSError):  # so the end is told
        while data := os.read(master, 65536):
            said.append(data)
    running.wait()
    os.close(master)
    text = b"".join(said).decode().replace("\r\n", "\n")
    text = re.sub(r"\x1b\[\?25[lh]|\x1b\[[0-9]*[AK]", "", text)  # the cursor, and lines that are drawn over
    lines = [line.rpartition("\r")[2] for line in text.splitlines()]
    return "\n".join(line for line in lines if "reconciling …" not in line).strip()


main()
