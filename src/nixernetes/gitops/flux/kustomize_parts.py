"""What Kustomizations and post-renderers share: patches, images, selectors, metadata for all objects."""

from __future__ import annotations

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import CommonAnnotations, CommonLabels, Many, Text

__all__ = ["CommonMetadata", "IgnoreRule", "Image", "Patch", "Selector"]


class Selector(Spec):
    """Objects; group, version, kind, namespace and name are regular expressions that match the whole."""

    group: Text | None = None
    """The API group. Any when left out."""
    version: Text | None = None
    """The API version. Any when left out."""
    kind: Text | None = None
    """The kind. Any when left out."""
    namespace: Text | None = None
    """The namespace. Any when left out."""
    name: Text | None = None
    """The name. Any when left out."""
    annotation_selector: Text | None = None
    """Annotations that the objects must have, in the form of a label selector: `team=web,tier!=db`."""
    label_selector: Text | None = None
    """Labels that the objects must have, as `kubectl -l` takes them: `app=web,tier!=db`."""


class Patch(Spec):
    """A strategic-merge or JSON 6902 patch, as YAML or JSON text, for the object that it names or the target."""

    patch: Text
    """The patch: a strategic-merge patch, or a list of JSON 6902 operations, as YAML or JSON text."""
    target: Selector | None = None
    """The objects that are patched. A strategic-merge patch without a target is for the object that it names."""


class Image(Spec):
    """Another name, tag or digest for an image."""

    name: Text
    """The image as the manifests name it, without a tag."""
    new_name: Text | None = None
    """The image to run instead. The name stays when left out."""
    new_tag: Text | None = None
    """The tag to run. The tag stays when left out."""
    digest: Text | None = None
    """The digest to run, `sha256:...`; it wins over `new_tag`."""


class CommonMetadata(Spec):
    """Labels and annotations for all objects; they win over the objects' own."""

    labels: CommonLabels | None = None
    """Labels for every object."""
    annotations: CommonAnnotations | None = None
    """Annotations for every object."""


class IgnoreRule(Spec):
    """Fields (JSON pointers) whose drift is ignored, in the objects of the target or in all."""

    paths: Many[Text]
    """JSON pointers of the fields: `/spec/replicas`."""
    target: Selector | None = None
    """The objects that the rule is for. All when left out."""
