"""The Argo CD half of the vocabulary, and the logic of its documents: permissions, globs, sync windows.

Promise: values in, values out; what a real Argo CD would answer. Ban: no I/O, no clock, nothing of the engine.
The kinds are also in ``nixernetes.gitops``; the types of nested values (which may be given as dicts) are only here.
"""

from __future__ import annotations

from nixernetes.gitops import _public

__getattr__, __dir__, __all__ = _public(__name__, __path__[0])
