"""A price book: prices of one currency, each with its source, and the lookup that never guesses.

A price is found for exactly what is asked: of the region and class of nodes, of the class, of the region, without
either. Nothing stands for something else: a claim of class ``gp3`` does not cost what the default class does, a node
that may be taken away any moment not what others do. What has no price is unpriced, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from os import PathLike
from pathlib import Path
from typing import Final

from nixernetes.cost.amounts import decimal_of
from nixernetes.cost.prices.price import UNITS, Period, Price, unit_of
from nixernetes.errors import InputError

__all__ = ["PriceBook", "Setting"]

_CURRENCY: Final = re.compile(r"[A-Z]{3}\Z")  # ISO 4217
_KEY: Final = re.compile(r"(?P<key>[^{}\s]+)(?:\{(?P<labels>[^{}]*)\})?\Z")
_ALIASES: Final = {
    "memory_gib": "memory",
    "memory_gib.spot": "memory.spot",
    "ram": "memory",
    "storage_gib": "storage",
    "load_balancer": "loadbalancer",
    "ephemeral-storage": "ephemeral_storage",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a price is asked for.

    Attributes:
        region: the region of the cluster, or ``""``.
        instance_class: the class of the nodes, or ``""``.
        node_labels: the labels of nodes that the pods demand.

    """

    region: str = ""
    instance_class: str = ""
    node_labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, init=False)
class PriceBook:
    """Prices of one currency.

    Args:
        hourly: key to the price of one unit for an hour: a text, a whole number or a decimal.
        monthly: key to the price of one unit for a month of 730 hours.
        prices: prices that say more of themselves.
        currency: the currency, as ISO 4217 has it.
        name: the name of the book.
        source: who says so, of prices that do not say it themselves.
        valid_from: the day on which they held.

    Raises:
        InputError: a key that no price has, a number that is none, or no currency.

    """

    name: str
    currency: str
    source: str
    as_of: date | None
    prices: tuple[Price, ...]
    _index: dict[str, tuple[Price, ...]] = field(repr=False, compare=False)

    def __init__(  # noqa: PLR0913  # what a book says of itself
        self,
        *,
        hourly: Mapping[str, object] | None = None,
        monthly: Mapping[str, object] | None = None,
        prices: Iterable[Price] = (),
        currency: str = "USD",
        name: str = "own",
        source: str = "",
        valid_from: date | None = None,
    ) -> None:
        if not _CURRENCY.match(currency):
            raise InputError("is not a currency of ISO 4217: write it as USD or EUR", subject=currency)
        day = valid_from.date() if isinstance(valid_from, datetime) else valid_from
        made = [*_made(hourly or {}, "hour", source, day), *_made(monthly or {}, "month", source, day), *prices]
        index: dict[str, tuple[Price, ...]] = {}
        for each in made:
            known = index.setdefault(each.key, ())
            if any(_place(each) == _place(other) for other in known):
                raise InputError("has two prices for one region and class: leave one out", subject=each.key)
            index[each.key] = (*known, each)
        for field_name, value in (
            ("name", name),
            ("currency", currency),
            ("source", source),
            ("as_of", day),
            ("prices", tuple(sorted(made, key=_order))),
            ("_index", index),
        ):
            object.__setattr__(self, field_name, value)

    @classmethod
    def load(cls, book: str | PathLike[str]) -> PriceBook:
        """Return a shipped book by its name, or the one in a file: TOML, or OpenCost's JSON.

        For programs of users; commands read the file themselves and give its text to :meth:`parse`.

        Raises:
            InputError: there is no such book or file, or it holds something else.

        """
        from nixernetes.cost.prices.shipped import SHIPPED, shipped  # noqa: PLC0415  # they are books themselves

        if str(book) in SHIPPED:
            return shipped(str(book))
        try:
            data = Path(book).read_bytes()
        except OSError as error:
            fact = f"is neither a file nor a shipped book ({', '.join(SHIPPED)}): {error.strerror}"
            raise InputError(fact, subject=str(book)) from error
        return cls.parse(data, str(book))

    @classmethod
    def parse(cls, data: bytes | str, file: str = "prices.toml") -> PriceBook:
        """Return the book that a text holds: TOML, or OpenCost's JSON where it begins with a brace.

        Raises:
            InputError: it holds something else.

        """
        from nixernetes.cost.prices.written import read_book  # noqa: PLC0415  # it makes books

        return read_book(data.encode() if isinstance(data, str) else data, file)

    def find(self, key: str, setting: Setting | None = None) -> Price | None:
        """Return the price of a key where it is asked for; None where there is none.

        Args:
            key: the key.
            setting: the region, the class and the labels of the nodes; None: any without one of their own.

        """
        found = self._index.get(key)
        if not found:
            return None
        where = setting or Setting()
        fitting = [each for each in found if _fits(each, where)]
        return max(fitting, key=_exactness, default=None)


def _fits(price: Price, setting: Setting) -> bool:
    return (
        price.region in ("", setting.region)
        and price.instance_class in ("", setting.instance_class)
        and all(setting.node_labels.get(key) == value for key, value in price.node_labels.items())
    )


def _exactness(price: Price) -> tuple[int, bool, bool]:
    return len(price.node_labels), bool(price.instance_class), bool(price.region)


def _place(price: Price) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return price.region, price.instance_class, tuple(sorted(price.node_labels.items()))


def _order(price: Price) -> tuple[str, tuple[str, str, tuple[tuple[str, str], ...]]]:
    return price.key, _place(price)


def key_and_labels(text: str) -> tuple[str, dict[str, str]]:
    """Return the key of a price and the labels of nodes in its braces: ``gpu.nvidia.com/gpu{node=a100}``.

    Raises:
        InputError: it is not the key of a price.

    """
    found = _KEY.match(text)
    key = _ALIASES.get(found["key"], found["key"]) if found else ""
    pairs = [each.partition("=") for each in (found["labels"] or "").split(",") if each] if found else []
    if not unit_of(key) or not all(name and equals for name, equals, _ in pairs):
        raise InputError(
            f"is not the key of a price: there are {', '.join(UNITS)}, with what they are about behind a dot "
            "(storage.gp3, gpu.nvidia.com/gpu{disk=ssd}, cpu.spot)",
            subject=text,
        )
    return key, {name.strip(): value.strip() for name, _, value in pairs}


def _made(values: Mapping[str, object], period: Period, source: str, day: date | None) -> Iterable[Price]:
    for text, value in values.items():
        key, labels = key_and_labels(text)
        yield Price(key=key, value=decimal_of(value, text), period=period, source=source, as_of=day, node_labels=labels)
