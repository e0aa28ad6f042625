"""How Go prints values of JSON, where its words are what people know from a server."""

from __future__ import annotations

from nixernetes.objects.manifest import Json

__all__ = ["go_value"]


def go_value(value: Json, *, quoted: bool = False) -> str:
    """Spell a value as Go's ``%v`` does, or as ``%#v``."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"' if quoted else value
    if isinstance(value, list):
        parts = [go_value(item, quoted=quoted) for item in value]
        return f"[]interface {{}}{{{', '.join(parts)}}}" if quoted else f"[{' '.join(parts)}]"
    if isinstance(value, dict):
        items = [(go_value(name, quoted=quoted), go_value(value[name], quoted=quoted)) for name in sorted(value)]
        if quoted:
            return f"map[string]interface {{}}{{{', '.join(f'{name}:{item}' for name, item in items)}}}"
        return f"map[{' '.join(f'{name}:{item}' for name, item in items)}]"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
