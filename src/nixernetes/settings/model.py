"""What may stand in ``nixernetes.yaml``: names as they are written there, in camel case, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import (
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from nixernetes.settings.compliance_model import ComplianceSettings
from nixernetes.settings.cost_model import CostSettings
from nixernetes.settings.forms import Amount, Day, Folder, KubeVersion, NodeCount, SettingsModel, Weight

__all__ = [
    "ClusterSettings",
    "ExceptionSettings",
    "NodePoolSettings",
    "NodeSettings",
    "NodeTaintSettings",
    "RepositorySettings",
    "SuppliedValues",
]


class NodeTaintSettings(SettingsModel):
    """A taint of the nodes of a pool."""

    key: str
    """The key."""
    value: str = ""
    """The value."""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
    """What it does to pods that do not tolerate it."""


class NodeSettings(SettingsModel):
    """Nodes that are alike, and how many of them there are."""

    count: NodeCount
    """How many there are."""
    name: str = ""
    """What they are called, for messages."""
    labels: Mapping[str, str] = Field(default_factory=dict)
    """Their labels; those that a kubelet sets by itself need not be given."""
    taints: list[NodeTaintSettings] = Field(default_factory=list)
    """Their taints."""


class NodePoolSettings(SettingsModel):
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


class ClusterSettings(SettingsModel):
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


class SuppliedValues(SettingsModel):
    """A ConfigMap or Secret that something outside of Git makes."""

    kind: Literal["ConfigMap", "Secret"]
    """Which of the two."""
    name: str
    """Its name."""
    namespace: str = ""
    """Its namespace; when left out it stands for its name in every namespace."""
    data: Mapping[str, str]
    """Its keys and values, in plain text. Of a Secret, write what stands for the real values."""


class ExceptionSettings(SettingsModel):
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


def _form(value: object) -> str:
    return "file" if isinstance(value, str) else "object"


class RepositorySettings(SettingsModel):
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
    compliance: ComplianceSettings | None = None
    """What is promised, and what controls are assessed with."""
