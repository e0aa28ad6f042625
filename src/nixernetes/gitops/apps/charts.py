"""Helm charts that apps install: of a chart repository, of a container registry, or a folder of ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Self

from pydantic import model_validator

from nixernetes.gitops.declared import DeclaredPart

__all__ = ["HelmChartRef"]


class HelmChartRef(DeclaredPart):
    """A Helm chart: in a chart repository (``repository``, ``name``, ``version``), or a folder (``path``)."""

    name: str = ""
    """The chart's name in the repository. Default for a folder: the folder's name."""
    repository: str = ""
    """The URL of the chart repository, `https://charts.example.com`, or of the registry, `oci://ghcr.io/myorg/charts`;
    the chart's name comes after it."""
    version: str = ""
    """The version, or a semver range. An environment may have its own."""
    digest: str = ""
    """For a registry: the digest to install, `sha256:...`, instead of a version."""
    secret_ref: str = ""
    """The name of the Secret, in `flux-system`, that Flux logs in with; Argo CD has repository Secrets for that.
    Default: nobody logs in."""
    path: Path | None = None
    """Instead of a repository: a folder, relative to the platform file; it is copied to `charts/<name>`."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.repository) == (self.path is not None):
            raise ValueError("give either repository (with name and version) or path")
        if self.repository and not (self.name and (self.version or self.digest)):
            raise ValueError("a chart in a repository needs name and version")
        if self.repository and not re.match(r"(https?|oci)://[^/]", self.repository):
            raise ValueError(f"repository {self.repository!r}: write https://host/path or oci://host/path")
        if self.path is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", self.chart_name):
            raise ValueError(f"name {self.chart_name!r}: use letters, digits, -, _ and .")
        if self.path is not None and (self.version or self.secret_ref):
            raise ValueError("version is for a chart in a repository: the folder's Chart.yaml has its own")
        if self.digest and (self.version or not self.is_oci):
            raise ValueError("digest is for a chart in a registry (oci://), in place of its version")
        if self.digest and not re.fullmatch(r"sha256:[0-9a-f]{64}", self.digest):
            raise ValueError("digest: write sha256: and 64 hexadecimal digits")
        return self

    @property
    def is_oci(self) -> bool:
        """Whether it is in a container registry."""
        return self.repository.startswith("oci://")

    @property
    def chart_name(self) -> str:
        """The chart's name."""
        return self.name or (self.path.name if self.path is not None else "")
