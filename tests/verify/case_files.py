"""Small repositories written as one text each, with what a check says of them marked where it says it.

``--- PATH`` begins a file. ``# ! RULE`` at the end of a line: the rule says something of this line (warning or error;
notes may be marked too, and need not be). ``# !^ RULE`` on a line of its own means the line before, which takes no
comment. ``--- @flux`` and ``--- @argocd NAME PATH`` stand for the files that start a cluster; ``--- @kustomization NAME
PATH`` for a Kustomization of it. What stands before the first file says what the case is about; ``args: VERSION`` there
gives the Kubernetes version. ``--- @before PATH`` is what a file held in the revision before: the check is of what
changed since then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pygit2
from tests.repositories import MOMENT, committed

from nixernetes.adapters.repositories.git_write import commit_folder
from nixernetes.app.check import CheckOptions, CheckOutcome, checked
from nixernetes.app.rendering.render_deliveries import Query, render
from nixernetes.app.toolbox import ToolOptions
from nixernetes.render.estate.index import DocumentIndex
from nixernetes.render.rendered_platform import RenderedPlatform
from nixernetes.render.tree import MemoryTree
from nixernetes.verify.accepted import Acceptance
from nixernetes.verify.findings import Severity

CASES = Path(__file__).parent / "cases"
_TODAY = date(2026, 6, 1)
URL = "https://github.com/acme/fleet"
_MARK = re.compile(r"\s*#\s*!(\^?)\s*([a-z/-]+(?:\s*,\s*[a-z/-]+)*)\s*$")
_FLUX = f"""\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {{name: flux-system, namespace: flux-system}}
spec: {{interval: 1m, ref: {{branch: main}}, url: {URL}}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: flux-system, namespace: flux-system}}
spec:
  interval: 10m
  path: ./clusters/prod
  prune: true
  sourceRef: {{kind: GitRepository, name: flux-system}}
"""
_KUSTOMIZATION = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  interval: 10m
  path: ./{path}
  prune: true
  sourceRef: {{kind: GitRepository, name: flux-system}}
"""
_APPLICATION = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{{{name: {{name}}, namespace: argocd}}}}
spec:
  project: default
  source: {{{{repoURL: {URL}.git, targetRevision: main, path: {{path}}}}}}
  destination: {{{{server: "https://kubernetes.default.svc", namespace: {{name}}}}}}
  syncPolicy:
    automated: {{{{prune: true, selfHeal: true}}}}
    syncOptions: [CreateNamespace=true]
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A repository, and what is to be said of it.

    Attributes:
        files: path to text.
        marks: ``FILE:LINE RULE``.
        version: the Kubernetes version, or ``""``.
        before: path to text in the revision before; none: there is only one revision.

    """

    files: dict[str, str]
    marks: frozenset[str]
    version: str = ""
    before: Mapping[str, str] = field(default_factory=dict)

    def checked(self, folder: Path) -> CheckOutcome:
        """Commit the repository below a folder, and check it."""
        repository = self.repository(folder)
        since = "HEAD~1" if self.before else ""
        tools = ToolOptions(kube_version=self.version)
        today = Acceptance(today=_TODAY)
        return checked(CheckOptions(target=repository, tools=tools, changed_since=since, acceptance=today))

    def repository(self, folder: Path) -> Path:
        """Commit the repository below a folder, and return its own folder."""
        _write(folder / "files", {**self.files, **self.before})
        repository = committed(folder / "files", folder / "repo")
        if self.before:
            _write(repository, self.files)
            commit_folder(repository, "second", "A <a@example.com>", MOMENT)
        pygit2.Repository(str(repository)).remotes.create("origin", URL)
        return repository


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def platform_of(case: Case, folder: Path) -> RenderedPlatform:
    """Return the rendered platform of a case, with its files in memory."""
    platform = render(Query(repo=case.repository(folder)))
    tree = MemoryTree({path: text.encode() for path, text in case.files.items()})
    estate = replace(platform.estate, index=DocumentIndex(tree))
    return replace(platform, estate=estate)


def said(outcome: CheckOutcome, marks: frozenset[str]) -> list[str]:
    """Return what a check said, as the marks of a case; notes only where they are marked."""
    found = [(each, f"{each.place.file}:{each.place.line} {each.rule}") for each in outcome.report.findings]
    return sorted({text for each, text in found if each.severity is not Severity.INFO or text in marks})


def read_case(path: Path) -> Case:
    """Read a case."""
    head, *parts = re.split(r"^--- ", path.read_text(), flags=re.MULTILINE)
    version = re.search(r"^args: (\S+)$", head, re.MULTILINE)
    files: dict[str, str] = {}
    before: dict[str, str] = {}
    marks: set[str] = set()
    for part in parts:
        title, _, text = part.partition("\n")
        if title.startswith("@before "):
            before[title.removeprefix("@before ").strip()] = text
            continue
        name, made = _made(title) or (title.strip(), "")
        lines: list[str] = []
        for line in (made or text).splitlines():
            mark = _MARK.search(line)
            kept = _MARK.sub("", line)
            if mark is None or not mark[1]:
                lines.append(kept)
            if mark is not None:
                marks |= {f"{name}:{len(lines)} {rule.strip()}" for rule in mark[2].split(",")}
        files[name] = "\n".join(lines) + "\n"
    return Case(files, frozenset(marks), version[1] if version else "", before)


def _made(title: str) -> tuple[str, str] | None:
    match title.split():
        case ["@flux"]:
            return "clusters/prod/flux-system/gotk-sync.yaml", _FLUX
        case ["@kustomization", name, path]:
            return f"clusters/prod/{name}.yaml", _KUSTOMIZATION.format(name=name, path=path)
        case ["@argocd", name, path]:
            return f"argocd/{name}.yaml", _APPLICATION.format(name=name, path=path)
    return None
