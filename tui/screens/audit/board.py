"""The outcome of an audit: its figures, what was found wrong, and what can be done about it."""

from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import ClusterWanted, Said
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.audit.messages import FindingsRead, PairRead
from tui.screens.audit.noise import NoiseFigures
from tui.screens.audit.wrong_labels import WrongLabels
from tui.widgets.origin_text import Part

if TYPE_CHECKING:
    from store.audit_findings import WrongLabel
    from tui.screens.audit.desk import AuditDesk
    from tui.screens.audit.views import AuditFindings


class AuditBoard(Vertical):
    """Figures over the wrong labels. `desk` is set before anything is asked of it."""

    desk: "AuditDesk"

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(id="board")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._labels = labels
        self._figures = NoiseFigures()
        self._wrong = WrongLabels(labels, keymap)

    def compose(self) -> ComposeResult:
        """Lay the figures over what was found wrong."""
        yield self._figures
        yield self._wrong

    def refresh_findings(self) -> None:
        """Read figures and wrong labels again."""
        desk = self.desk
        self._asking.read("findings", lambda: FindingsRead(desk.findings()))

    def on_findings_read(self, message: FindingsRead) -> None:
        """Show what was read."""
        message.stop()
        self._show(message.findings)

    def _show(self, findings: "AuditFindings") -> None:
        self._figures.show(findings.report)
        self._wrong.show(findings.wrong)
        self._read_chosen()

    def _read_chosen(self) -> None:
        desk, chosen = self.desk, self._wrong.chosen
        if chosen is not None:
            answer_id = chosen.answer_id
            self._asking.read("text", lambda: PairRead(desk.pair(answer_id)))

    def on_pair_read(self, message: PairRead) -> None:
        """Show the text of the chosen label."""
        message.stop()
        self._wrong.show_pair(message.pair)

    @property
    def has_chosen(self) -> bool:
        """Whether a wrong label is chosen."""
        return self._wrong.chosen is not None

    def move(self, by: int) -> None:
        """Choose another wrong label."""
        self._wrong.move(by)
        self._read_chosen()

    def scroll_pages(self, pages: int) -> None:
        """Scroll the text."""
        self._wrong.scroll_pages(pages)

    def unfold(self, part: Part) -> None:
        """Show or hide where the chosen answer came from; or unfold its context."""
        self._wrong.unfold(part)

    async def override(self) -> None:
        """Give the chosen answer its audited label."""
        chosen = self._require_chosen()
        if chosen is None:
            return
        label = self._labels.named(chosen.found)
        if chosen.override == chosen.found:
            self.post_message(Said(f"It is overridden already: {label.glyph} {label.name}."))
            return
        findings = await self._asking.write(partial(self.desk.override, chosen))
        if findings is not None:
            self._show(findings)
            undo = self._keymap.shown("label.undo")
            text = f"Overrode: {label.glyph} {label.name}. In Label, {undo} undoes it."
            self.post_message(Said(text))

    def open_cluster(self, *, then_split: bool = False) -> None:
        """Go to the cluster of the chosen answer, to split it if so wished."""
        chosen = self._require_chosen()
        if chosen is not None:
            self.post_message(ClusterWanted(chosen.cluster_id, then_split))

    def _require_chosen(self) -> "WrongLabel | None":
        """The chosen wrong label; without one, None, and the message line says so."""
        chosen = self._wrong.chosen if self.display else None
        if chosen is None:
            text = "That is for labels that were found wrong; none is shown."
            self.post_message(Said(text, is_warning=True))
        return chosen
