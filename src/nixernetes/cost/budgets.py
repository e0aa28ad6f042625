"""Budgets: how much a team, an environment, a cluster or an application may cost, and how much a change may add.

A waiver has an owner, a reason and a last day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, cast

from nixernetes.cost.amounts import decimal_of
from nixernetes.errors import InputError

__all__ = ["Budget", "Waiver"]

_AMOUNT: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(%|[A-Z]{3})?\s*\Z")
_SCOPES: Final = ("team", "env", "cluster", "app", "namespace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Somebody answers for more than a budget allows.

    Attributes:
        owner: who.
        reason: why.
        until: the last day; None for ever.

    """

    owner: str
    reason: str
    until: date | None = None

    def holds(self, today: date) -> bool:
        """Tell whether it holds on a day."""
        return self.until is None or today <= self.until


@dataclass(frozen=True, init=False)
class Budget:
    """How much something may cost.

    Args:
        team: whose costs; or
        env: the environment; or
        cluster: the cluster; or
        app: the delivery, by its name or its identity; or
        namespace: the namespace. Without any of these it is about everything.
        monthly: the most that it may cost a month: ``"500 USD"``.
        change: the most that a change may add: ``"10 %"`` or ``"50 USD"``.
        change_absolute: the same as an amount.
        change_percent: the same as a part of a hundred.
        severity: ``block``: more is an error; ``warn``: a warning.
        waivers: who answers for more, as :class:`Waiver` or a mapping with ``owner``, ``reason``, ``until``.

    Raises:
        InputError: no limit, two scopes, or an amount that is none.

    """

    scope: str
    name: str
    monthly: Decimal | None
    change_absolute: Decimal | None
    change_percent: Decimal | None
    currency: str
    severity: Literal["block", "warn"]
    waivers: tuple[Waiver, ...]

    def __init__(  # noqa: PLR0913  # what a budget says
        self,
        *,
        team: str = "",
        env: str = "",
        cluster: str = "",
        app: str = "",
        namespace: str = "",
        monthly: str | int | Decimal | None = None,
        change: str | int | Decimal | None = None,
        change_absolute: str | int | Decimal | None = None,
        change_percent: str | int | Decimal | None = None,
        severity: str = "warn",
        waivers: Iterable[Waiver | Mapping[str, object]] = (),
    ) -> None:
        named = [
            (scope, name) for scope, name in zip(_SCOPES, (team, env, cluster, app, namespace), strict=True) if name
        ]
        if len(named) > 1:
            raise InputError(f"a budget is about one of {', '.join(_SCOPES)}: leave the others out")
        if severity not in ("block", "warn"):
            raise InputError("severity of a budget is block or warn", subject=severity)
        limits = {"monthly": monthly, "change_absolute": change_absolute, "change_percent": change_percent}
        if change is not None:
            limits["change_percent" if "%" in str(change) else "change_absolute"] = change
        parsed = {key: _amount(key, value) for key, value in limits.items() if value is not None}
        if not parsed:
            raise InputError("a budget needs a limit: monthly, or change")
        currencies = {unit for _, unit in parsed.values()} - {"", "%"}
        if len(currencies) > 1:
            raise InputError(f"a budget has one currency, not {' and '.join(sorted(currencies))}")
        values: Mapping[str, object] = {
            "scope": named[0][0] if named else "all",
            "name": named[0][1] if named else "",
            "monthly": parsed["monthly"][0] if "monthly" in parsed else None,
            "change_absolute": parsed["change_absolute"][0] if "change_absolute" in parsed else None,
            "change_percent": parsed["change_percent"][0] if "change_percent" in parsed else None,
            "currency": next(iter(currencies), ""),
            "severity": severity,
            "waivers": tuple(map(_waiver, waivers)),
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)

    def __str__(self) -> str:
        return f"{self.scope} {self.name}" if self.name else "everything"


def _amount(key: str, value: str | int | Decimal) -> tuple[Decimal, str]:
    found = _AMOUNT.match(str(value))
    unit = (found[2] or "") if found else ""
    if found is None or (unit == "%") is not (key == "change_percent" and unit != ""):
        form = "10 %" if key == "change_percent" else "500 USD"
        raise InputError(f"is not an amount: write it as {form}", subject=f"{key} {value}")
    return decimal_of(found[1], key), unit


def _waiver(given: Waiver | Mapping[str, object]) -> Waiver:
    if isinstance(given, Waiver):
        return given
    until = given.get("until")
    if isinstance(until, str):
        try:
            until = date.fromisoformat(until)
        except ValueError:
            raise InputError("is not a day: write it as 2026-12-31", subject=f"until {until}") from None
    owner, reason = (str(given[key]) if key in given else "" for key in ("owner", "reason"))
    if not owner or not reason:
        raise InputError("a waiver names its owner and its reason")
    return Waiver(owner=owner, reason=reason, until=cast("date | None", until))
