"""What a platform costs a month: price books, estimates, causes of changes, budgets. Decimal arithmetic throughout.

``from nixernetes import cost`` costs nothing: each name in ``__init__.pyi`` is loaded when it is first used. Pure: no
network, no clock; only ``PriceBook.load``, for programs of users, reads the file that it is given.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
