"""What may stand in ``nixernetes.yaml``: names as they are written there, in camel case, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel

from nixernetes.errors import InputError
from nixernetes.languages import quantities
from nixernetes.objects.durations import nanoseconds
from nixernetes.objects.manifest import Json

__all__ = [
    "AssumptionSettings",
    "BudgetSettings",
    "ClusterSettings",
    "CostSettings",
    "ExceptionSettings",
    "NodeMarkerSettings",
    "NodePoolSettings",
    "NodeSettings",
    "NodeTaintSettings",
    "RepositorySettings",
    "SuppliedValues",
    "WaiverSettings",
]

_VERSION: Final = re.compile(r"v?1\.\d{1,3}(\.\d{1,3})?\Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")


def _version(text: str) -> str:
    if not _VERSION.match(text):
        raise ValueError('not a Kubernetes version: write it as "1.34", in quotes')
    return text


def _inside(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("not a folder of the repository: write a path relative to it")
    return path.strip("/") or "."


def _quantity(value: Json) -> Json:
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if isinstance(text, str):
        try:
            quantities.parse(text)
        except InputError as error:
            raise ValueError(error.message) from error
    return text


def _span(value: Json) -> Json:
    try:
        if isinstance(value, str) and nanoseconds(value) > 0:
            return value
    except ValueError:
        pass
    raise ValueError("not a duration: write it as 6m or 1h30m")


def _money(value: Json) -> Json:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _day(value: Json) -> Json:
    if isinstance(value, str) and _DAY.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("not a day: write it as 2026-12-31")


def _weight(value: Json) -> Json:
    """Read ``off``, which YAML takes for a boolean."""
    return "off" if value is False else value


KubeVersion: TypeAlias = Annotated[
    str, AfterValidator(_version), Field(examples=["1.34"], description="A Kubernetes version, in quotes.")
]
Folder: TypeAlias = Annotated[str, AfterValidator(_inside)]
Amount: TypeAlias = Annotated[
    str, BeforeValidator(_quantity), WithJsonSchema({"type": ["string", "number"], "examples": ["500m", "16Gi"]})
]
Weight: TypeAlias = Annotated[Literal["error", "warning", "info", "off"], BeforeValidator(_weight)]
NodeCount: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]
Span: TypeAlias = Annotated[str, BeforeValidator(_span), Field(examples=["6m"])]
Money: TypeAlias = Annotated[
    str, BeforeValidator(_money), WithJsonSchema({"type": ["string", "number"], "examples": ["500 USD", "10 %"]})
]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]


class _Model(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, alias_generator=to_camel, use_attribute_docstrings=True
    )


class NodeTaintSettings(_Model):
    """A taint of the nodes of a pool."""

    key: str
    """The key."""
    value: str = ""
    """The value."""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
    """What it does to pods that do not tolerate it."""


class NodeSettings(_Model):
    """Nodes that are alike, and how many of them there are."""

    count: NodeCount
    """How many there are."""
    name: str = ""
    """What they are called, for messages."""
    labels: Mapping[str, str] = Field(default_factory=dict)
    """Their labels; those that a kubelet sets by itself need not be given."""
    taints: list[NodeTaintSettings] = Field(default_factory=list)
    """Their taints."""


class NodePoolSettings(_Model):
    """Nodes of one kind."""

    name: str
    """The name of the pool."""
    count: NodeCount | None = None
    """How many nodes it has: what DaemonSets cost depends on it."""
    labels: Mapping[str, str] = Field(default_factory=dict)
    """The labels of its nodes; those that a kubelet sets by itself need not be given."""
    taints: list[NodeTaintSettings] = Field(default_factory=list)
    """The taints of its nodes."""
    allocatable: Mapping[str, Amount] = Field(default_factory=dict)
    """What one node has for pods: `cpu`, `memory`, `nvidia.com/gpu` and so on. What is not given is not compared."""


class ClusterSettings(_Model):
    """What is known of a cluster."""

    folder: Folder = ""
    """The folder of the repository that starts it. Once one cluster has a folder, only those that have one start."""
    kube_version: KubeVersion | None = None
    """Its Kubernetes version: what charts are told, and whose schemas its objects are held against."""
    api_versions: list[str] | None = None
    """API versions that charts are told of besides those that helm knows, as `monitoring.coreos.com/v1`."""
    node_pools: list[NodePoolSettings] = Field(default_factory=list)
    """Its nodes. With them `check` tells pods that fit on none."""
    nodes: list[NodeSettings] = Field(default_factory=list)
    """Its nodes, counted, where nobody cares for pools: DaemonSets cost what runs on them."""
    region: str = ""
    """Its region, as the price book names it."""
    instance_class: str = ""
    """The class of its nodes, where all have one, as the price book names it."""
    storage_class: str = ""
    """The StorageClass of claims that name none, where no StorageClass of the repository is marked as that."""
    environment: str = ""
    """What it is for, as `production`: costs are summed by it. Left out, its name."""
    owner: str = ""
    """Who pays for what names no owner on it."""


class SuppliedValues(_Model):
    """A ConfigMap or Secret that something outside of Git makes."""

    kind: Literal["ConfigMap", "Secret"]
    """Which of the two."""
    name: str
    """Its name."""
    namespace: str = ""
    """Its namespace; when left out it stands for its name in every namespace."""
    data: Mapping[str, str]
    """Its keys and values, in plain text. Of a Secret, write what stands for the real values."""


class ExceptionSettings(_Model):
    """Findings that somebody accepts, and why."""

    rule: str
    """The rule."""
    object: str = ""
    """Only findings about this object, as `Kind/namespace/name`."""
    path: str = ""
    """Only findings in these files: a pattern as in a `.gitignore`."""
    reason: Annotated[str, Field(min_length=1)]
    """Why they are accepted."""
    until: Day | None = None
    """The last day on which they are accepted; after it they are back."""

    @model_validator(mode="after")
    def _is_bounded(self) -> ExceptionSettings:
        if not (self.object or self.path):
            raise ValueError(
                "names neither object nor path: give one; severities: {RULE: off} switches a whole rule off"
            )
        return self


class AssumptionSettings(_Model):
    """What no manifest says, and is taken for granted when costs are estimated."""

    job_duration: Span | None = None
    """How long a run of a Job or CronJob takes, as `6m`. Without it they are shown and not added."""
    job_durations: Mapping[str, Span] = Field(default_factory=dict)
    """The same of single ones, by `CronJob/namespace/name`."""


class NodeMarkerSettings(_Model):
    """A label or taint by which nodes are known."""

    key: str
    """The key."""
    value: str
    """The value."""


class WaiverSettings(_Model):
    """Somebody answers for more than a budget allows."""

    owner: Annotated[str, Field(min_length=1)]
    """Who."""
    reason: Annotated[str, Field(min_length=1)]
    """Why."""
    until: Day | None = None
    """The last day on which it holds."""


class BudgetSettings(_Model):
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


class CostSettings(_Model):
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


def _form(value: object) -> str:
    return "file" if isinstance(value, str) else "object"


class RepositorySettings(_Model):
    """The settings of a repository."""

    kube_version: KubeVersion | None = None
    """The Kubernetes version of all clusters that do not name their own."""
    api_versions: list[str] | None = None
    """API versions that the charts of all clusters are told of that do not name their own."""
    clusters: Mapping[str, ClusterSettings] = Field(default_factory=dict)
    """Clusters by name."""
    sources: Mapping[str, str] = Field(default_factory=dict)
    """What stands on this machine for something remote: URL to path, relative to this file."""
    values: list[
        Annotated[Annotated[str, Tag("file")] | Annotated[SuppliedValues, Tag("object")], Discriminator(_form)]
    ] = Field(default_factory=list)
    """ConfigMaps and Secrets that bootstrap, Terraform or an operator supplies: files, or written here."""
    schemas: list[str] = Field(default_factory=list)
    """Folders with definitions of custom kinds, relative to this file."""
    policies: list[str] = Field(default_factory=list)
    """Files and folders with policies of Kyverno that every cluster is held to, relative to this file."""
    severities: Mapping[str, Weight] = Field(default_factory=dict)
    """How much the findings of a rule matter."""
    exceptions: list[ExceptionSettings] = Field(default_factory=list)
    """Findings that are accepted."""
    cost: CostSettings | None = None
    """Prices and budgets."""
