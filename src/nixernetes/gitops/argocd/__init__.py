"""The Argo CD half of the vocabulary, and the logic of its documents: permissions, globs, sync windows.

Promise: values in, values out; what a real Argo CD would answer. Ban: no I/O, no clock, nothing of the engine.
The kinds are also in ``nixernetes.gitops``; the types of nested values (which may be given as dicts) are only here.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
