"""The Git repository that a platform is built into."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from nixernetes.errors import InputError
from nixernetes.gitops.apps.workloads import dns_label
from nixernetes.gitops.declared import DeclaredPart
from nixernetes.gitops.flux.scalars import NonEmpty

__all__ = ["GitOpsRepository"]


class GitOpsRepository(DeclaredPart):
    """The repository and its layout (``docs/repository-layout.md`` draws both)."""

    name: str
    """Its name; the Flux GitRepository that reads it is called so."""
    url: str = ""
    """Where the clusters fetch it. It may be left out when the platform declares one GitRepository, or a deployment."""
    environments: tuple[str, ...] = ()
    """The environments (flat) or clusters (hierarchy). Default: the platform's clusters."""
    structure: Literal["flat", "hierarchy"] = "flat"
    """The layout: `flat` (`repos/<environment>/manifests/<app>`) or `hierarchy` (`clusters/<cluster>/kubernetes/<app>`
    on a shared base). Default: `flat`."""
    branch: NonEmpty = "main"
    """The branch that the clusters follow. Default: `main`."""

    def to_yaml(self) -> str:
        """Return the Flux GitRepository that reads it, as YAML.

        Raises:
            InputError: it has no URL, or one that Flux refuses.

        """
        from nixernetes.gitops.flux.sources.git_repository import GitRepository  # noqa: PLC0415  # platforms seldom ask

        if not self.url:
            raise InputError("has no url: give it", subject=f"GitOpsRepository {self.name}", place=self.declared_at)
        return GitRepository(name=self.name, url=self.url, ref={"branch": self.branch}).to_yaml()

    @field_validator("environments")
    @classmethod
    def _distinct(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        twice = [name for number, name in enumerate(value) if name in value[:number]]
        if twice:
            raise ValueError(f"{twice[0]!r} stands there twice: remove one")
        return value

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        return dns_label(value)
