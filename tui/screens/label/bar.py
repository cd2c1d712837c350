"""What each key will do, and to what: to the current cluster, or to one of its members."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive, var
from textual.widget import Widget

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.services.inert import one_line
from tui.widgets.flow import flow

if TYPE_CHECKING:
    from engine.spreading.learner import Foreseen

FOR_MEMBER = "-member"
GUESSED_WIDTH = 32  # of "flagged by" and the name of a guard
WIDE = 140  # columns from which counts are named
OVERTURNS = " (overturns)"  # beside a label that prompts were not written for
MEMBER_ONLY = "THIS MEMBER ONLY"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a label key will reach: `reach` of the cluster's `rows` members, nearest first.

    None in place of `reach` is the chosen member alone. `predicted` is None where it must not be
    seen; `guessed` says how it came about, if not as usual; `label` is what the cluster or the
    member is labelled as. `foreseen` says for each label
    how many answers would have it; None where labels spread by cluster, or as long as it is unknown
    or must not be seen.
    """

    rows: int
    reach: int | None
    predicted: str | None
    label: str | None
    is_learned: bool = False
    foreseen: "Mapping[str, Foreseen] | None" = None
    guessed: str = ""

    @property
    def is_for_member(self) -> bool:
        """Whether a key labels a single member."""
        return self.reach is None


class LabelBar(Widget):
    """What will be labelled; a field for each label with key, glyph and name; the prediction last.

    In place of an offer a sentence says why nothing can be labelled.

    The bar is as high as the `widest` offer needs, so that no smaller one moves the rest of the
    screen.
    """

    offer: reactive[Offer | str | None] = reactive[Offer | str | None](None)
    widest: var[Offer | None] = var[Offer | None](None, init=False)

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__()
        self._labels = labels
        self._words = labels.words
        self._keymap = keymap

    def watch_offer(self, offer: Offer | str | None) -> None:
        """Look different where a single member will be labelled."""
        self.set_class(isinstance(offer, Offer) and offer.is_for_member, FOR_MEMBER)

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
        if not isinstance(self.offer, Offer):
            return Content(self.offer or "")
        return Content("\n").join(flow(self._fields(self.offer), self.size.width))

    def _fields(self, offer: Offer) -> list[Content]:
        style = "bold reverse $warning" if offer.is_for_member else "bold"
        fields = [Content.styled(self._describe_reach(offer), style)]
        for view in self._labels.views:
            is_set = view.name == offer.label
            name = f"{view.glyph} {one_line(view.name)}{' ✓' if is_set else ''}"
            name += OVERTURNS if self._overturns(offer, view.name) else ""
            name += self._describe_foreseen(offer, view.name)
            fields.append(
                _field(view.key, "", name, f"{view.style} bold" if is_set else view.style)
            )
        if offer.predicted is not None:
            predicted = self._labels.named(offer.predicted)
            name = f"{predicted.glyph} {one_line(predicted.name)}"
            key = self._keymap.shown("label.confirm")
            guessed = one_line(offer.guessed, GUESSED_WIDTH) or self._words.guessed
            fields.append(_field(key, f"as {guessed}: ", name, predicted.style))
        return fields

    def _overturns(self, offer: Offer, label: str) -> bool:
        """Whether a label is another than what was written for one."""
        was_written = self._words.is_pair and not offer.guessed
        return was_written and offer.predicted not in (None, label)

    def _describe_reach(self, offer: Offer) -> str:
        if offer.reach is None:
            return f" {MEMBER_ONLY} "
        if offer.is_learned:
            counts = " (here+elsewhere)" if offer.foreseen and self.size.width < WIDE else ""
            return f"One of {counted(offer.rows, self._words.made)}{counts}:"
        if offer.reach < offer.rows:
            return f"Label nearest {offer.reach:,} of {counted(offer.rows, self._words.made)}:"
        return f"Label {counted(offer.rows, self._words.made)}:"

    def _describe_foreseen(self, offer: Offer, label: str) -> str:
        found = (offer.foreseen or {}).get(label)
        if found is None:
            return ""
        about = "~" if found.is_estimate else ""
        if self.size.width < WIDE:
            return f" {found.here:,}+{about}{found.elsewhere:,}"
        return f" → {found.here:,} here, {about}{found.elsewhere:,} more elsewhere"


def _field(key: str, what: str, name: str, style: str) -> Content:
    return Content.assemble((f" {key} ", "reverse bold"), f" {what}", (name, style))
