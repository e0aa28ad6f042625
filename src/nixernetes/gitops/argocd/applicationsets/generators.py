"""The generators of an ApplicationSet: where the parameters of its Applications come from (section 14.2).

Matrix and merge hold generators, of which one may again be a matrix or merge: Argo CD nests them once.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, ValidationInfo, model_validator

from nixernetes.gitops.argocd.applicationsets.generator_parts import ApplicationSetTemplate, LabelSelector
from nixernetes.gitops.argocd.applicationsets.pull_request import PullRequestGenerator
from nixernetes.gitops.argocd.applicationsets.scm_provider import ScmProviderGenerator
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, Int, JsonMap, JsonValue, Many, StringMap, Text

__all__ = [
    "ClusterDecisionResourceGenerator",
    "ClustersGenerator",
    "Generator",
    "GitDirectory",
    "GitFile",
    "GitGenerator",
    "ListGenerator",
    "MatrixGenerator",
    "MergeGenerator",
    "PluginConfigMap",
    "PluginGenerator",
    "PluginInput",
]


class ListGenerator(Spec):
    """Parameters written out, as a list or as YAML (which may hold placeholders)."""

    elements: Many[JsonValue] | None = None
    elements_yaml: Text | None = None
    template: ApplicationSetTemplate | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.elements is None and self.elements_yaml is None:
            raise ValueError("give elements or elements_yaml")
        return self


class ClustersGenerator(Spec):
    """The clusters that Argo CD knows; with a selector those whose Secret has the labels."""

    selector: LabelSelector | None = None
    values: StringMap | None = None
    flat_list: Bool | None = None
    template: ApplicationSetTemplate | None = None


class GitDirectory(Spec):
    """Folders by glob, or what not to take."""

    path: Text
    exclude: Bool | None = None


class GitFile(Spec):
    """JSON or YAML files by glob, or what not to take."""

    path: Text
    exclude: Bool | None = None


class GitGenerator(Spec):
    """Folders, or the contents of files, of a Git repository."""

    repo_url: Text
    revision: Text
    directories: Many[GitDirectory] | None = None
    files: Many[GitFile] | None = None
    path_param_prefix: Text | None = None
    values: StringMap | None = None
    requeue_after_seconds: Int | None = None
    template: ApplicationSetTemplate | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.directories and not self.files:
            raise ValueError("give directories or files")
        return self


class ClusterDecisionResourceGenerator(Spec):
    """Clusters that an object of another kind has decided for; the ConfigMap says which kind."""

    config_map_ref: Text
    name: Text | None = None
    label_selector: LabelSelector | None = None
    values: StringMap | None = None
    requeue_after_seconds: Int | None = None
    template: ApplicationSetTemplate | None = None


class PluginConfigMap(Spec):
    """The ConfigMap with the address of the plugin and the key of its token."""

    name: Text


class PluginInput(Spec):
    """What the plugin is asked."""

    parameters: JsonMap | None = None


class PluginGenerator(Spec):
    """Parameters that a service of your own answers."""

    config_map_ref: PluginConfigMap
    input: PluginInput | None = None
    values: StringMap | None = None
    requeue_after_seconds: Int | None = None
    template: ApplicationSetTemplate | None = None


class MatrixGenerator(Spec):
    """Every combination of two generators; the second may use the parameters of the first."""

    generators: Annotated[Many[Generator], Field(min_length=2)]
    template: ApplicationSetTemplate | None = None

    @model_validator(mode="after")
    def _two(self) -> Self:
        if len(self.generators) != 2:
            raise ValueError(f"generators: has {len(self.generators)}: a matrix combines exactly two")
        _not_deeper(self.generators)
        return self


class MergeGenerator(Spec):
    """The first generator's parameters, overridden by the others' where the merge keys are equal."""

    generators: Annotated[Many[Generator], Field(min_length=2)]
    merge_keys: Annotated[Many[Text], Field(min_length=1)]
    template: ApplicationSetTemplate | None = None

    @model_validator(mode="after")
    def _depth(self) -> Self:
        _not_deeper(self.generators)
        return self


_KINDS = (
    "list",
    "clusters",
    "git",
    "scm_provider",
    "pull_request",
    "cluster_decision_resource",
    "plugin",
    "matrix",
    "merge",
)


class Generator(Spec):
    """One generator; the selector keeps the sets of parameters that fit."""

    list: ListGenerator | None = None
    clusters: ClustersGenerator | None = None
    git: GitGenerator | None = None
    scm_provider: ScmProviderGenerator | None = None
    pull_request: PullRequestGenerator | None = None
    cluster_decision_resource: ClusterDecisionResourceGenerator | None = None
    plugin: PluginGenerator | None = None
    matrix: MatrixGenerator | None = None
    merge: MergeGenerator | None = None
    selector: LabelSelector | None = None

    @model_validator(mode="after")
    def _one(self, info: ValidationInfo) -> Self:
        given = [name for name in _KINDS if self.__dict__[name] is not None]
        if len(given) != 1 and not (info.context or {}).get("manifest"):
            raise ValueError(f"give exactly one of {', '.join(_KINDS)}, not {' and '.join(given) or 'none'}")
        return self


def _not_deeper(generators: tuple[Generator, ...]) -> None:
    """Refuse a matrix or merge inside of one that is itself inside of one."""
    for child in generators:
        inner = child.matrix or child.merge
        for grandchild in inner.generators if inner is not None else ():
            if grandchild.matrix is not None or grandchild.merge is not None:
                raise ValueError("generators: a matrix or merge in a matrix or merge can hold no third one")


MatrixGenerator.model_rebuild()
MergeGenerator.model_rebuild()
