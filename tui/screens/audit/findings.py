"""What an audit has found, and what can be done about it: override a label, go to its cluster."""

from functools import partial
from typing import TYPE_CHECKING

from tui.frame.calls import Calls
from tui.frame.messages import AuditFiguresRead, AuditTextRead, ClusterWanted
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.audit.board import AuditBoard
from tui.screens.audit.views import AuditFigures
from tui.screens.work_screen import WorkScreen

if TYPE_CHECKING:
    from store.audit_judgements import WrongLabel


class AuditFindings(WorkScreen):
    """The part of the audit screen that has the figures, seen while `shows_board` is set."""

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.labels = labels
        self.shows_board = False
        self.board = AuditBoard(labels)

    def read_figures(self) -> None:
        """Read the figures anew."""
        session = self.session
        if session is not None:
            self.read("figures", lambda: AuditFiguresRead(session.audits.figures()))

    def on_audit_figures_read(self, message: AuditFiguresRead) -> None:
        """Show the figures that came."""
        self._take_figures(message.figures)

    def _take_figures(self, figures: AuditFigures) -> None:
        self.board.show_figures(figures)
        self._read_chosen()

    def _read_chosen(self) -> None:
        session, chosen = self.session, self.board.chosen
        if session is not None and chosen is not None:
            answer_id = chosen.answer_id
            self.read("text", lambda: AuditTextRead(session.audits.pair(answer_id)))

    def on_audit_text_read(self, message: AuditTextRead) -> None:
        """Show the text of the chosen row."""
        self.board.show_pair(message.pair)

    def choose(self, by: int) -> None:
        """Choose another wrong label."""
        self.board.move(by)
        self._read_chosen()

    def _chosen(self) -> "WrongLabel | None":
        """Return the chosen wrong label, or say that there is none."""
        chosen = self.board.chosen if self.shows_board else None
        if chosen is None:
            self.say("That is for labels that were judged wrong; none is shown.", is_warning=True)
        return chosen

    async def action_override(self) -> None:
        """Give the chosen answer the label it was judged as."""
        chosen = self._chosen()
        if chosen is None or self.session is None:
            return
        label = self.labels.named(chosen.judged)
        if chosen.override == chosen.judged:
            self.say(f"It is overridden already: {label.glyph} {label.name}.")
            return
        figures = await self.write(partial(self.session.audits.override, chosen))
        if figures is not None:
            self._take_figures(figures)
            undo = self.keymap.shown("label.undo")
            self.say(f"Overrode: {label.glyph} {label.name}. In Label, {undo} undoes it.")

    def action_open_cluster(self) -> None:
        """Go to the cluster of the chosen answer."""
        self._want_cluster(then_split=False)

    def action_split_cluster(self) -> None:
        """Go to the cluster of the chosen answer, and split it."""
        self._want_cluster(then_split=True)

    def _want_cluster(self, *, then_split: bool) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.post_message(ClusterWanted(chosen.cluster_id, then_split))
