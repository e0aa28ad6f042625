"""Which namespaces may use a source."""

from __future__ import annotations

from nixernetes.gitops.spec import Spec
from nixernetes.gitops.values import Many, StringMap

__all__ = ["AccessFrom", "NamespaceSelector"]


class NamespaceSelector(Spec):
    """Namespaces with these labels; all when it is empty."""

    match_labels: StringMap | None = None
    """Labels that the namespace must have; all of them. Every namespace when left out."""


class AccessFrom(Spec):
    """Namespaces that match any of the selectors."""

    namespace_selectors: Many[NamespaceSelector]
    """Which namespaces may use the object; one of the selectors must match."""
