"""Value files that helm-secrets decrypts for Argo CD: ``secrets://path``, and forms that bring a key along."""

from __future__ import annotations

from typing import Final

from nixernetes.objects.manifest import Json

__all__ = ["encrypted_files", "encrypted_path"]

_SCHEMES: Final = (
    "secrets",
    "secrets+gpg-import",
    "secrets+gpg-import-kubernetes",
    "secrets+age-import",
    "secrets+age-import-kubernetes",
)


def encrypted_path(name: str) -> str:
    """Return the path of the file that a name of helm-secrets stands for; ``""`` for any other name.

    What brings a key along names it first: ``secrets+age-import:///key.txt?values.yaml``.
    """
    scheme, sign, rest = name.partition("://")
    if not sign or scheme not in _SCHEMES:
        return ""
    return rest if scheme == "secrets" else rest.partition("?")[2]


def encrypted_files(source: Json) -> list[str]:
    """Return the value files of a source that helm-secrets decrypts, as they are named."""
    helm = source.get("helm")
    names = helm.get("valueFiles") if isinstance(helm, dict) else None
    return [name for name in names or [] if isinstance(name, str) and encrypted_path(name)]
