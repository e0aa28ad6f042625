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
    """The sets of parameters."""
    elements_yaml: Text | None = None
    """The sets of parameters as YAML text, which may hold placeholders."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.elements is None and self.elements_yaml is None:
            raise ValueError("give elements or elements_yaml")
        return self


class ClustersGenerator(Spec):
    """The clusters that Argo CD knows; with a selector those whose Secret has the labels."""

    selector: LabelSelector | None = None
    """Labels that the Secrets of the clusters must have. Every cluster when left out."""
    values: StringMap | None = None
    """More parameters: `values.<name>`."""
    flat_list: Bool | None = None
    """Whether there is one set of parameters, with all clusters in a list. Argo CD's default: False."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""


class GitDirectory(Spec):
    """Folders by glob, or what not to take."""

    path: Text
    """The glob: `apps/*`."""
    exclude: Bool | None = None
    """Whether these folders are left out; it wins over the others. Argo CD's default: False."""


class GitFile(Spec):
    """JSON or YAML files by glob, or what not to take."""

    path: Text
    """The glob: `clusters/**/config.json`."""
    exclude: Bool | None = None
    """Whether these files are left out; it wins over the others. Argo CD's default: False."""


class GitGenerator(Spec):
    """Folders, or the contents of files, of a Git repository."""

    repo_url: Text
    """The URL of the repository."""
    revision: Text
    """The branch, tag or commit."""
    directories: Many[GitDirectory] | None = None
    """Folders; each that fits is a set of parameters."""
    files: Many[GitFile] | None = None
    """JSON or YAML files; each that fits is a set of parameters."""
    path_param_prefix: Text | None = None
    """What stands before `path` in the names of the parameters, to tell two of these apart."""
    values: StringMap | None = None
    """More parameters: `values.<name>`."""
    requeue_after_seconds: Int | None = None
    """How often to look, in seconds. Argo CD's default: 180."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.directories and not self.files:
            raise ValueError("give directories or files")
        return self


class ClusterDecisionResourceGenerator(Spec):
    """Clusters that an object of another kind has decided for; the ConfigMap says which kind."""

    config_map_ref: Text
    """The ConfigMap that says which kind has decided."""
    name: Text | None = None
    """The name of the object that has decided. Instead of `label_selector`."""
    label_selector: LabelSelector | None = None
    """Labels of the objects that have decided."""
    values: StringMap | None = None
    """More parameters: `values.<name>`."""
    requeue_after_seconds: Int | None = None
    """How often to look, in seconds. Argo CD's default: 180."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""


class PluginConfigMap(Spec):
    """The ConfigMap with the address of the plugin and the key of its token."""

    name: Text
    """The ConfigMap's name."""


class PluginInput(Spec):
    """What the plugin is asked."""

    parameters: JsonMap | None = None
    """What the service is sent."""


class PluginGenerator(Spec):
    """Parameters that a service of your own answers."""

    config_map_ref: PluginConfigMap
    """The ConfigMap with the URL of the service and the key of its token."""
    input: PluginInput | None = None
    """What the service is asked."""
    values: StringMap | None = None
    """More parameters: `values.<name>`."""
    requeue_after_seconds: Int | None = None
    """How often to look, in seconds. Argo CD's default: 1800."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""


class MatrixGenerator(Spec):
    """Every combination of two generators; the second may use the parameters of the first."""

    generators: Annotated[Many[Generator], Field(min_length=2)]
    """The two generators; the second may use parameters of the first."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""

    @model_validator(mode="after")
    def _two(self) -> Self:
        if len(self.generators) != 2:
            raise ValueError(f"generators: has {len(self.generators)}: a matrix combines exactly two")
        _not_deeper(self.generators)
        return self


class MergeGenerator(Spec):
    """The first generator's parameters, overridden by the others' where the merge keys are equal."""

    generators: Annotated[Many[Generator], Field(min_length=2)]
    """The generators; later ones override parameters of the first."""
    merge_keys: Annotated[Many[Text], Field(min_length=1)]
    """The parameters that tell which sets belong together."""
    template: ApplicationSetTemplate | None = None
    """What the Applications of this generator have in another way."""

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
    """Parameters written out."""
    clusters: ClustersGenerator | None = None
    """The clusters that Argo CD knows."""
    git: GitGenerator | None = None
    """Folders or files of a Git repository."""
    scm_provider: ScmProviderGenerator | None = None
    """The repositories of an organisation."""
    pull_request: PullRequestGenerator | None = None
    """The open pull requests of a repository."""
    cluster_decision_resource: ClusterDecisionResourceGenerator | None = None
    """Clusters that another controller has decided for."""
    plugin: PluginGenerator | None = None
    """What a service of your own answers."""
    matrix: MatrixGenerator | None = None
    """Every combination of two generators."""
    merge: MergeGenerator | None = None
    """The sets of several generators, put together."""
    selector: LabelSelector | None = None
    """Labels, in the form of parameters, that a set must have to count."""

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
