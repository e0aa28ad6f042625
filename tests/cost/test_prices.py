"""A price names its source and stands for nothing else; books are TOML, OpenCost's JSON, or shipped."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.cost.samples import container, template, workload

from nixernetes import cost
from nixernetes.cost.prices.book import Setting
from nixernetes.cost.prices.shipped import SHIPPED
from nixernetes.errors import InputError

TOML = """\
name = "acme"
currency = "EUR"
source = "the contract"
as_of = 2026-01-01
[hourly]
cpu = 0.03
"cpu.spot" = "0.01"
memory = 1e-2
"gpu.nvidia.com/gpu" = 1
"gpu.nvidia.com/gpu{disk=a100}" = 2.5
[monthly]
storage.gp3 = 0.08
[[price]]
key = "cpu"
value = "0.04"
region = "eu"
class = "m7i"
source = "the list"
as_of = 2026-02-01
[[price]]
key = "cpu"
value = "0.05"
class = "m7i"
[[price]]
key = "cpu"
value = "0.06"
region = "eu"
"""


@pytest.mark.parametrize(
    ("region", "instance_class", "value"),
    [("", "", "0.03"), ("us", "c5", "0.03"), ("eu", "m7i", "0.04"), ("us", "m7i", "0.05"), ("eu", "c5", "0.06")],
)
def test_the_price_of_the_region_and_class_comes_first(region: str, instance_class: str, value: str) -> None:
    found = cost.PriceBook.parse(TOML).find("cpu", Setting(region=region, instance_class=instance_class))
    assert found is not None
    assert found.value == Decimal(value)


def test_a_book_says_where_its_prices_come_from() -> None:
    book = cost.PriceBook.parse(TOML)
    assert (book.name, book.currency, book.as_of) == ("acme", "EUR", date(2026, 1, 1))
    own = book.find("cpu", Setting(region="eu", instance_class="m7i"))
    assert own is not None
    assert own.provenance == "the list, as of 2026-02-01"
    storage = book.find("storage.gp3")
    assert storage is not None
    assert (storage.monthly, storage.provenance) == (Decimal("0.08"), "the contract, as of 2026-01-01")


def test_labels_of_nodes_choose_a_price() -> None:
    book = cost.PriceBook.parse(TOML)
    found = [
        book.find("gpu.nvidia.com/gpu", Setting(node_labels=each)) for each in ({}, {"disk": "a100"}, {"disk": "x"})
    ]
    assert [each.value for each in found if each is not None] == [1, Decimal("2.5"), 1]


def test_nothing_stands_for_what_has_no_price() -> None:
    book = cost.PriceBook.parse(TOML)
    assert [book.find(key) for key in ("storage", "storage.fast", "memory.spot", "loadbalancer")] == [None] * 4


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_books_are_dated_and_sourced(name: str) -> None:
    book = cost.PriceBook.load(name)
    assert (book.name, book.currency, book.as_of) == (name, "USD", date(2024, 10, 24))
    assert all("OpenCost" in each.source and each.as_of for each in book.prices)


def test_shipped_books_have_these_prices() -> None:
    names = ("cpu", "cpu.spot", "memory", "memory.spot", "gpu", "loadbalancer")
    found = {
        book: [str(price.value) if (price := cost.PriceBook.load(book).find(name)) else "" for name in names]
        for book in SHIPPED
    }
    assert found == {
        "opencost-default": ["0.031611", "0.006655", "0.004237", "0.000892", "0.95", ""],
        "azure-2019": ["0.039", "0.007764", "0.001917", "0.000382", "", ""],
        "oracle": ["0.015", "", "0.002", "", "2.00", "0.0113"],
        "alibaba": ["0.031611", "0.006655", "0.004237", "0.000892", "0.95", "0.007"],
    }


def test_the_json_of_opencost_is_a_book() -> None:
    text = '{"provider": "x", "CPU": "0.03", "spotCPU": 0.01, "RAM": "0.004", "GPU": "", "storage": "0.00005"}'
    book = cost.PriceBook.parse(text, "own.json")
    assert [(each.key, str(each.value), each.period) for each in book.prices] == [
        ("cpu", "0.03", "hour"),
        ("cpu.spot", "0.01", "hour"),
        ("memory", "0.004", "hour"),
        ("storage", "0.00005", "hour"),
    ]


def test_a_book_may_be_made_in_a_program() -> None:
    book = cost.PriceBook(
        currency="USD",
        hourly={"cpu": "0.031611", "memory_gib": "0.004237"},
        source="own",
        valid_from=date(2026, 1, 1),
    )
    estimate = cost.estimate([workload({"replicas": 3, **template(container("500m", "512Mi"))})], prices=book)
    assert estimate.total.monthly == Decimal("39.25356")
    assert estimate.assumptions[0] == "prices of own in USD: own, as of 2026-01-01"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[hourly]\ncpus = 1", "cpus: is not the key of a price: there are cpu, memory"),
        ("[hourly]\ncpu = -1", "cpu: .*is not a number of 0 or more"),
        ('[hourly]\ncpu = "free"', "cpu: 'free' is not a number of 0 or more"),
        ("[hourly]\ncpu = true", "cpu: True is not a number"),
        ("[hourly]\ncpu = nan", "is not a number"),
        ("[hourly]\ncpu = 1e99", "more than 30 digits"),
        ("currency = 'Euro'", "Euro: is not a currency of ISO 4217"),
        ("prices = 1", "prices: unknown key of the file"),
        ("hourly = 3", "hourly: is not a table"),
        ("[hourly", "prices.toml: is not TOML"),
        ("[[price]]\nkey = 'cpu'\nvalue = 1\nper = 'day'", "per is hour or month"),
        ("[[price]]\nkey = 'cpu'\nvalue = 1\n[hourly]\ncpu = 2", "cpu: has two prices for one region and class"),
        ("as_of = 'soon'", "as_of: is not a day"),
        ("{", "is neither TOML nor JSON"),
        ('{"a": 1}', "has none of OpenCost's prices"),
        ("\xff", "is not TOML|is neither"),
    ],
)
def test_a_book_that_is_wrong_says_what_and_where(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        cost.PriceBook.parse(text)


def test_a_book_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a file nor a shipped book"):
        cost.PriceBook.load("aws")
    (tmp_path / "prices.toml").write_text(TOML)
    assert cost.PriceBook.load(tmp_path / "prices.toml").name == "acme"


@pytest.mark.parametrize("text", ["[hourly]\n" + "a." * 2000 + "b = 1", '{"CPU": ' + "[" * 100_000, "a" * 2_000_000])
def test_a_hostile_book_ends_in_an_error(text: str) -> None:
    with pytest.raises(InputError):
        cost.PriceBook.parse(text)
