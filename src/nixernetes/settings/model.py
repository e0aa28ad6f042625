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
from nixernetes.objects.manifest import Json

__all__ = [
    "ClusterSettings",
    "ExceptionSettings",
    "NodePoolSettings",
    "NodeTaintSettings",
    "RepositorySettings",
    "SuppliedValues",
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


class NodePoolSettings(_Model):
    """Nodes of one kind."""

    name: str
    """The name of the pool."""
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
    severities: Mapping[str, Weight] = Field(default_factory=dict)
    """How much the findings of a rule matter."""
    exceptions: list[ExceptionSettings] = Field(default_factory=list)
    """Findings that are accepted."""
