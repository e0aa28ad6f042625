"""The books that are shipped: what OpenCost splits the costs of nodes with. Nobody's list prices."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Final

from nixernetes.cost.prices.book import PriceBook
from nixernetes.cost.prices.written import read_book
from nixernetes.errors import InputError

__all__ = ["DEFAULT", "SHIPPED", "shipped"]

DEFAULT: Final = "opencost-default"
SHIPPED: Final = ("opencost-default", "azure-2019", "oracle", "alibaba")


@lru_cache(maxsize=len(SHIPPED))
def shipped(name: str = DEFAULT) -> PriceBook:
    """Return a shipped book by its name; each is read once.

    Raises:
        InputError: there is none of that name.

    """
    if name not in SHIPPED:
        raise InputError(f"there is no such price book: there are {', '.join(SHIPPED)}", subject=name)
    file = resources.files("nixernetes.cost").joinpath("data", f"{name}.toml")
    return read_book(file.read_bytes(), f"{name}.toml")
