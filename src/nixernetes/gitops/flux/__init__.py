"""Flux v2: every kind, every field, every rule of its CustomResourceDefinitions, refused where Flux would refuse.

Promise: what can be built here is what the API server admits. Ban: no I/O; what controllers do is the engine's.
The kinds are also in ``nixernetes.gitops``; the types of nested values (which may be given as dicts) are only here.
"""

from __future__ import annotations

from nixernetes.gitops import _public

__getattr__, __dir__, __all__ = _public(__name__, __path__[0])
