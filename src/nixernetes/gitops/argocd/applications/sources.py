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
    """The value's path: `image.tag`."""
    value: Text | None = None
    """The value, as text; it may use build variables such as `$ARGOCD_APP_NAME`."""
    force_string: Bool | None = None
    """Whether the value stays text even when it looks like a number or a boolean. Argo CD's default: False."""


class HelmFileParameter(Spec):
    """A value read from a file of the repository."""

    name: Text | None = None
    """The value's path: `config.text`."""
    path: Text | None = None
    """The file, relative to the chart."""


class HelmSource(Spec):
    """How Helm renders the chart. ``values_object`` wins over ``values``."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"values", "values_object"})

    release_name: Text | None = None
    """The release's name. Argo CD takes the Application's name for none."""
    value_files: Many[Text] | None = None
    """Values files, relative to the chart, or `$ref/path` in another source; later ones win."""
    values: Text | None = None
    """Values as YAML text, or as a mapping, which is written as `values_object`. They win over `value_files`."""
    values_object: JsonMap | None = None
    """Values as a mapping; they win over `values`."""
    parameters: Many[HelmParameter] | None = None
    """Single values, as `helm --set` has them; they win over everything else."""
    file_parameters: Many[HelmFileParameter] | None = None
    """Single values that are read from files, as `helm --set-file` has them."""
    version: Text | None = None
    """The version of Helm's templates: `v3`, the only one."""
    pass_credentials: Bool | None = None
    """Whether credentials are also sent to other hosts that the index names. Argo CD's default: False."""
    ignore_missing_value_files: Bool | None = None
    """Whether values files that do not exist are passed over. Argo CD's default: False."""
    skip_crds: Bool | None = None
    """Whether to leave out the chart's CRDs. Argo CD's default: False."""
    skip_tests: Bool | None = None
    """Whether to leave out the chart's tests. Argo CD's default: False."""
    skip_schema_validation: Bool | None = None
    """Whether to skip the check of values against the chart's schema. Argo CD's default: False."""
    namespace: Text | None = None
    """The namespace that templates see. Argo CD takes the destination's for none."""
    kube_version: Text | None = None
    """The Kubernetes version that templates see. Argo CD takes the cluster's for none."""
    api_versions: Many[Text] | None = None
    """The API versions that templates see. Argo CD takes the cluster's for none."""

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
    """The API group. Any when left out."""
    version: Text | None = None
    """The API version. Any when left out."""
    kind: Text | None = None
    """The kind. Any when left out."""
    name: Text | None = None
    """The name. Any when left out."""
    namespace: Text | None = None
    """The namespace. Any when left out."""
    label_selector: Text | None = None
    """Labels that the objects must have, as `kubectl -l` takes them: `app=web,tier!=db`."""
    annotation_selector: Text | None = None
    """Annotations that the objects must have, in the form of a label selector."""


class KustomizePatch(Spec):
    """A patch, inline or in a file of the repository."""

    path: Text | None = None
    """The file with the patch, relative to the source's folder."""
    patch: Text | None = None
    """The patch: a strategic-merge patch, or a list of JSON 6902 operations, as YAML or JSON text."""
    target: KustomizeTarget | None = None
    """The objects that are patched. A strategic-merge patch without a target is for the object that it names."""
    options: dict[Text, Bool] | None = None
    """Options of Kustomize: `allowNameChange`, `allowKindChange`."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if not self.path and not self.patch:
            raise ValueError("give the patch, or the path of its file")
        return self


class KustomizeReplica(Spec):
    """The replicas of a workload; ``count`` may be a placeholder in a template."""

    name: Text
    """The workload's name."""
    count: IntOrText
    """The number of replicas."""


