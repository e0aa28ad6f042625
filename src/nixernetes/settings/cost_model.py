"""What may stand below ``cost`` in ``nixernetes.yaml``: prices, assumptions, budgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    Field,
)

from nixernetes.settings.forms import Day, Money, SettingsModel, Span

__all__ = ["AssumptionSettings", "BudgetSettings", "CostSettings", "NodeMarkerSettings", "WaiverSettings"]


class AssumptionSettings(SettingsModel):
    """What no manifest says, and is taken for granted when costs are estimated."""

    job_duration: Span | None = None
    """How long a run of a Job or CronJob takes, as `6m`. Without it they are shown and not added."""
    job_durations: Mapping[str, Span] = Field(default_factory=dict)
    """The same of single ones, by `CronJob/namespace/name`."""


class NodeMarkerSettings(SettingsModel):
    """A label or taint by which nodes are known."""

    key: str
    """The key."""
    value: str
    """The value."""


class WaiverSettings(SettingsModel):
    """Somebody answers for more than a budget allows."""

    owner: Annotated[str, Field(min_length=1)]
    """Who."""
    reason: Annotated[str, Field(min_length=1)]
    """Why."""
    until: Day | None = None
    """The last day on which it holds."""


class BudgetSettings(SettingsModel):
    """How much a team, an environment and so on may cost; without any of these: everything."""

    team: str = ""
    """The team whose costs it is about; or"""
    env: str = ""
    """the environment; or"""
    cluster: str = ""
    """the cluster; or"""
    app: str = ""
    """the delivery; or"""
    namespace: str = ""
    """the namespace."""
    monthly: Money | None = None
    """The most that it may cost a month, as `500 USD`."""
    change: Money | None = None
    """The most that a change may add, as `10 %` or `50 USD`."""
    change_absolute: Money | None = None
    """The most that a change may add, as `50 USD`."""
    change_percent: Money | None = None
    """The most that a change may add, as `10 %`; more counts only where something was paid before."""
    severity: Literal["block", "warn"] = "warn"
    """Whether more is an error of `check`, or a warning."""
    waivers: list[WaiverSettings] = Field(default_factory=list)
    """Who answers for more, for a time."""


class CostSettings(SettingsModel):
    """What costs are estimated with, and how much there may be."""

    prices: str = ""
    """The price book: a file, relative to this one, or the name of a shipped one. Default: `opencost-default`."""
    owner: str = ""
    """Who pays for what names no owner."""
    team_label: str = ""
    """The label that names who pays. Default: `nixernetes.io/owner`."""
    environment_label: str = ""
    """The label that names the environment. Default: `nixernetes.io/environment`."""
    assume: AssumptionSettings = Field(default_factory=AssumptionSettings)
    """What is taken for granted."""
    spot: list[NodeMarkerSettings] = Field(default_factory=list)
    """Labels of nodes that may be taken away any moment, besides those of Karpenter, Azure, Google and EKS."""
    load_balancer_classes: list[str] = Field(default_factory=list)
    """Classes of Gateways and Ingresses of which each makes a load balancer of its own."""
    unpriced: Literal["fail", "warn"] = "warn"
    """What a budget is of which nobody can tell whether it is kept: an error of `check`, or a warning."""
    budgets: list[BudgetSettings] = Field(default_factory=list)
    """How much there may be. With them `check` tells what costs more."""
