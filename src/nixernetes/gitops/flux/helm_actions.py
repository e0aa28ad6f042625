"""What a HelmRelease says about each action of Helm; flux-behaviour.md 10.1."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from nixernetes.gitops.flux.kustomize_parts import IgnoreRule, Image, Patch
from nixernetes.gitops.flux.scalars import Duration, Key253
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, Many

__all__ = [
    "DriftDetection",
    "Install",
    "InstallRemediation",
    "PostRenderer",
    "PostRendererKustomize",
    "Rollback",
    "Strategy",
    "Test",
    "TestFilter",
    "Uninstall",
    "Upgrade",
    "UpgradeRemediation",
    "WaitStrategy",
]

Crds = Literal["Skip", "Create", "CreateReplace"]
Apply = Literal["enabled", "disabled", "auto"]
OpenApiValidation = Annotated[Bool | None, Field(alias="disableOpenAPIValidation")]


class InstallRemediation(Spec):
    """What to do after a failed installation: ``retries`` more attempts, without end when negative."""

    retries: Int | None = None
    """How often to try again; a negative number never gives up. Flux's default: 0."""
    ignore_test_failures: Bool | None = None
    """Whether a release whose tests fail counts as good. Flux takes what `test` says for none."""
    remediate_last_failure: Bool | None = None
    """Whether the last failure is undone too. For an install Flux's default is False; for an upgrade it is True when
    there are retries."""


class UpgradeRemediation(InstallRemediation):
    """What to do after a failed upgrade: roll back or uninstall, then ``retries`` more attempts."""

    strategy: Literal["rollback", "uninstall"] | None = None
    """How a failure is undone. Flux's default: `rollback`."""


class Strategy(Spec):
    """Whether a failure is undone (RemediateOnFailure) or tried again (RetryOnFailure, every ``retry_interval``)."""

    name: Literal["RemediateOnFailure", "RetryOnFailure"]
    """Whether to undo a failure (`RemediateOnFailure`) or to try again as it is (`RetryOnFailure`)."""
    retry_interval: Duration | None = None
    """How soon to try again. Flux's default: `5m`. Only for `RetryOnFailure`."""

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.retry_interval is not None and self.name != "RetryOnFailure":
            raise ValueError(f"retry_interval: {self.retry_interval!r}: can only be set when name is RetryOnFailure")
        return self


class Install(Spec):
    """The first installation."""

    timeout: Duration | None = None
    """How long it may take. Flux takes the release's timeout for none."""
    remediation: InstallRemediation | None = None
    """What to do when it fails."""
    strategy: Strategy | None = None
    """How to deal with a failure, in one word. Flux's default: `RemediateOnFailure`."""
    crds: Crds | None = None
    """What to do with the chart's CRDs. Flux's default: `Create`."""
    create_namespace: Bool | None = None
    """Whether to create the target namespace. Flux's default: False."""
    disable_hooks: Bool | None = None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_open_api_validation: OpenApiValidation = None
    """Whether to skip the check against the cluster's OpenAPI schemas. Flux's default: False."""
    disable_schema_validation: Bool | None = None
    """Whether to skip the check of values against the chart's schema. Flux's default: False."""
    disable_take_ownership: Bool | None = None
    """Whether to fail on objects that exist already instead of taking them over. Flux's default: False."""
    disable_wait: Bool | None = None
    """Whether to continue without waiting for objects to be ready. Flux's default: False."""
    disable_wait_for_jobs: Bool | None = None
    """Whether to continue without waiting for Jobs to complete. Flux's default: False."""
    replace: Bool | None = None
    """Whether a name may be used again that a deleted release has had. Flux's default: False."""
    server_side_apply: Bool | None = None
    """Whether to apply on the server's side. Flux's default: True."""
    skip_crds: Annotated[Bool | None, Field(alias="skipCRDs")] = None
    """Whether to leave out the chart's CRDs. Deprecated: use `crds`."""


