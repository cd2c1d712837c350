"""Both themes can be read: the contrast of every text on every ground it is on."""

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.frame.theme import DARK, LIGHT

ENOUGH = 4.5  # WCAG 2.2, success criterion 1.4.3
TEXTS = ("foreground", "primary", "accent", "warning", "error", "success")
GROUNDS = ("background", "surface", "panel")


def luminance(hexadecimal: str) -> float:
    """Relative luminance by WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in Color.parse(hexadecimal).normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: str(theme.name))
def test_every_text_has_contrast_on_every_ground(theme: Theme) -> None:
    texts = {name: getattr(theme, name) for name in TEXTS}
    texts |= {
        name: colour
        for name, colour in theme.variables.items()
        if name == "quiet" or name.startswith("label-")
    }
    grounds = {name: getattr(theme, name) for name in GROUNDS}
    grounds["chosen"] = theme.variables["chosen"]
    weak = {
        (text, ground): round(contrast(colour, behind), 2)
        for text, colour in texts.items()
        for ground, behind in grounds.items()
        if contrast(colour, behind) < ENOUGH
    }
    assert weak == {}


def test_both_themes_name_the_same_colours() -> None:
    assert set(DARK.variables) == set(LIGHT.variables)
