"""Fills parameters into templates: ``{{name}}`` (fasttemplate) or Go templates (section 14.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nixernetes.errors import InputError
from nixernetes.objects import yamls
from nixernetes.objects.manifest import Json
from nixernetes.render import gotemplates
from nixernetes.render.applicationsets.unknown import Unknown

__all__ = ["Templating"]

_PLACE = re.compile(r"\{\{([^{}]*)\}\}")
_OPTIONS = ("missingkey=default", "missingkey=error", "missingkey=invalid", "missingkey=zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Templating:
    """How the templates of one ApplicationSet are filled in.

    Attributes:
        go: whether they are Go templates.
        options: Go template options such as ``missingkey=error``.

    """

    go: bool = False
    options: tuple[str, ...] = ()

    @classmethod
    def decode(cls, spec: Json) -> Templating:
        """Read the mode of an ApplicationSet.

        Raises:
            InputError: an unknown option.

        """
        options = tuple(spec.get("goTemplateOptions") or ())
        for option in options:
            if option not in _OPTIONS:
                raise InputError(f"goTemplateOptions {option!r}: use {', '.join(_OPTIONS)}")
        return cls(go=bool(spec.get("goTemplate")), options=options)

    def parameters(self, element: Json) -> Json:
        """Return the parameters that an element gives: nested for Go templates, else flat strings."""
        if not isinstance(element, dict):
            raise InputError("an element of a generator is an object of names and values")
        return element if self.go else _flat(element, "")

    def fill(self, value: Json, parameters: Mapping[str, Json]) -> Json:
        """Return JSON data with every string filled in, keys too.

        Raises:
            InputError: a Go template is broken or not supported.

        """
        if isinstance(value, dict):
            return {self.text(key, parameters): self.fill(item, parameters) for key, item in value.items()}
        if isinstance(value, list):
            return [self.fill(item, parameters) for item in value]
        return self.text(value, parameters) if isinstance(value, str) else value

    def text(self, text: str, parameters: Mapping[str, Json]) -> str:
        """Return one string filled in."""
        if "{{" not in text:
            return text
        if self.go:
            return gotemplates.render(text, dict(parameters), missing_is_error="missingkey=error" in self.options)

        def place(match: re.Match[str]) -> str:
            # An unknown name stays as it is, so that a chart's own templates survive.
            found = parameters.get(match[1].strip())
            return match[0] if found is None else str(found)

        return _PLACE.sub(place, text)

    def patch(self, application: Json, patch: str, parameters: Mapping[str, Json]) -> Json:
        """Return an Application with a ``templatePatch`` merged into it.

        Raises:
            InputError: Go templates are off, or the patch is no object.

        """
        if not self.go:
            raise InputError("templatePatch needs goTemplate: true")
        filled = yamls.parse(self.text(patch, parameters))
        if filled is None:
            return application
        if not isinstance(filled, dict):
            raise InputError("templatePatch does not give an object")
        return _merged(application, filled)


def _flat(element: Json, prefix: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in element.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{prefix}{name}."))
        elif isinstance(value, list):
            found.update(_flat({str(n): item for n, item in enumerate(value)}, f"{prefix}{name}."))
        elif isinstance(value, bool):
            found[prefix + name] = "true" if value else "false"
        elif isinstance(value, Unknown):
            found[prefix + name] = value
        else:
            found[prefix + name] = "" if value is None else str(value)
    return found


def _merged(base: Json, patch: Json) -> Json:
    """Merge a patch: maps by key, null deletes, lists are replaced (an Application has no merge keys)."""
    if not isinstance(base, dict) or not isinstance(patch, dict):
        return patch
    result = dict(base)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result
