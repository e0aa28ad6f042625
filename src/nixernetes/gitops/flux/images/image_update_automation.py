"""ImageUpdateAutomation: commits new image tags to Git; flux-behaviour.md 12."""

from __future__ import annotations

from typing import ClassVar, Literal

from nixernetes.gitops.flux.flux_references import SecretReference
from nixernetes.gitops.flux.flux_resource import FluxSource
from nixernetes.gitops.flux.kinds import source_kinds
from nixernetes.gitops.flux.scalars import Duration, NonEmpty
from nixernetes.gitops.flux.sources.git_repository import GitRef
from nixernetes.gitops.references import ObjectReference
from nixernetes.gitops.spec import Spec, guide
from nixernetes.gitops.values import Bool, Many, StringMap, Text
from nixernetes.objects.api_groups import FLUX_IMAGE
from nixernetes.objects.identity import GroupKind

__all__ = [
    "CommitAuthor",
    "GitCheckout",
    "GitCommit",
    "GitPush",
    "GitSpec",
    "ImageUpdateAutomation",
    "PolicyRequirement",
    "PolicySelector",
    "SigningKey",
    "UpdateSource",
    "UpdateStrategy",
]


class UpdateSource(ObjectReference):
    """The repository that is changed."""

    KINDS: ClassVar[tuple[GroupKind, ...]] = source_kinds("GitRepository")
    BY_NAME: ClassVar[bool] = True

    api_version: Text | None = None
    """The API version of the source. Flux takes its own version of the kind for none."""
    kind: Literal["GitRepository"] | None = guide("GitRepository", required=False)
    """The kind of the source. Default: `GitRepository`, the only one."""
    name: NonEmpty
    """The GitRepository's name."""
    namespace: NonEmpty | None = None
    """The GitRepository's namespace. Flux takes the automation's own for none."""


class GitCheckout(Spec):
    """What to change; the repository's own ``ref`` when it is left out."""

    ref: GitRef
    """The branch, tag or commit that is changed."""


class CommitAuthor(Spec):
    """Who commits."""

    email: Text
    """The author's address."""
    name: Text | None = None
    """The author's name."""


class SigningKey(Spec):
    """The key that signs commits."""

    type: Literal["gpg", "ssh"] | None = None
    """Whether it is a GPG or an SSH key. Flux's default: `gpg`."""
    secret_ref: SecretReference
    """The Secret with the key: `git.asc` for GPG, `identity` for SSH, and its `passphrase` or `password`."""


class GitCommit(Spec):
    """The commit: its author and message."""

    author: CommitAuthor
    """Who commits."""
    message_template: Text | None = None
    """The message, a Go template over the changes. Flux writes one of its own for none."""
    message_template_values: StringMap | None = None
    """Values that the template reads as `.Values`."""
    signing_key: SigningKey | None = None
    """The key that signs the commits. They are not signed when left out."""


class GitPush(Spec):
    """Where the commit goes; the branch that was checked out when it is left out."""

    branch: Text | None = None
    """The branch to push to; it is created where it does not exist."""
    refspec: Text | None = None
    """The refspec to push, in place of a branch or in addition to it."""
    options: StringMap | None = None
    """Push options for the server."""


class GitSpec(Spec):
    """How to check out, commit and push."""

    checkout: GitCheckout | None = None
    """What to check out. The GitRepository's `ref` when left out."""
    commit: GitCommit
    """The commit."""
    push: GitPush | None = None
    """Where to push. The branch that was checked out when left out."""


class PolicyRequirement(Spec):
    """A condition on a label: In, NotIn, Exists, DoesNotExist."""

    key: Text
    """The label."""
    operator: Text
    """How the label is compared: `In`, `NotIn`, `Exists` or `DoesNotExist`."""
    values: Many[Text] | None = None
    """The values for `In` and `NotIn`."""


class PolicySelector(Spec):
    """ImagePolicies with these labels."""

    match_labels: StringMap | None = None
    """Labels that the ImagePolicies must have; all of them."""
    match_expressions: Many[PolicyRequirement] | None = None
    """Rules about labels; all of them must hold."""


class UpdateStrategy(Spec):
    """How files are changed: at setter comments, below ``path``."""

    strategy: Literal["Setters"] | None = guide("Setters", required=False)
    """How files are changed. Default: `Setters`, the only one: where a comment names an ImagePolicy."""
    path: Text | None = None
    """The folder whose files are changed. The whole repository when left out."""


class ImageUpdateAutomation(FluxSource):
    """Writes the latest image tags into a Git repository."""

    API_VERSION: ClassVar[str] = f"{FLUX_IMAGE}/v1"
    KIND: ClassVar[str] = "ImageUpdateAutomation"
    PLURAL: ClassVar[str] = "imageupdateautomations"

    interval: Duration = guide("10m")
    """How often to look for new tags to write. Default: `10m`."""
    source_ref: UpdateSource
    """The GitRepository that is changed."""
    git: GitSpec | None = None
    """How to check out, commit and push."""
    policy_selector: PolicySelector | None = None
    """Which ImagePolicies count. All of the namespace when left out."""
    update: UpdateStrategy | None = None
    """How files are changed."""
    suspend: Bool | None = None
    """Whether Flux stops reconciling it. Flux's default: False."""
