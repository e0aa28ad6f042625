"""What one template may make in all, so that a hostile one ends soon and in bounded memory."""

from __future__ import annotations

from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.objects.manifest import Json
from nixernetes.objects.sizes import MAX_DEPTH

__all__ = ["MAX_TEXT", "TemplateAllowance", "refuse_long"]

MAX_TEXT = 1_000_000  # characters of one text
_MAX_STEPS = 200_000  # nodes carried out; far above any sensible template, and a bound on nested ranges
_MAX_CHARACTERS = 50_000_000  # of what functions are given and give, and of the output
_MAX_VALUES = 1_000_000  # in all results of functions, each as often as it is in them
_MAX_LOOKS = 5_000_000  # items that functions and ranges pass over, some seconds at the worst
# What all texts of a whole, such as an ApplicationSet, may take together: thousands of Applications are honest.
_MAX_STEPS_TOGETHER = 10_000_000
_MAX_CHARACTERS_TOGETHER = 500_000_000


def refuse_long(name: str, size: int) -> None:
    """Refuse a text that a function would make, before it is made.

    Raises:
        TemplateError: it would be larger than 1 MB.

    """
    if size > MAX_TEXT:
        raise TemplateError(f"error calling {name}: more than 1 MB of text")


class TemplateAllowance:
    """Counts what is made, and refuses to go on beyond what any sensible template makes.

    Args:
        within: the allowance of all texts of a whole, of which this one is a part.

    """

    def __init__(self, within: TemplateAllowance | None = None) -> None:
        self._within = within
        self._steps = 0
        self._characters = 0
        self._values = 0
        self._looks = 0

    def close(self) -> None:
        """Count what was made as a part of the whole.

        Raises:
            TemplateError: all parts together made too much.

        """
        if self._within is not None:
            self._within.part(self._steps, self._characters)

    def part(self, steps: int, characters: int) -> None:
        """Count what a part took.

        Raises:
            TemplateError: all parts together took too much.

        """
        self._steps += steps
        self._characters += characters
        if self._steps > _MAX_STEPS_TOGETHER:
            raise TemplateError(f"all templates together take more than {_MAX_STEPS_TOGETHER:,} steps")
        if self._characters > _MAX_CHARACTERS_TOGETHER:
            raise TemplateError(f"all templates together make more than {_MAX_CHARACTERS_TOGETHER:,} characters")

    def look(self, items: int) -> None:
        """Count items that are passed over.

        Raises:
            TemplateError: there were too many.

        """
        self._looks += items
        if self._looks > _MAX_LOOKS:
            raise TemplateError(f"template passes over more than {_MAX_LOOKS:,} items")

    def given(self, values: list[Json], *, deep: bool) -> None:
        """Count what a function is given: texts, and items of lists and maps; those within them when it looks there.

        Raises:
            TemplateError: that was too much.

        """
        left = [*values]
        while left:
            item = left.pop()
            if isinstance(item, str):
                self._characters += len(item)
            elif isinstance(item, list | dict):
                self.look(len(item))
                if deep:
                    left += item.values() if isinstance(item, dict) else item
        if self._characters > _MAX_CHARACTERS:
            raise TemplateError("template makes more than 1 MB of text at once, or too much of it")

    def step(self) -> None:
        """Count one node.

        Raises:
            TemplateError: there were too many.

        """
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise TemplateError(f"template takes more than {_MAX_STEPS:,} steps")

    def text(self, text: str) -> str:
        """Count a text.

        Raises:
            TemplateError: it is larger than 1 MB, or all texts together are too large.

        """
        self._characters += len(text)
        if len(text) > MAX_TEXT or self._characters > _MAX_CHARACTERS:
            raise TemplateError("template makes more than 1 MB of text at once, or too much of it")
        return text

    def value(self, value: Json) -> Json:
        """Count what a function gave.

        Raises:
            TemplateError: it is too large or too deep, or all values together are too many.

        """
        left = [(value, 0)]
        while left:
            item, depth = left.pop()
            if depth > MAX_DEPTH:
                raise TemplateError(f"a value is nested too deeply: more than {MAX_DEPTH} levels")
            self._values += 1
            if self._values > _MAX_VALUES:
                raise TemplateError(f"template makes more than {_MAX_VALUES:,} values")
            if isinstance(item, str):
                self.text(item)
            elif isinstance(item, list | dict):
                left += ((each, depth + 1) for each in (item if isinstance(item, list) else item.values()))
        return value
