"""Every colour that is drawn on another can be told from it: WCAG 2.2 AA, computed for both themes from the styles."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from nixernetes.adapters import web_server

STATIC = Path(web_server.__file__).parent / "data" / "static"
STYLES = "\n".join(path.read_text() for path in sorted(STATIC.glob("*.css")))
PAIR = re.compile(r"(--[\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);")
OWN = re.compile(r"\bcolor: var\((--[\w-]+)\)")
TINT = re.compile(r"background: color-mix\(in srgb, var\((--[\w-]+)\) (\d+)%, (?:var\((--[\w-]+)\)|transparent)\)")
SURFACES = ("--bg", "--card", "--sunken")
TEXTS = ("--text", "--soft", "--faint", "--accent")
STATES = ("--ready", "--progressing", "--failed", "--suspended")
TEXT, SHAPE = 4.5, 3.0  # of WCAG: 1.4.3 for texts of our sizes, 1.4.11 for what is seen and not read

Rgb = tuple[float, float, float]


def palette(theme: int) -> dict[str, Rgb]:
    return {name: rgb((light, dark)[theme]) for name, light, dark in PAIR.findall(STYLES)}


def rgb(text: str) -> Rgb:
    digits = text[1:] if len(text) > 4 else "".join(each * 2 for each in text[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def mixed(one: Rgb, two: Rgb, share: float) -> Rgb:
    red, green, blue = (first * share + second * (1 - share) for first, second in zip(one, two, strict=True))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, two: Rgb) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_there_is_one_palette() -> None:
    """Each colour is said once, for both themes; what is not of it is a shadow."""
    assert len(palette(0)) == len(set(PAIR.findall(STYLES))) > 12
    elsewhere = re.findall(r"#[0-9a-f]{3,8}\b", PAIR.sub("", STYLES))
    assert elsewhere == []
    assert "prefers-color-scheme" not in STYLES


@pytest.mark.parametrize("theme", [0, 1])
def test_every_pair_is_told_apart(theme: int) -> None:
    colours = palette(theme)
    wanted = [(colours[text], colours[on], f"{text} on {on}", TEXT) for text, on in product(TEXTS + STATES, SURFACES)]
    wanted += [
        (colours[each], colours[on], f"{each} on {on}", SHAPE) for each, on in product(("--rendered",), SURFACES)
    ]
    wanted += [(colours["--field"], colours[on], f"the border of a field on {on}", SHAPE) for on in ("--bg", "--card")]
    wanted.append((colours["--on-accent"], colours["--accent"], "a button", TEXT))
    wanted.append((colours["--card"], colours["--failed"], "a dangerous button", TEXT))
    for rule in re.findall(r"\{[^{}]*\}", STYLES):
        for name, share, base in TINT.findall(rule):
            own = OWN.findall(rule)
            texts = own or ["--text", "--soft", "--faint", *({name} - {"--sunken"})]
            if base == "--text":  # a button below the mouse
                texts = ["--on-accent"]
            for on, text in product((base,) if base else ("--card", "--bg"), texts):
                tint = mixed(colours[name], colours[on], int(share) / 100)
                wanted.append((colours[text], tint, f"{text} on {share}% of {name} over {on}", TEXT))
    low = {told: round(contrast(one, two), 2) for one, two, told, least in wanted if contrast(one, two) < least}
    assert low == {}
