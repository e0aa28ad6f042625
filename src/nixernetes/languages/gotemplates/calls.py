"""Calls of functions: what is wrong with the arguments is told in the words of Go, never of Python."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from nixernetes.errors import NixernetesError
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import type_of
from nixernetes.objects.manifest import Json

__all__ = ["called"]

_Function = Callable[..., Json]
_WHY: Final[Mapping[type[Exception], str]] = {
    RecursionError: "a value is nested too deeply",
    ArithmeticError: "the number is too large, or divided by zero",
    LookupError: "no such item",
}


def called(name: str, function: _Function, args: list[Json]) -> Json:
    """Return what a function gives.

    Raises:
        TemplateError: there are too few or too many arguments, one has a wrong type, or the function fails.

    """
    least, most = _arity(function)
    if len(args) < least or (most is not None and len(args) > most):
        at_least = "" if least == most else "at least " if len(args) < least else "at most "
        wanted = least if len(args) < least or most is None else most
        raise TemplateError(f"wrong number of args for {name}: want {at_least}{wanted} got {len(args)}")
    try:
        return function(*args)
    except NixernetesError as error:
        if error.message.startswith("error calling"):
            raise
        raise TemplateError(f"error calling {name}: {error.message}") from error
    except (TypeError, AttributeError) as error:
        types = ", ".join(map(type_of, args))
        raise TemplateError(f"error calling {name}: wrong type of an argument: got {types}") from error
    except ValueError as error:
        raise TemplateError(f"error calling {name}: {error}") from error
    except tuple(_WHY) as error:
        why = next(text for kind, text in _WHY.items() if isinstance(error, kind))
        raise TemplateError(f"error calling {name}: {why}") from error


@lru_cache(maxsize=1024)  # far more than there are functions
def _arity(function: _Function) -> tuple[int, int | None]:
    """Return how many arguments a function takes: the fewest and the most, None for any number."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # some functions of Python do not tell
        return 0, None
    places = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    least = sum(each.default is each.empty for each in places)
    return least, None if any(each.kind is each.VAR_POSITIONAL for each in parameters) else len(places)
