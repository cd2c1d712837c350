"""How many of the learned labels are right by now, on one line, estimated in the background."""

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.screens.label.labelling import Labelling
from tui.screens.label.messages import QualityRead
from tui.services.results.quality_words import describe_briefly, describe_quality

if TYPE_CHECKING:
    from tui.services.results.label_quality import LabelQuality


class QualityLine(Static):
    """Shown where labels are learned; one estimate at a time, and another for what came since."""

    DEFAULT_CSS = "QualityLine { height: 1; padding: 0 1; text-wrap: nowrap; }"

    def __init__(self, labelling: Labelling) -> None:
        super().__init__("", markup=False)
        self._labelling = labelling
        self._is_reading = self._is_outdated = False
        self._quality: LabelQuality | None = None
        self.display = False

    def on_resize(self) -> None:
        """Say it in fewer words where there is less room."""
        self._show()

    def _show(self) -> None:
        if self._quality is not None:
            text = describe_quality(self._quality)
            is_long = len(text) > self.size.width
            self.update(Content(describe_briefly(self._quality) if is_long else text))

    def read_again(self) -> None:
        """Estimate by the decisions now; what is shown stays until then."""
        desk = self._labelling.desk
        if desk is None or not desk.learning.is_on:
            return
        if not self.display:
            self.display = True
            self.update(Content("Labels right: estimating …"))
        if self._is_reading:
            self._is_outdated = True
            return
        self._is_reading = True
        self._labelling.read(self, "quality", lambda: QualityRead(desk.quality()))

    def on_said(self) -> None:
        """Ask again after the next decision where the estimate was refused; why is said."""
        self._is_reading = self._is_outdated = False

    def on_quality_read(self, message: QualityRead) -> None:
        """Show the estimate; begin another if somebody decided meanwhile."""
        message.stop()
        self._quality = message.quality
        self._show()
        self._is_reading, is_outdated = False, self._is_outdated
        self._is_outdated = False
        if is_outdated:
            self.read_again()
