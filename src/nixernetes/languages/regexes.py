"""Regular expressions of users, matched in linear time: Rust's engine, whose syntax is Go's but for details.

Python's own engine backtracks, so an expression that somebody else wrote could make it run for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

__all__ = ["linear"]


@lru_cache(maxsize=1024)
def linear(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether the expression is found in a text.

    Raises:
        ValueError: the expression is broken, or too large to be compiled.

    """
    # Loaded when the first expression needs it: most programs that render have none.
    from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema  # noqa: PLC0415

    try:
        validator = SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        raise ValueError(f"not a regular expression: {pattern!r}") from error

    def found(text: str) -> bool:
        try:
            validator.validate_python(text)
        except ValidationError:
            return False
        return True

    return found
