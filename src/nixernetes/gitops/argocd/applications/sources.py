"""Where an Application's manifests come from, and the tool that renders them (section 1.1)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator

from nixernetes.gitops.argocd.applications.validation import source_problem
from nixernetes.gitops.argocd.argo_resource import IntOrText
from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Bool, JsonMap, Many, StringMap, Text

__all__ = [
    "ApplicationSource",
    "DirectorySource",
    "HelmFileParameter",
    "HelmParameter",
    "HelmSource",
    "JsonnetSource",
    "JsonnetVariable",
    "KustomizePatch",
    "KustomizeReplica",
    "KustomizeSource",
    "KustomizeTarget",
    "PluginEnv",
    "PluginParameter",
    "PluginSource",
]


class HelmParameter(Spec):
    """A value as ``helm --set`` takes it."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"value"})

    name: Text | None = None
    value: Text | None = None
    force_string: Bool | None = None


class HelmFileParameter(Spec):
    """A value read from a file of the repository."""

    name: Text | None = None
    path: Text | None = None


class HelmSource(Spec):
    """How Helm renders the chart. ``values_object`` wins over ``values``."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"values", "values_object"})

    release_name: Text | None = None
    value_files: Many[Text] | None = None
    values: Text | None = None
    values_object: JsonMap | None = None
    parameters: Many[HelmParameter] | None = None
    file_parameters: Many[HelmFileParameter] | None = None
    version: Text | None = None
    pass_credentials: Bool | None = None
    ignore_missing_value_files: Bool | None = None
    skip_crds: Bool | None = None
    skip_tests: Bool | None = None
    skip_schema_validation: Bool | None = None
    namespace: Text | None = None
    kube_version: Text | None = None
    api_versions: Many[Text] | None = None

    @classmethod
    def shorthand(cls, fields: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the fields; ``values`` given as a mapping is a ``values_object``."""
        del info
        if isinstance(fields.get("values"), dict):
            if "values_object" in fields:
                raise ValueError("values and values_object are both given as mappings: give one")
            return {("values_object" if name == "values" else name): value for name, value in fields.items()}
        return fields


class KustomizeTarget(Spec):
    """What a patch applies to."""

    group: Text | None = None
    version: Text | None = None
    kind: Text | None = None
    name: Text | None = None
    namespace: Text | None = None
    label_selector: Text | None = None
    annotation_selector: Text | None = None


class KustomizePatch(Spec):
    """A patch, inline or in a file of the repository."""

    path: Text | None = None
    patch: Text | None = None
    target: KustomizeTarget | None = None
    options: dict[Text, Bool] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.path and not self.patch:
            raise ValueError("give the patch, or the path of its file")
        return self


class KustomizeReplica(Spec):
    """The replicas of a workload; ``count`` may be a placeholder in a template."""

    name: Text
    count: IntOrText


class KustomizeSource(Spec):
    """What Kustomize changes before it builds; ``images`` are ``[old=]new[:tag|@digest]``."""

    name_prefix: Text | None = None
    name_suffix: Text | None = None
    namespace: Text | None = None
    images: Many[Annotated[Text, Field(min_length=1)]] | None = None
    replicas: Many[KustomizeReplica] | None = None
    common_labels: StringMap | None = None
    common_annotations: StringMap | None = None
    common_annotations_envsubst: Bool | None = None
    force_common_labels: Bool | None = None
    force_common_annotations: Bool | None = None
    label_without_selector: Bool | None = None
    label_include_templates: Bool | None = None
    patches: Many[KustomizePatch] | None = None
    components: Many[Text] | None = None
    ignore_missing_components: Bool | None = None
    version: Text | None = None
    kube_version: Text | None = None
    api_versions: Many[Text] | None = None


class JsonnetVariable(Spec):
    """A variable of Jsonnet; with ``code`` its value is an expression."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"value"})

    name: Text
    value: Text
    code: Bool | None = None


class JsonnetSource(Spec):
    """How Jsonnet files are evaluated."""

    ext_vars: Many[JsonnetVariable] | None = None
    tlas: Many[JsonnetVariable] | None = None
    libs: Many[Text] | None = None


class DirectorySource(Spec):
    """Which files of a plain folder are read; ``include`` and ``exclude`` are globs."""

    recurse: Bool | None = None
    include: Text | None = None
    exclude: Text | None = None
    jsonnet: JsonnetSource | None = None
    disable_extension_filter: Bool | None = None


class PluginEnv(Spec):
    """A variable in the environment of a plugin."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"value"})

    name: Text
    value: Text


class PluginParameter(Spec):
    """A parameter of a plugin: text, a map or a list."""

    name: Text | None = None
    string: Text | None = None
    map: StringMap | None = None
    array: Many[Text] | None = None


class PluginSource(Spec):
    """A config management plugin; without a name it is found by discovery."""

    name: Text | None = None
    env: Many[PluginEnv] | None = None
    parameters: Many[PluginParameter] | None = None


class ApplicationSource(Spec):
    """A folder of a Git repository, an OCI artifact, or a chart of a Helm repository."""

    repo_url: Text
    path: Text | None = None
    target_revision: Text | None = None
    chart: Text | None = None
    ref: Text | None = None
    name: Text | None = None
    tag_prefix: Text | None = None
    helm: HelmSource | None = None
    kustomize: KustomizeSource | None = None
    directory: DirectorySource | None = None
    plugin: PluginSource | None = None

    @model_validator(mode="after")
    def _one_tool(self) -> Self:
        problem = source_problem({"path": ".", **self.data(), "repoURL": "-", "targetRevision": "-"}, several=False)
        if problem is not None:
            raise ValueError(problem)
        return self
