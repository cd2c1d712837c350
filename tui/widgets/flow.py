"""Fields one after the other, broken into lines between them."""

from collections.abc import Sequence

from textual.content import Content

GAP = "   "


def flow(fields: Sequence[Content], width: int, gap: str = GAP) -> list[Content]:
    """Lines of at most `width` cells, where no single field is longer; `gap` is within lines."""
    lines = [fields[0]]
    for field in fields[1:]:
        if lines[-1].cell_length + len(gap) + field.cell_length <= width:
            lines[-1] = lines[-1] + gap + field
        else:
            lines.append(field)
    return lines
