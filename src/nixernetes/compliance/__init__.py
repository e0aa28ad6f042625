"""Compliance: labels and profiles that people declare, controls of frameworks as data, and their assessment.

``from nixernetes import compliance`` costs nothing: each name in ``__init__.pyi`` is loaded when it is first used.
Pure: objects in, reports out; no disk, no network, no clock. The day of an assessment is an argument.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