class Upgrade(Spec):
    """Every later version."""

    timeout: Duration | None = None
    """How long it may take. Flux takes the release's timeout for none."""
    remediation: UpgradeRemediation | None = None
    """What to do when it fails."""
    strategy: Strategy | None = None
    """How to deal with a failure, in one word. Flux's default: `RemediateOnFailure`."""
    crds: Crds | None = None
    """What to do with the chart's CRDs. Flux's default: `Skip`."""
    chart_name_change_strategy: Literal["InPlaceUpdate", "Reinstall"] | None = None
    """What to do when the chart has another name: install again (`Reinstall`, Flux's default) or upgrade in place."""
    cleanup_on_fail: Bool | None = None
    """Whether new objects are deleted when the upgrade fails. Flux's default: False."""
    disable_hooks: Bool | None = None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_open_api_validation: OpenApiValidation = None
    """Whether to skip the check against the cluster's OpenAPI schemas. Flux's default: False."""
    disable_schema_validation: Bool | None = None
    """Whether to skip the check of values against the chart's schema. Flux's default: False."""
    disable_take_ownership: Bool | None = None
    """Whether to fail on objects that exist already instead of taking them over. Flux's default: False."""
    disable_wait: Bool | None = None
    """Whether to continue without waiting for objects to be ready. Flux's default: False."""
    disable_wait_for_jobs: Bool | None = None
    """Whether to continue without waiting for Jobs to complete. Flux's default: False."""
    force: Bool | None = None
    """Whether objects may be deleted and made again where they cannot be changed. Flux's default: False."""
    preserve_values: Bool | None = None
    """Whether the values of the last release stay below the new ones. Flux's default: False."""
    server_side_apply: Apply | None = None
    """Whether to apply on the server's side; `auto`, Flux's default, goes on as the release began."""


class Rollback(Spec):
    """The way back after a failed upgrade."""

    timeout: Duration | None = None
    """How long it may take. Flux takes the release's timeout for none."""
    cleanup_on_fail: Bool | None = None
    """Whether new objects are deleted when the rollback fails. Flux's default: False."""
    disable_hooks: Bool | None = None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_wait: Bool | None = None
    """Whether to continue without waiting for objects to be ready. Flux's default: False."""
    disable_wait_for_jobs: Bool | None = None
    """Whether to continue without waiting for Jobs to complete. Flux's default: False."""
    force: Bool | None = None
    """Whether objects may be deleted and made again where they cannot be changed. Flux's default: False."""
    recreate: Bool | None = None
    """Does nothing any more: Helm has dropped it."""
    server_side_apply: Apply | None = None
    """Whether to apply on the server's side; `auto`, Flux's default, goes on as the release began."""


class Uninstall(Spec):
    """The removal."""

    timeout: Duration | None = None
    """How long it may take. Flux takes the release's timeout for none."""
    deletion_propagation: Literal["background", "foreground", "orphan"] | None = None
    """How Kubernetes deletes what belongs to the objects. Flux's default: `background`."""
    disable_hooks: Bool | None = None
    """Whether to leave out the chart's hooks. Flux's default: False."""
    disable_wait: Bool | None = None
    """Whether to continue without waiting until all objects are gone. Flux's default: False."""
    keep_history: Bool | None = None
    """Whether Helm keeps its records of the release. Flux's default: False."""


class TestFilter(Spec):
    """One test of the chart, to be run or left out."""

    __test__ = False

    name: Key253
    """The test's name."""
    exclude: Bool | None = None
    """Whether to leave it out instead. Flux's default: False."""


class Test(Spec):
    """The tests of the chart."""

    __test__ = False

    enable: Bool | None = None
    """Whether to run them. Flux's default: False."""
    timeout: Duration | None = None
    """How long a test may take. Flux takes the release's timeout for none."""
    ignore_failures: Bool | None = None
    """Whether a release whose tests fail counts as good. Flux's default: False."""
    filters: Many[TestFilter] | None = None
    """Tests to run, or to leave out. All are run when left out."""


class DriftDetection(Spec):
    """Whether changes made by others are reported (warn) or undone (enabled)."""

    mode: Literal["enabled", "warn", "disabled"] | None = None
    """Whether to do nothing (`disabled`, Flux's default), to `warn`, or to undo changes (`enabled`)."""
    ignore: Many[IgnoreRule] | None = None
    """Fields whose drift is ignored."""


class PostRendererKustomize(Spec):
    """Patches and images for what the chart rendered."""

    patches: Many[Patch] | None = None
    """Patches to apply."""
    images: Many[Image] | None = None
    """Images to run in place of those that the chart names."""


class PostRenderer(Spec):
    """A change to what the chart rendered."""

    kustomize: PostRendererKustomize | None = None
    """Changes as Kustomize makes them."""


class WaitStrategy(Spec):
    """How Helm waits: by polling the status of objects, or in its older way."""

    name: Literal["poller", "legacy"]
    """`poller` (Flux's default) asks for the status of every object; `legacy` waits as Helm 3 did."""
