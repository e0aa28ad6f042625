"""Flux Operator's ResourceSets: objects made from templates, one set for each input.

Pure: ConfigMaps, Secrets and ResourceSetInputProviders are asked for from the objects around. Work and memory are
bounded. Only inputs that are written in the repository are known: providers that ask a service are refused by name.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
