"""The most doubtful labels, one after the other: why each is doubtful, and one key to decide."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType
from textual.widgets import Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls, Refused
from tui.frame.messages import Said
from tui.frame.snapshot import LabelView
from tui.keys.bindings import bindings, label_bindings
from tui.screens.dialogs.frame import FRAME_STYLE, Dialog
from tui.screens.label.labelling import Labelling
from tui.screens.label.suspects.messages import SuspectRead, SuspectsFound
from tui.screens.label.suspects.queue import SuspectQueue
from tui.screens.label.suspects.wording import (
    describe_doubt,
    describe_none,
    describe_reach,
)
from tui.services.inert import one_line
from tui.widgets.flow import GAP, flow
from tui.widgets.hint_bar import HintBar
from tui.widgets.origin_text import NO_CONTEXT, OriginText, Part, Unfolded
from tui.widgets.pane import Pane

if TYPE_CHECKING:
    from store.origins import Pair
    from tui.screens.label.desk import LabelDesk
    from tui.screens.label.views import Change
    from tui.services.results.suspects import Suspect, SuspectReport

EDGES: Final = 8  # of the dialog and of the text in it
SEARCHING: Final = "Searching for doubtful labels; this takes some seconds."


class SuspectsDialog(Dialog[str]):
    """Gives back the id of the cluster to go to, if one was asked for.

    A label's key decides as on the screen below: the cluster, by its representative, or the answer.
    """

    SCOPE = "suspect"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("suspect"), *label_bindings()]

    def __init__(self, labelling: Labelling, desk: "LabelDesk", calls: Calls) -> None:
        super().__init__("Doubtful labels", labelling.keymap)
        self._labelling = labelling
        self._desk = desk
        self._asking = Asking(self, calls)
        self._report: SuspectReport | None = None
        self._queue = SuspectQueue()
        self._pair: Pair | None = None
        self._unfolded = Unfolded(context=labelling.state.display.unfolded.context)
        self._words = labelling.labels.words
        self._texts = OriginText(self._words, labelling.keymap.shown("suspect.context"))
        self._why = Static(id="why", markup=False)
        self._text = Pane(id="suspect")
        self._bar = Static(id="keys", markup=False)
        self._done = Static(SEARCHING, id="done", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out the reasons, the text, what a key will do, and what was done."""
        yield self.boxed(self._why, self._text, self._bar, self._done)

    def on_mount(self) -> None:
        """Search while keys can still close the dialog."""
        self.query_one(HintBar).without_effect = frozenset({self._words.unhinted})
        find = self._desk.suspects.find
        self._asking.read("suspects", lambda: SuspectsFound(find()))

    def on_said(self, message: Said) -> None:
        """Say here why something was refused: the line of the screen is below."""
        message.stop()
        self._say(message.text)

    def on_suspects_found(self, message: SuspectsFound) -> None:
        """Begin with the most doubtful one."""
        self._report = message.report
        self._queue = SuspectQueue(message.report.suspects)
        self._say("")
        self._show()

    def on_suspect_read(self, message: SuspectRead) -> None:
        """Show the text, unless another one is current by now."""
        current = self._queue.current
        if current is not None and message.pair.answer_id == current.answer_id:
            self._pair = message.pair
            self._show_text()

    def _show_text(self) -> None:
        """Draw the current text, below where it came from as far as that is known."""
        current, pair = self._queue.current, self._pair
        if current is not None:
            read = pair if pair is not None and pair.answer_id == current.answer_id else None
            text = current.text if read is None else read.answer
            self._text.show(self._texts.describe(text, read, self._unfolded))

    def _say(self, text: str) -> None:
        self._done.update(one_line(text))

    def _show(self) -> None:
        """Draw the current one, and read its text."""
        current, report = self._queue.current, self._report
        if report is None:
            return
        if current is None:
            self._text.border_title = ""
            self._why.update("")
            self._bar.update("")
            has_decided = self._queue.can_undo
            text = (
                "Every doubtful label is decided."
                if has_decided
                else describe_none(report, self._words)
            )
            self._text.show(Content(text))
            return
        labels, desk = self._labelling.labels, self._desk
        place = f"{self._queue.place + 1:,} of {len(self._queue):,}"
        self._text.border_title = f"{place} · doubt {current.doubt:.2f}"
        said = describe_doubt(current, desk.suspects.annotator, labels)
        self._why.update(self._in_lines(said, " "))
        self._bar.update(self._keys(current))
        self._show_text()
        answer_id = current.answer_id
        self._asking.read("suspect", lambda: SuspectRead(desk.texts.pair(answer_id)))

    def _keys(self, current: "Suspect") -> Content:
        reach = self._desk.reach(current.size or 1)
        fields = [Content.styled(describe_reach(current, reach, self._words), "bold")]
        for view in self._labelling.labels.views:
            name = f"{view.glyph} {one_line(view.name)}"
            fields.append(
                Content.assemble((f" {view.key} ", "reverse bold"), " ", (name, view.style))
            )
        return self._in_lines(fields, GAP)

    def _in_lines(self, fields: Sequence[Content], gap: str) -> Content:
        """Fields beside each other, on as many lines as they need."""
        width = self._text.size.width or self.app.size.width - EDGES
        return Content("\n").join(flow(fields, width, gap))

    async def action_label(self, key: str) -> None:
        """Decide by the key of a label; other keys do nothing."""
        label, current = self._labelling.labels.keyed(key), self._queue.current
        if label is None or current is None:
            return
        what = f"this {self._words.made} only"
        if current.origin == "centroid":
            what = f"the cluster of {counted(current.size or 1, self._words.made)}"
        undo = self._labelling.keymap.shown("suspect.undo")
        await self._decide(
            lambda: self._label(current, label),
            f"Labelled {label.glyph} {label.name}: {what}. {undo} undoes it.",
        )

    def _label(self, suspect: "Suspect", label: LabelView) -> "Change":
        """Label the cluster, or the answer; blocks."""
        decisions, cluster_id = self._labelling.state.work.decisions, suspect.cluster_id
        if suspect.origin == "centroid" and cluster_id is not None and cluster_id in decisions:
            cluster = decisions.cluster(cluster_id)
            return self._desk.label([cluster], [label.name], decisions.states)
        return self._desk.suspects.override(suspect, label.name, decisions.overrides)

    async def action_keep(self) -> None:
        """Keep the label, and leave it out until something else is said of it."""
        current, desk = self._queue.current, self._desk
        if current is not None:
            label = self._labelling.labels.named(current.label)
            undo = self._labelling.keymap.shown("suspect.undo")
            done = f"Kept {label.glyph} {label.name}, until something else speaks against it. "
            await self._decide(lambda: desk.suspects.keep(current), f"{done}{undo} undoes it.")

    async def _decide(self, call: "Callable[[], Change]", done: str) -> None:
        change = await self._labelling.take(call)
        if isinstance(change, Refused):
            self._say(change.text)
            return
        self._queue.decide()
        self._say(done)
        self._show()

    async def action_undo(self) -> None:
        """Undo what was decided here last, and show it again."""
        if not self._queue.can_undo:
            self._say("Nothing was decided here that could be undone.")
            return
        self._say(await self._labelling.turn("undo"))
        self._queue.bring_back()
        self._show()

    def action_move(self, by: int) -> None:
        """Go to the next one (1), or the one before (-1), without deciding."""
        self._queue.move(by)
        self._show()

    def action_scroll_text(self, pages: int) -> None:
        """Scroll the text."""
        self._text.scroll_pages(pages)

    def action_unfold(self, part: Part) -> None:
        """Show or hide seed and question, or the draw; or unfold the context of a pair."""
        if part == "context" and not self._words.is_pair:
            self._say(NO_CONTEXT)
            return
        self._unfolded = self._unfolded.turned(part)
        self._show_text()

    def action_open(self) -> None:
        """Close, and go to the answer's cluster."""
        current = self._queue.current
        if current is not None:
            self.dismiss(current.cluster_id)
