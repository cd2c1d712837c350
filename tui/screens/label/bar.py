"""What each key will do to the current cluster."""

from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive, var
from textual.widget import Widget

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.widgets.flow import flow


@dataclass(frozen=True, slots=True)
class Offer:
    """What a label key will reach: `reach` of the cluster's `rows` members, nearest first.

    `predicted` is None where it must not be seen; `label` is what the cluster is decided as.
    """

    rows: int
    reach: int
    predicted: str | None
    label: str | None


class LabelBar(Widget):
    """A field for each label: key, glyph, name and the rows it will reach; the prediction last.

    The bar is as high as the `widest` offer needs, so that no smaller one moves the rest of the
    screen.
    """

    offer: reactive[Offer | None] = reactive(None)
    widest: var[Offer | None] = var[Offer | None](None, init=False)

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__()
        self._labels = labels
        self._keymap = keymap

    def watch_widest(self) -> None:
        """Make room for another offer."""
        self._make_room()

    def on_resize(self) -> None:
        """Make room in another width."""
        self._make_room()

    def _make_room(self) -> None:
        if self.widest is not None and self.size.width:
            self.styles.height = len(flow(self._fields(self.widest), self.size.width))

    def render(self) -> Content:
        """Draw the fields, broken into lines where they do not fit on one."""
        if self.offer is None:
            return Content("")
        return Content("\n").join(flow(self._fields(self.offer), self.size.width))

    def _fields(self, offer: Offer) -> list[Content]:
        fields = []
        for view in self._labels.views:
            is_set = view.name == offer.label
            name = f"{view.glyph} {view.name}"
            fields.append(
                Content.assemble(
                    (f" {view.key} ", "reverse bold"),
                    " ",
                    (name, f"{view.style} bold" if is_set else view.style),
                    " ✓ set" if is_set else f" → {_describe_reach(offer)}",
                )
            )
        if offer.predicted is not None:
            predicted = self._labels.named(offer.predicted)
            fields.append(
                Content.assemble(
                    (f" {self._keymap.shown('label.confirm')} ", "reverse bold"),
                    " as predicted: ",
                    (f"{predicted.glyph} {predicted.name}", predicted.style),
                )
            )
        return fields


def _describe_reach(offer: Offer) -> str:
    if offer.reach < offer.rows:
        return f"nearest {offer.reach:,} of {counted(offer.rows, 'row')}"
    return counted(offer.rows, "row")
