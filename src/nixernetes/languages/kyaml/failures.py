"""The error of what Kustomize refuses."""

from __future__ import annotations

from nixernetes.errors import InputError

__all__ = ["KustomizeError"]


class KustomizeError(InputError):
    """A build that Kustomize refuses, or that asks for something that is not run here.

    Attributes:
        words: all that Kustomize says, the way there included; the message tells what happened only.

    """

    def __init__(self, message: str, *, subject: str = "", place: str = "", words: str = "") -> None:
        super().__init__(message, subject=subject, place=place)
        self.words = words or message
