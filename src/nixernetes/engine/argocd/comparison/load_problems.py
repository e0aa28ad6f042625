"""Why what an Application wants cannot be loaded, in the words of Argo CD's controller, which asks its repo-server."""

from __future__ import annotations

from nixernetes.errors import NixernetesError
from nixernetes.render.argocd.applications import SourceError

__all__ = ["load_problem"]

# What ``reposerver/repository/repository.go`` of Argo CD 3.5 answers with the code FailedPrecondition.
_PRECONDITIONS = ("Failed to unmarshal", "Failed to evaluate jsonnet", "Failed to open", "Found multiple objects")


def load_problem(error: NixernetesError) -> str:
    """Return the text of a failure; that of a source says which it was, and that the repo-server told."""
    if not isinstance(error, SourceError):
        return error.message
    told, code = error.error.message, "Unknown"
    if told.startswith(_PRECONDITIONS):
        code, told = "FailedPrecondition", str(error.error)  # it says in which line of the file
    return f"{error.which}: rpc error: code = {code} desc = {told}"
