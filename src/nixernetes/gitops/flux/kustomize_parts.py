"""What Kustomizations and post-renderers share: patches, images, selectors, metadata for all objects."""

from __future__ import annotations

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Annotations, Labels, Many, Text

__all__ = ["CommonMetadata", "IgnoreRule", "Image", "Patch", "Selector"]


class Selector(Spec):
    """Objects; group, version, kind, namespace and name are regular expressions that match the whole."""

    group: Text | None = None
    version: Text | None = None
    kind: Text | None = None
    namespace: Text | None = None
    name: Text | None = None
    annotation_selector: Text | None = None
    label_selector: Text | None = None


class Patch(Spec):
    """A strategic-merge or JSON 6902 patch, as YAML or JSON text, for the object that it names or the target."""

    patch: Text
    target: Selector | None = None


class Image(Spec):
    """Another name, tag or digest for an image."""

    name: Text
    new_name: Text | None = None
    new_tag: Text | None = None
    digest: Text | None = None


class CommonMetadata(Spec):
    """Labels and annotations for all objects; they win over the objects' own."""

    labels: Labels | None = None
    annotations: Annotations | None = None


class IgnoreRule(Spec):
    """Fields (JSON pointers) whose drift is left alone, in the objects of the target or in all."""

    paths: Many[Text]
    target: Selector | None = None
