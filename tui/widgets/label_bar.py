"""What each key will do to the cluster that is looked at."""

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.views import Labels

GAP = "   "


@dataclass(frozen=True, slots=True)
class Offer:
    """A cluster as the bar needs it: its rows, its predicted label, and what it is decided as."""

    rows: int
    predicted: str
    label: str | None


class LabelBar(Widget):
    """A field for each label: key, glyph, name and the rows it will reach; Enter last."""

    offer: reactive[Offer | None] = reactive(None, layout=True)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def render(self) -> Content:
        """Draw the fields, broken into lines where they do not fit on one."""
        if self.offer is None:
            return Content("")
        rows = f"{self.offer.rows:,} row{'' if self.offer.rows == 1 else 's'}"
        fields = []
        for view in self._labels.views:
            is_set = view.name == self.offer.label
            name = f"{view.glyph} {view.name}"
            fields.append(
                Content.assemble(
                    (f" {view.key} ", "reverse bold"),
                    " ",
                    (name, f"{view.style} bold" if is_set else view.style),
                    " ✓ set" if is_set else f" → {rows}",
                )
            )
        predicted = self._labels.named(self.offer.predicted)
        fields.append(
            Content.assemble(
                (" Enter ", "reverse bold"),
                " as predicted: ",
                (f"{predicted.glyph} {predicted.name}", predicted.style),
            )
        )
        return _flow(fields, self.size.width or self.container_size.width)


def _flow(fields: list[Content], width: int) -> Content:
    lines = [fields[0]]
    for field in fields[1:]:
        if lines[-1].cell_length + len(GAP) + field.cell_length <= width:
            lines[-1] = lines[-1] + GAP + field
        else:
            lines.append(field)
    return Content("\n").join(lines)
