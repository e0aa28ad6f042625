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
    kind: Literal["GitRepository"] | None = guide("GitRepository", required=False)
    name: NonEmpty
    namespace: NonEmpty | None = None


class GitCheckout(Spec):
    """What to change; the repository's own ``ref`` when it is left out."""

    ref: GitRef


class CommitAuthor(Spec):
    """Who commits."""

    email: Text
    name: Text | None = None


class SigningKey(Spec):
    """The key that signs commits."""

    type: Literal["gpg", "ssh"] | None = None
    secret_ref: SecretReference


class GitCommit(Spec):
    """The commit: its author and message."""

    author: CommitAuthor
    message_template: Text | None = None
    message_template_values: StringMap | None = None
    signing_key: SigningKey | None = None


class GitPush(Spec):
    """Where the commit goes; the branch that was checked out when it is left out."""

    branch: Text | None = None
    refspec: Text | None = None
    options: StringMap | None = None


class GitSpec(Spec):
    """How to check out, commit and push."""

    checkout: GitCheckout | None = None
    commit: GitCommit
    push: GitPush | None = None


class PolicyRequirement(Spec):
    """A condition on a label: In, NotIn, Exists, DoesNotExist."""

    key: Text
    operator: Text
    values: Many[Text] | None = None


class PolicySelector(Spec):
    """ImagePolicies with these labels."""

    match_labels: StringMap | None = None
    match_expressions: Many[PolicyRequirement] | None = None


class UpdateStrategy(Spec):
    """How files are changed: at setter comments, below ``path``."""

    strategy: Literal["Setters"] | None = guide("Setters", required=False)
    path: Text | None = None


class ImageUpdateAutomation(FluxSource):
    """Writes the latest image tags into a Git repository."""

    API_VERSION: ClassVar[str] = f"{FLUX_IMAGE}/v1"
    KIND: ClassVar[str] = "ImageUpdateAutomation"
    PLURAL: ClassVar[str] = "imageupdateautomations"

    interval: Duration = guide("10m")
    source_ref: UpdateSource
    git: GitSpec | None = None
    policy_selector: PolicySelector | None = None
    update: UpdateStrategy | None = None
    suspend: Bool | None = None
