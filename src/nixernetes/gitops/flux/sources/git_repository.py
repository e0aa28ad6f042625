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
    """The branch to follow. Flux takes `master` when nothing at all is given."""
    tag: Text | None = None
    """The tag to check out."""
    semver: Text | None = None
    """The range of versions whose highest tag is checked out: `>=1.2.0 <2.0.0`."""
    name: Text | None = None
    """The full name of a reference: `refs/pull/7/head`."""
    commit: Text | None = None
    """The hash of the commit to check out."""


class GitVerification(Spec):
    """Which signatures must be good: of the commit (HEAD), of the tag, or of both."""

    mode: Literal["head", "HEAD", "Tag", "TagAndHEAD"] | None = None
    """What must be signed. Flux's default: `HEAD`, the commit."""
    secret_ref: SecretReference
    """The Secret with the public keys, one a key: `*.asc` for PGP, `*.sshpub` for SSH."""


class GitRepositoryReference(ObjectReference):
    """A GitRepository in the same namespace."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = source_kinds("GitRepository")
    BY_NAME: ClassVar[bool] = True

    name: NonEmpty
    """The GitRepository's name."""


class GitRepositoryInclude(Spec):
    """Another repository's files, copied into this one's."""

    repository: GitRepositoryReference
    """The repository whose files are copied."""
    from_path: Text | None = None
    """The folder to copy. Flux takes everything for none."""
    to_path: Text | None = None
    """The folder to copy to. Flux takes the name of the repository for none."""


class GitRepository(FluxSource):
    """A Git repository that Flux polls.

    >>> GitRepository(name="apps", url="https://github.com/myorg/config", ref={"branch": "main"}).interval
    '1m'
    """

    API_VERSION: ClassVar[str] = f"{FLUX_SOURCE}/v1"
    KIND: ClassVar[str] = "GitRepository"
    PLURAL: ClassVar[str] = "gitrepositories"

    interval: Duration = guide("1m")
    """How often to look for new commits. Default: `1m`."""
    url: GitUrl
    """The URL: `https://`, `http://` or `ssh://`. Write `git@host:path` as `ssh://git@host/path`."""
    ref: GitRef | None = None
    """What to check out. Flux takes the branch `master` for none."""
    secret_ref: SecretReference | None = None
    """The Secret to log in with: `username` and `password`, `bearerToken`, an SSH `identity` with `known_hosts`, or a
    GitHub App."""
    provider: Literal["generic", "aws", "azure", "github"] | None = None
    """Whose service it is, which decides how Flux logs in. Flux's default: `generic`, by the Secret."""
    service_account_name: Text | None = None
    """The service account whose workload identity logs in. For the providers `azure` and `aws`."""
    timeout: ShortDuration | None = None
    """How long Git may take; Flux takes no hours here. Flux's default: `60s`."""
    verify: GitVerification | None = None
    """Signatures that must be good before a commit is used."""
    proxy_secret_ref: SecretReference | None = None
    """The Secret with the proxy: `address`, `username`, `password`."""
    ignore: Text | None = None
    """Files to leave out, as a .gitignore says it. Flux leaves out pictures, archives and CI files by itself until you
    say something."""
    include: Many[GitRepositoryInclude] | None = None
    """Other GitRepositories whose files are copied into this one's."""
    recurse_submodules: Bool | None = None
    """Whether submodules are fetched too. Flux's default: False."""
    sparse_checkout: Many[Text] | None = None
    """The only folders to check out. All when left out."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.service_account_name is not None and self.provider not in ("azure", "aws"):
            raise ValueError(
                f"service_account_name: {self.service_account_name!r}: can only be set when provider is azure or aws"
            )
        return self
