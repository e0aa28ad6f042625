"""Price books in files, and those that are shipped, by what users call them."""

from __future__ import annotations

from pathlib import Path

from nixernetes.cost.prices.book import PriceBook
from nixernetes.cost.prices.shipped import SHIPPED, shipped
from nixernetes.errors import InputError

__all__ = ["price_book"]


def price_book(name: str, folder: Path = Path()) -> tuple[PriceBook, bool]:
    """Return a price book, and whether it was read from a file.

    Args:
        name: the name of a shipped book, or a file.
        folder: where the file lies.

    Raises:
        InputError: there is none, or it is wrong.

    """
    if name in SHIPPED:
        return shipped(name), False
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        known = ", ".join(SHIPPED)
        fact = f"is neither a file nor a shipped price book ({known}): {error.strerror}"
        raise InputError(fact, subject=name) from error
    return PriceBook.parse(data, name), True
