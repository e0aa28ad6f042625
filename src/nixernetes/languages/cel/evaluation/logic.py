"""``&&``, ``||``, ``!`` and ``?:``: a side that decides absorbs what is wrong with the other."""

from __future__ import annotations

from collections.abc import Sequence

from nixernetes.languages.cel.errors import EvaluationError, no_such_overload
from nixernetes.languages.cel.evaluation.steps import Frame, Step
from nixernetes.languages.cel.values import Value

__all__ = ["conditional", "negation", "terms"]


def terms(steps: Sequence[Step], *, conjunction: bool) -> Step:
    """Return the step of a chain of ``&&`` or ``||``."""
    if len(steps) == 2:
        return _two(steps[0], steps[1], conjunction=conjunction)
    deciding, other = not conjunction, conjunction

    def decide(frame: Frame) -> bool:
        failed: EvaluationError | None = None
        for step in steps:
            try:
                value = step(frame)
            except EvaluationError as error:
                failed = failed or error
                continue
            if value is deciding:
                return not conjunction
            if value is not other:
                failed = failed or no_such_overload()
        if failed is not None:
            raise failed
        return other

    return decide


def _two(first: Step, second: Step, *, conjunction: bool) -> Step:
    """Return the step of a chain of two: nearly all are."""
    deciding, other = not conjunction, conjunction

    def decide(frame: Frame) -> bool:
        try:
            one = first(frame)
        except EvaluationError as error:
            failed = error
        else:
            if one is deciding:
                return not conjunction
            if one is other:
                value = second(frame)
                if value is deciding or value is other:
                    return value is True
                raise no_such_overload()
            failed = no_such_overload()
        try:
            absorbed = second(frame) is deciding
        except EvaluationError:
            raise failed from None
        if absorbed:
            return not conjunction
        raise failed

    return decide


def negation(operand: Step) -> Step:
    """Return the step of ``!operand``."""

    def negate(frame: Frame) -> bool:
        value = operand(frame)
        if value is True:
            return False
        if value is False:
            return True
        raise no_such_overload()

    return negate


def conditional(condition: Step, then: Step, otherwise: Step) -> Step:
    """Return the step of ``condition ? then : otherwise``."""

    def choose(frame: Frame) -> Value:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is False:
            return otherwise(frame)
        raise no_such_overload()

    return choose
