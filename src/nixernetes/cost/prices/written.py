"""Price books as they are written: ``prices.toml``, and OpenCost's flat JSON.

OpenCost names its prices of memory and storage per GB and computes with GiB; here they are prices of a GiB for an hour.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from nixernetes.cost.amounts import decimal_of
from nixernetes.cost.prices.book import PriceBook, key_and_labels
from nixernetes.cost.prices.price import Period, Price
from nixernetes.errors import InputError
from nixernetes.objects.manifest import Json

__all__ = ["read_book"]

_MOST_BYTES: Final = 1 << 20
_DEEPEST: Final = 8
_HEAD: Final = ("name", "currency", "source", "as_of", "valid_from", "hourly", "monthly", "price")
_PRICE: Final = ("key", "value", "per", "source", "as_of", "region", "class", "node_labels")
_OPENCOST: Final = {
    "CPU": "cpu",
    "spotCPU": "cpu.spot",
    "RAM": "memory",
    "spotRAM": "memory.spot",
    "GPU": "gpu",
    "spotGPU": "gpu.spot",
    "storage": "storage",
    "defaultLBPrice": "loadbalancer",
    "LBPrice": "loadbalancer",
}


def read_book(data: bytes, file: str) -> PriceBook:
    """Return the book that a text holds: TOML, or OpenCost's JSON where it begins with a brace.

    Raises:
        InputError: it holds something else.

    """
    if len(data) > _MOST_BYTES:
        raise InputError(f"is larger than {_MOST_BYTES >> 20} MiB: no price book is", subject=file)
    try:
        text = data.decode("utf-8-sig")
        if text.lstrip()[:1] == "{":
            return _opencost(json.loads(text), file)
        return _toml(tomllib.loads(text, parse_float=Decimal), file)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is not TOML: {error}", place=file) from error
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise InputError(f"is neither TOML nor JSON: {error}", place=file) from error
    except InputError as error:
        raise InputError(error.message, subject=error.subject, place=error.place or file) from error


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or "own"


def _opencost(data: Json, file: str) -> PriceBook:
    if not isinstance(data, dict):
        raise InputError("is not a mapping of keys to prices")
    hourly = {}
    for name, key in _OPENCOST.items():
        value = data.get(name)
        if isinstance(value, str) and value.strip():
            hourly[key] = value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            hourly[key] = repr(value)
    if not hourly:
        raise InputError(f"has none of OpenCost's prices: there are {', '.join(_OPENCOST)}")
    told = data.get("description")
    currency = data.get("currencyCode")
    return PriceBook(
        hourly=hourly,
        currency=currency if isinstance(currency, str) and currency else "USD",
        name=_stem(file),
        source=f"{file}, prices of OpenCost{f': {told}' if isinstance(told, str) and told else ''}",
    )


def _toml(data: Mapping[str, Json], file: str) -> PriceBook:
    _known(data, _HEAD, "the file")
    source = _text(data, "source") or file
    day = _day(data, "as_of") or _day(data, "valid_from")
    return PriceBook(
        hourly=dict(_flat(data, "hourly")),
        monthly=dict(_flat(data, "monthly")),
        prices=list(_prices(data, source, day)),
        currency=_text(data, "currency") or "USD",
        name=_text(data, "name") or _stem(file),
        source=source,
        valid_from=day,
    )


def _flat(data: Mapping[str, Json], name: str) -> Iterator[tuple[str, Json]]:
    """Yield the keys of a table; what is written with dots and without quotes is one of them too."""
    waiting: list[tuple[str, Json, int]] = [("", data.get(name, {}), 0)]
    if not isinstance(waiting[0][1], Mapping):
        raise InputError("is not a table of keys and prices", subject=name)
    while waiting:
        head, value, depth = waiting.pop()
        if not isinstance(value, Mapping):
            yield head, value
        elif depth < _DEEPEST:
            waiting += [(f"{head}.{key}" if head else key, each, depth + 1) for key, each in value.items()]
        else:
            raise InputError("is nested too deep to be a key", subject=head)


def _prices(data: Mapping[str, Json], source: str, day: date | None) -> Iterator[Price]:
    rows = data.get("price", [])
    if not isinstance(rows, list):
        raise InputError("is not a list of tables: write [[price]]", subject="price")
    for row in rows:
        if not isinstance(row, dict):
            raise InputError("is not a table: write [[price]]", subject="price")
        _known(row, _PRICE, "a price")
        key, labels = key_and_labels(_text(row, "key"))
        period = _text(row, "per") or "hour"
        if period not in ("hour", "month"):
            raise InputError("per is hour or month", subject=key)
        kept: Period = "hour" if period == "hour" else "month"
        given = row.get("node_labels", {})
        if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
            raise InputError("node_labels is not a table of texts", subject=key)
        yield Price(
            key=key,
            value=decimal_of(row.get("value"), key),
            period=kept,
            source=_text(row, "source") or source,
            as_of=_day(row, "as_of") or day,
            region=_text(row, "region"),
            instance_class=_text(row, "class"),
            node_labels={**labels, **given},
        )


def _known(data: Mapping[str, Json], names: tuple[str, ...], what: str) -> None:
    for name in data:
        if name not in names:
            raise InputError(f"unknown key of {what}: there are {', '.join(names)}", subject=name)


def _text(data: Mapping[str, Json], name: str) -> str:
    found = data.get(name, "")
    if not isinstance(found, str):
        raise InputError("is not text: put it in quotes", subject=name)
    return found


def _day(data: Mapping[str, Json], name: str) -> date | None:
    found = data.get(name)
    if isinstance(found, datetime):
        return found.date()
    if found is None or isinstance(found, date):
        return found
    try:
        return date.fromisoformat(found)
    except (TypeError, ValueError):
        raise InputError("is not a day: write it as 2026-01-31", subject=name) from None
