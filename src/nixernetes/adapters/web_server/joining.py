"""Modules of JavaScript joined into one file, so that a browser waits for one answer and not for twenty.

Each stays what it is: its names are its own, and it runs once, when somebody needs it first. It becomes a function that
returns what it exports; an import becomes a call of that function. No module may need itself, by any way round.

What is understood is what our modules use: ``import { a, b as c } from``, ``import * as a from``, and ``export`` before
``function``, ``async function``, ``class`` and ``const``; anything else is a fault that the tests find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from nixernetes.errors import BugError

__all__ = ["joined", "needed"]

_PLACE: Final = "/static/"
_FROM: Final = re.compile(r'from "/static/(\w+\.js)"')  # not what is imported later, by a call
_NAMES: Final = re.compile(r'^import \{([^}]*)\} from "/static/(\w+\.js)";$', re.MULTILINE)
_WHOLE: Final = re.compile(r'^import \* as (\w+) from "/static/(\w+\.js)";$', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+|\{[^}]*\}))", re.MULTILINE)
_LATER: Final = re.compile(r'\bimport\("/static/(\w+\.js)"\)')
_LEFT: Final = re.compile(r"^\s*(?:import|export)\b|\bimport\(", re.MULTILINE)
_HEAD: Final = """\
const made = {};
export const modules = {};
export const need = (name) => (made[name] ??= modules[name]());
const later = (name) => import("/static/%s").then(() => need(name));
"""


def needed(modules: Mapping[str, str], wanted: Iterable[str]) -> list[str]:
    """Return which modules some need before they run, with these, sorted.

    Args:
        modules: the texts of all, by name.
        wanted: the names of some.

    """
    found: set[str] = set()
    left = [name for name in wanted if name in modules]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += _FROM.findall(modules[name])
    return sorted(found)


def joined(modules: Mapping[str, str], *, main: str, first: str, rest: str) -> dict[str, str]:
    """Return the two files that all modules become: what a module needs at once, and what it imports later.

    Args:
        modules: the texts, by name.
        main: the module that runs at once.
        first: what the file with it and with what it needs is called.
        rest: what the file with all others is called.

    Raises:
        BugError: a module says something that is not understood, or needs itself.

    """
    early = needed(modules, [main])
    late = [name for name in sorted(modules) if name not in early]
    for name in modules:
        if any(name in needed(modules, [other]) for other in _FROM.findall(modules[name])):
            raise BugError(f"{name} needs itself")
    head = f'import {{ modules, need }} from "{_PLACE}{first}";\n'
    return {
        first: _HEAD % rest + "".join(_function(name, modules[name]) for name in early) + f'need("{main}");\n',
        rest: head + "".join(_function(name, modules[name]) for name in late),
    }


def _function(name: str, text: str) -> str:
    names = [found.strip("{} ") for found in _EXPORT.findall(text)]
    text = _NAMES.sub(lambda found: f'const {{{found[1].replace(" as ", ": ")}}} = need("{found[2]}");', text)
    text = _WHOLE.sub(r'const \1 = need("\2");', text)
    text = _LATER.sub(r'later("\1")', _EXPORT.sub("", text))
    left = _LEFT.search(text)
    if left is not None:
        raise BugError(f"{name}: not understood: {left[0].strip()}")
    return f'modules["{name}"] = () => {{\n{text}return {{ {", ".join(names)} }};\n}};\n'
