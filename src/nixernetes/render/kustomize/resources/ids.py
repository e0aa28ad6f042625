"""Identities as Kustomize has them: group, version and kind; name; namespace; and how it spells them."""

from __future__ import annotations

from typing import NamedTuple

from nixernetes.objects.manifest import Json

__all__ = ["NOT_A_NAMESPACE", "Gvk", "ResId", "group_version"]

NOT_A_NAMESPACE = "_non_namespaceable_"


class Gvk(NamedTuple):
    """A group, version and kind; as a selector an empty part matches anything."""

    group: str = ""
    version: str = ""
    kind: str = ""

    @property
    def api_version(self) -> str:
        """The group and version as one text."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def selects(self, other: Gvk) -> bool:
        """Tell whether the other has all parts that this one gives."""
        return self.kind in ("", other.kind) and self.group in ("", other.group) and self.version in ("", other.version)

    def __str__(self) -> str:
        return f"{self.kind or '[noKind]'}.{self.version or '[noVer]'}.{self.group or '[noGrp]'}"


class ResId(NamedTuple):
    """The identity of a resource; ``cluster_scoped`` only when the OpenAPI data says so with certainty."""

    gvk: Gvk
    name: str = ""
    namespace: str = ""
    cluster_scoped: bool = False

    @property
    def effective_namespace(self) -> str:
        """The namespace for comparisons: never empty."""
        if self.cluster_scoped:
            return NOT_A_NAMESPACE
        return self.namespace or "default"

    @property
    def key(self) -> tuple[Gvk, str, str]:
        """What makes two identities equal."""
        return self.gvk, self.name, self.effective_namespace

    def is_selected_by(self, selector: ResId) -> bool:
        """Tell whether a selector, whose empty parts match anything, selects this identity."""
        return (
            selector.name in ("", self.name)
            and (not selector.namespace or selector.effective_namespace == self.effective_namespace)
            and selector.gvk.selects(self.gvk)
        )

    def __str__(self) -> str:
        return f"{self.gvk}/{self.name or '[noName]'}.{self.namespace or '[noNs]'}"


def group_version(api_version: Json) -> tuple[str, str]:
    """Split at the first slash: ``apps/v1`` gives ``("apps", "v1")``, ``v1`` gives ``("", "v1")``."""
    text = api_version if isinstance(api_version, str) else ""
    group, slash, version = text.partition("/")
    return (group, version) if slash else ("", text)
