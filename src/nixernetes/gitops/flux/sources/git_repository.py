"""GitRepository: a branch, tag, version or commit of a Git repository, polled; flux-behaviour.md 1.3."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.flux.flux_resource import FluxSource
from nixernetes.gitops.flux.kinds import source_kinds
from nixernetes.gitops.flux.scalars import Duration, GitUrl, NonEmpty, ShortDuration
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Bool, Many, Text
from nixernetes.objects.api_groups import FLUX_SOURCE
from nixernetes.objects.identity import GroupKind

__all__ = ["GitRef", "GitRepository", "GitRepositoryInclude", "GitVerification"]


class GitRef(Spec):
    """What to check out; when several are given, commit wins over name, semver, tag and branch, in this order."""

    branch: Text | None = None
    tag: Text | None = None
    semver: Text | None = None
    name: Text | None = None
    commit: Text | None = None


class GitVerification(Spec):
    """Which signatures must be good: of the commit (HEAD), of the tag, or of both."""

    mode: Literal["head", "HEAD", "Tag", "TagAndHEAD"] | None = None
    secret_ref: SecretReference


class GitRepositoryReference(ObjectReference):
    """A GitRepository in the same namespace."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = source_kinds("GitRepository")
    BY_NAME: ClassVar[bool] = True

    name: NonEmpty


class GitRepositoryInclude(Spec):
    """Another repository's files, copied into this one's."""

    repository: GitRepositoryReference
    from_path: Text | None = None
    to_path: Text | None = None


class GitRepository(FluxSource):
    """A Git repository that Flux polls.

    >>> GitRepository(name="apps", url="https://github.com/myorg/config", ref={"branch": "main"}).interval
    '1m'
    """

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "GitRepository"
    PLURAL: ClassVar[str] = "gitrepositories"

    interval: Duration = guide("1m")
    url: GitUrl
    ref: GitRef | None = None
    secret_ref: SecretReference | None = None
    provider: Literal["generic", "aws", "azure", "github"] | None = None
    service_account_name: Text | None = None
    timeout: ShortDuration | None = None
    verify: GitVerification | None = None
    proxy_secret_ref: SecretReference | None = None
    ignore: Text | None = None
    include: Many[GitRepositoryInclude] | None = None
    recurse_submodules: Bool | None = None
    sparse_checkout: Many[Text] | None = None
    suspend: Bool | None = None

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.service_account_name is not None and self.provider not in ("azure", "aws"):
            raise ValueError(
                f"service_account_name: {self.service_account_name!r}: can only be set when provider is azure or aws"
            )
        return self
