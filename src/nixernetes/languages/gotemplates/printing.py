"""Values as Go's ``fmt`` prints them: ``print``, ``println`` and ``printf`` (``fmt/print.go``, ``fmt/format.go``)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from nixernetes.languages.go_quoting import go_quoted
from nixernetes.languages.gotemplates.allowance import refuse_long
from nixernetes.languages.gotemplates.tokens import TemplateError
from nixernetes.languages.gotemplates.values import show, type_of
from nixernetes.objects.manifest import Json

__all__ = ["printed", "printf"]

_VERB: Final = re.compile(
    r"%([-+# 0]*)(?:\[(\d{1,4})\])?(\*|\d{1,9})?(\.(?:\[(\d{1,4})\])?(\*|\d{0,9}))?(?:\[(\d{1,4})\])?(.)?", re.DOTALL
)
_WIDEST: Final = 1_000  # characters of one value


class _Form(NamedTuple):
    verb: str
    flags: str
    width: int
    precision: int | None


def printed(*args: Json) -> str:
    """Return values side by side; between two of which neither is a text there is a space."""
    parts: list[str] = []
    for position, arg in enumerate(args):
        if position and not isinstance(arg, str) and not isinstance(args[position - 1], str):
            parts.append(" ")
        parts.append(show(arg))
    return "".join(parts)


def printf(form: str, *args: Json) -> str:
    """Return a text with values in place of its verbs; what does not fit is said in it, as Go does.

    Raises:
        TemplateError: a value would be wider than 1,000 characters, or all of them larger than 1 MB.

    """
    parts: list[str] = []
    at, position, made, reordered = 0, 0, 0, False

    def taken(index: str | None) -> int:
        nonlocal position, reordered
        if index is not None:
            position, reordered = int(index) - 1, True
        return position

    def star(text: str | None, index: str | None, name: str) -> int | None:
        nonlocal position
        taken(index)
        if text != "*":
            return int(text) if text else None
        value = args[position] if 0 <= position < len(args) else None
        position += 1
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        parts.append(f"%!(BAD{name})")
        return None

    for match in _VERB.finditer(form):
        parts.append(form[at : match.start()])
        at = match.end()
        flags, first, width, point, second, precision, third, verb = match.groups()
        wide, fine = star(width, first, "WIDTH"), star(precision, second, "PREC")
        if max(wide or 0, fine or 0) > _WIDEST:
            raise TemplateError(f"printf: a value would be wider than {_WIDEST:,} characters")
        if verb is None or verb == "%":
            parts.append("%" if verb else "%!(NOVERB)")
            continue
        if not 0 <= taken(third) < len(args):
            parts.append(f"%!{verb}({'BADINDEX' if first or third else 'MISSING'})")
            continue
        flags = f"{flags}-" if wide is not None and wide < 0 else flags
        made += max(wide or 0, fine or 0) * (len(args[position]) if isinstance(args[position], list | dict) else 1)
        refuse_long("printf", made)
        parts.append(_formatted(_Form(verb, flags, abs(wide or 0), fine or 0 if point else None), args[position]))
        position += 1
    parts.append(form[at:])
    if not reordered and position < len(args):
        extra = ", ".join("<nil>" if arg is None else f"{type_of(arg)}={show(arg)}" for arg in args[position:])
        parts.append(f"%!(EXTRA {extra})")
    return "".join(parts)


def _formatted(form: _Form, value: Json, depth: int = 0) -> str:
    if value is None and depth:
        return "<nil>"
    if form.verb == "T":
        return _padded(form, type_of(value))
    if isinstance(value, list) and form.verb != "v":
        return f"[{' '.join(_formatted(form, item, 1) for item in value)}]"
    if isinstance(value, dict) and form.verb != "v":
        return (
            f"map[{' '.join(f'{_formatted(form, key, 1)}:{_formatted(form, value[key], 1)}' for key in sorted(value))}]"
        )
    if isinstance(value, bool):
        text = show(value) if form.verb in "tv" else None
    elif isinstance(value, int):
        text = _integer(form, value)
    elif isinstance(value, float):
        text = _number(form, value)
    elif isinstance(value, str):
        text = _text(form, value)
    else:
        text = show(value) if form.verb == "v" else None
    if text is None:
        if value is None:
            return f"%!{form.verb}(<nil>)"
        return f"%!{form.verb}({type_of(value)}={_formatted(form._replace(verb='v'), value)})"
    return _padded(form, text, number=isinstance(value, int | float) and not isinstance(value, bool))


def _integer(form: _Form, value: int) -> str | None:
    if form.verb in "cqU":
        sign = chr(value) if 0 <= value < 0x110000 else "\ufffd"
        return {"c": sign, "q": f"'{sign}'", "U": f"U+{value:04X}"}[form.verb]
    base = {"d": "d", "v": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}.get(form.verb)
    if base is None:
        return None
    prefix = "0o" if form.verb == "O" else {"o": "0", "x": "0x", "X": "0X", "b": "0b"}.get(base, "")
    prefix = prefix if "#" in form.flags or form.verb == "O" else ""
    digits = f"{abs(value):{base}}".rjust(form.precision or 0, "0")
    return f"{_sign(form, negative=value < 0)}{prefix}{digits}"


def _number(form: _Form, value: float) -> str | None:
    verb = "f" if form.verb == "F" else form.verb
    if verb not in "eEfgGv":
        return None
    text = show(abs(value)) if form.precision is None and verb in "gv" else ""
    if not text:
        precision = 6 if form.precision is None else form.precision
        text = f"{abs(value):.{precision}{'g' if verb == 'v' else verb}}"
    return f"{_sign(form, negative=str(value).startswith('-'))}{text}"


def _sign(form: _Form, *, negative: bool) -> str:
    if negative:
        return "-"
    return "+" if "+" in form.flags else " " if " " in form.flags else ""


def _text(form: _Form, value: str) -> str | None:
    cut = value if form.precision is None else value[: form.precision]
    if form.verb == "q" or (form.verb == "v" and "#" in form.flags):
        return go_quoted(cut)
    if form.verb in "xX":
        spelled = cut.encode(errors="replace").hex(*" " if " " in form.flags else ())
        return spelled.upper() if form.verb == "X" else spelled
    return cut if form.verb in "sv" else None


def _padded(form: _Form, text: str, *, number: bool = False) -> str:
    if "-" in form.flags:
        return text.ljust(form.width)
    if number and "0" in form.flags:
        sign = text[:1] if text[:1] in ("-", "+", " ") else ""
        return sign + text[len(sign) :].rjust(form.width - len(sign), "0")
    return text.rjust(form.width)
