"""Kustomize in process: a folder of a tree into manifests, equal to ``kustomize build``.

Promise: the documents of Kustomize 5 in its order, each with its origin; errors in its words, with file and line.
Ban: no I/O, no plugin that runs code, nothing from outside the tree. ``build`` is the way in.
"""

from nixernetes.render.kustomize.build import build
from nixernetes.render.kustomize.failures import KustomizeError
from nixernetes.render.kustomize.loader import DocumentCache
from nixernetes.render.kustomize.options import BuildOptions

__all__ = ["BuildOptions", "DocumentCache", "KustomizeError", "build"]
