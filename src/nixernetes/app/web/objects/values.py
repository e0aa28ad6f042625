"""Values of the page about one object."""

from __future__ import annotations

from dataclasses import dataclass

from nixernetes.app.web.wire import AS_JSON

__all__ = ["ComparedTexts", "HealthLine", "OriginLine", "OriginStep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    """The health of an object, and who decided it.

    Attributes:
        status: in the words of whoever decided; ``""`` where its kind has none.
        message: what is said of it.
        language: what the rule is written in: ``kstatus``, ``CEL``, ``Lua`` or ``Argo CD``; ``""`` for no rule.
        rule: which rule, in words.
        source: the rule, where a user wrote it.

    """

    __pydantic_config__ = AS_JSON

    status: str
    message: str = ""
    language: str = ""
    rule: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedTexts:
    """An object as it is and as applying it again would leave it, as YAML, without its status."""

    __pydantic_config__ = AS_JSON

    live: str
    desired: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginStep:
    """What an object passed through; the link shows its file on the Git host, ``""`` where that is not known."""

    __pydantic_config__ = AS_JSON

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginLine:
    """Where an object began, and what it passed through.

    Attributes:
        text: ``file:line``, or ``""`` where it is not known.
        link: where the Git host shows that line, ``""`` where that is not known.
        host: what the Git host is called.
        chain: what it passed through, outermost last.
        steps: the same, each with its link.

    """

    __pydantic_config__ = AS_JSON

    text: str = ""
    link: str = ""
    host: str = ""
    chain: tuple[str, ...] = ()
    steps: tuple[OriginStep, ...] = ()