class KustomizeSource(Spec):
    """What Kustomize changes before it builds; ``images`` are ``[old=]new[:tag|@digest]``."""

    name_prefix: Text | None = None
    """Text put before the name of every object."""
    name_suffix: Text | None = None
    """Text put after the name of every object."""
    namespace: Text | None = None
    """The namespace that every namespaced object is put into."""
    images: Many[Annotated[Text, Field(min_length=1)]] | None = None
    """Images to run: `[old=]new[:tag|@digest]`."""
    replicas: Many[KustomizeReplica] | None = None
    """The replicas of workloads."""
    common_labels: StringMap | None = None
    """Labels for every object, and for selectors unless `label_without_selector` is set."""
    common_annotations: StringMap | None = None
    """Annotations for every object."""
    common_annotations_envsubst: Bool | None = None
    """Whether build variables in `common_annotations` are replaced. Argo CD's default: False."""
    force_common_labels: Bool | None = None
    """Whether `common_labels` win over labels of the kustomization.yaml. Argo CD's default: False."""
    force_common_annotations: Bool | None = None
    """Whether `common_annotations` win over those of the kustomization.yaml. Argo CD's default: False."""
    label_without_selector: Bool | None = None
    """Whether `common_labels` stay out of selectors. Argo CD's default: False."""
    label_include_templates: Bool | None = None
    """Whether `common_labels` reach Pod templates too. For `label_without_selector`. Argo CD's default: False."""
    patches: Many[KustomizePatch] | None = None
    """Patches to apply."""
    components: Many[Text] | None = None
    """Kustomize components to add: folders relative to the source's folder."""
    ignore_missing_components: Bool | None = None
    """Whether components that do not exist are passed over. Argo CD's default: False."""
    version: Text | None = None
    """The version of Kustomize, one of those that Argo CD is set up with."""
    kube_version: Text | None = None
    """The Kubernetes version that charts in the kustomization see. Argo CD takes the cluster's for none."""
    api_versions: Many[Text] | None = None
    """The API versions that charts in the kustomization see. Argo CD takes the cluster's for none."""


class JsonnetVariable(Spec):
    """A variable of Jsonnet; with ``code`` its value is an expression."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"value"})

    name: Text
    """The variable's name."""
    value: Text
    """The value."""
    code: Bool | None = None
    """Whether the value is a Jsonnet expression. Argo CD's default: False, text."""


class JsonnetSource(Spec):
    """How Jsonnet files are evaluated."""

    ext_vars: Many[JsonnetVariable] | None = None
    """External variables: `std.extVar("name")`."""
    tlas: Many[JsonnetVariable] | None = None
    """Arguments of the file's function."""
    libs: Many[Text] | None = None
    """Folders to import from, relative to the repository's root."""


class DirectorySource(Spec):
    """Which files of a plain folder are read; ``include`` and ``exclude`` are globs."""

    recurse: Bool | None = None
    """Whether folders below count too. Argo CD's default: False."""
    include: Text | None = None
    """A glob for the files to read: `*.yaml`, `{a,b}.yaml`. All when left out."""
    exclude: Text | None = None
    """A glob for the files to leave out; it wins over `include`."""
    jsonnet: JsonnetSource | None = None
    """How Jsonnet files are evaluated."""
    disable_extension_filter: Bool | None = None
    """Whether files with other endings than yaml, yml, json and jsonnet are read too. Argo CD's default: False."""


class PluginEnv(Spec):
    """A variable in the environment of a plugin."""

    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"value"})

    name: Text
    """The variable's name; the plugin sees it with `ARGOCD_ENV_` before it."""
    value: Text
    """The variable's value; it may use build variables."""


class PluginParameter(Spec):
    """A parameter of a plugin: text, a map or a list."""

    name: Text | None = None
    """The parameter's name."""
    string: Text | None = None
    """The value, as text."""
    map: StringMap | None = None
    """The value, as a mapping."""
    array: Many[Text] | None = None
    """The value, as a list."""


class PluginSource(Spec):
    """A config management plugin; without a name it is found by discovery."""

    name: Text | None = None
    """The plugin's name. Argo CD asks every plugin whether the folder is one of its own when left out."""
    env: Many[PluginEnv] | None = None
    """Variables for the plugin."""
    parameters: Many[PluginParameter] | None = None
    """Parameters for the plugin."""


class ApplicationSource(Spec):
    """A folder of a Git repository, an OCI artifact, or a chart of a Helm repository."""

    repo_url: Text
    """The URL of the Git repository, chart repository or OCI registry."""
    path: Text | None = None
    """The folder of the repository. Instead of `chart`."""
    target_revision: Text | None = None
    """The branch, tag, commit or range of versions; for a chart its version. Argo CD takes `HEAD` for none."""
    chart: Text | None = None
    """The chart's name in a Helm repository. Instead of `path`."""
    ref: Text | None = None
    """A name for this source, so that the values files of others can be read from it: `$ref/values.yaml`."""
    name: Text | None = None
    """What the web page calls this source, where there are several."""
    tag_prefix: Text | None = None
    """Only tags that begin so count for a range of versions, and it is left out of the comparison."""
    helm: HelmSource | None = None
    """How Helm renders the chart."""
    kustomize: KustomizeSource | None = None
    """What Kustomize changes."""
    directory: DirectorySource | None = None
    """How a plain folder is read."""
    plugin: PluginSource | None = None
    """The plugin that renders."""

    @model_validator(mode="after")
    def _one_tool(self) -> Self:
        problem = source_problem({"path": ".", **self.data(), "repoURL": "-", "targetRevision": "-"}, several=False)
        if problem is not None:
            raise ValueError(problem)
        return self
