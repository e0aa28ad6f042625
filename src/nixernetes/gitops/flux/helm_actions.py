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
    ignore_test_failures: Bool | None = None
    remediate_last_failure: Bool | None = None


class UpgradeRemediation(InstallRemediation):
    """What to do after a failed upgrade: roll back or uninstall, then ``retries`` more attempts."""

    strategy: Literal["rollback", "uninstall"] | None = None


class Strategy(Spec):
    """Whether a failure is undone (RemediateOnFailure) or tried again (RetryOnFailure, every ``retry_interval``)."""

    name: Literal["RemediateOnFailure", "RetryOnFailure"]
    retry_interval: Duration | None = None

    @model_validator(mode="after")
    def _rules(self) -> Self:
        if self.retry_interval is not None and self.name != "RetryOnFailure":
            raise ValueError(f"retry_interval: {self.retry_interval!r}: can only be set when name is RetryOnFailure")
        return self


class Install(Spec):
    """The first installation."""

    timeout: Duration | None = None
    remediation: InstallRemediation | None = None
    strategy: Strategy | None = None
    crds: Crds | None = None
    create_namespace: Bool | None = None
    disable_hooks: Bool | None = None
    disable_open_api_validation: OpenApiValidation = None
    disable_schema_validation: Bool | None = None
    disable_take_ownership: Bool | None = None
    disable_wait: Bool | None = None
    disable_wait_for_jobs: Bool | None = None
    replace: Bool | None = None
    server_side_apply: Bool | None = None
    skip_crds: Annotated[Bool | None, Field(alias="skipCRDs")] = None


class Upgrade(Spec):
    """Every later version."""

    timeout: Duration | None = None
    remediation: UpgradeRemediation | None = None
    strategy: Strategy | None = None
    crds: Crds | None = None
    chart_name_change_strategy: Literal["InPlaceUpdate", "Reinstall"] | None = None
    cleanup_on_fail: Bool | None = None
    disable_hooks: Bool | None = None
    disable_open_api_validation: OpenApiValidation = None
    disable_schema_validation: Bool | None = None
    disable_take_ownership: Bool | None = None
    disable_wait: Bool | None = None
    disable_wait_for_jobs: Bool | None = None
    force: Bool | None = None
    preserve_values: Bool | None = None
    server_side_apply: Apply | None = None


class Rollback(Spec):
    """The way back after a failed upgrade."""

    timeout: Duration | None = None
    cleanup_on_fail: Bool | None = None
    disable_hooks: Bool | None = None
    disable_wait: Bool | None = None
    disable_wait_for_jobs: Bool | None = None
    force: Bool | None = None
    recreate: Bool | None = None
    server_side_apply: Apply | None = None


class Uninstall(Spec):
    """The removal."""

    timeout: Duration | None = None
    deletion_propagation: Literal["background", "foreground", "orphan"] | None = None
    disable_hooks: Bool | None = None
    disable_wait: Bool | None = None
    keep_history: Bool | None = None


class TestFilter(Spec):
    """One test of the chart, to be run or left out."""

    __test__ = False

    name: Key253
    exclude: Bool | None = None


class Test(Spec):
    """The tests of the chart."""

    __test__ = False

    enable: Bool | None = None
    timeout: Duration | None = None
    ignore_failures: Bool | None = None
    filters: Many[TestFilter] | None = None


class DriftDetection(Spec):
    """Whether changes made by others are reported (warn) or undone (enabled)."""

    mode: Literal["enabled", "warn", "disabled"] | None = None
    ignore: Many[IgnoreRule] | None = None


class PostRendererKustomize(Spec):
    """Patches and images for what the chart rendered."""

    patches: Many[Patch] | None = None
    images: Many[Image] | None = None


class PostRenderer(Spec):
    """A change to what the chart rendered."""

    kustomize: PostRendererKustomize | None = None


class WaitStrategy(Spec):
    """How Helm waits: by polling the status of objects, or in its older way."""

    name: Literal["poller", "legacy"]
