"""Kyverno: what users write as policies, and what policies say of objects. Pure: no disk, no network, no clock.

``from nixernetes import kyverno`` costs nothing: each name in ``names.pyi`` is loaded when it is first used.
``kyverno.PolicyException`` is the kind of policies.kyverno.io, ``kyverno.RuleException`` that of kyverno.io.
"""

from __future__ import annotations

from nixernetes.gitops import _public

__getattr__, __dir__, __all__ = _public(__name__, __path__[0])
