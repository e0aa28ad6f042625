"""For tests of platforms and repositories: run them on a virtual clock, render them, and fakes of what is outside.

Promise: the names in ``__init__.pyi`` stay. Ban: nothing here is needed by the product itself.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
