"""A platform as one YAML stream: each manifest under the path that it is built to."""

from __future__ import annotations

from nixernetes.gitops.layout.compiler import declared_manifests
from nixernetes.gitops.platform import Platform
from nixernetes.objects import yamls
from nixernetes.objects.masking import mask_change

__all__ = ["yaml_text"]


def yaml_text(platform: Platform, *, secrets: bool) -> str:
    """Return the manifests of a platform that follow from what is declared in Python.

    Args:
        platform: the platform.
        secrets: whether the values of Secrets are shown.

    Raises:
        PlatformError: everything that is wrong with the platform.

    """
    found = declared_manifests(platform)
    shown = {path: each if secrets else mask_change(each, each)[0] for path, each in found.items()}
    return "---\n".join(f"# {path}\n{yamls.dump(manifest)}" for path, manifest in shown.items())
