"""GitOps platforms declared in Python: built, proved and run for Flux v2 and Argo CD.

``from nixernetes import gitops`` is where a platform starts; ``nixernetes --help`` is where it runs.
"""

from nixernetes._version import __version__

__all__ = ["__version__"]
