"""What one template may make in all, so that a hostile one ends soon and in bounded memory."""

from __future__ import annotations

from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.objects.manifest import Json

__all__ = ["MAX_TEXT", "TemplateAllowance", "refuse_long"]

MAX_TEXT = 1_000_000  # characters of one text
_MAX_STEPS = 200_000  # nodes carried out; far above any sensible template, and a bound on nested ranges
_MAX_CHARACTERS = 50_000_000  # of all results of functions, and of the output
_MAX_VALUES = 1_000_000  # in all results of functions, each as often as it is in them


def refuse_long(name: str, size: int) -> None:
    """Refuse a text that a function would make, before it is made.

    Raises:
        TemplateError: it would be larger than 1 MB.

    """
    if size > MAX_TEXT:
        raise TemplateError(f"error calling {name}: more than 1 MB of text")


class TemplateAllowance:
    """Counts what is made, and refuses to go on beyond what any sensible template makes."""

    def __init__(self) -> None:
        self._steps = 0
        self._characters = 0
        self._values = 0

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
            TemplateError: it is too large, or all values together are too many.

        """
        left = [value]
        while left:
            item = left.pop()
            self._values += 1
            if self._values > _MAX_VALUES:
                raise TemplateError(f"template makes more than {_MAX_VALUES:,} values")
            if isinstance(item, str):
                self.text(item)
            elif isinstance(item, list):
                left += item
            elif isinstance(item, dict):
                left += item.values()
        return value
