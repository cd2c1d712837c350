"""How good detectors are: measures, two compared, the rows where they err, curves, slices."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import ClassVar, cast

from textual.binding import BindingType
from textual.widget import Widget

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.accuracy.choices import Choice, mark, overlay
from tui.screens.accuracy.contestants import fitting_measure, measure_name, next_measure
from tui.screens.accuracy.detector_views import DetectorViews
from tui.screens.accuracy.messages import AgainstRead, DatasetsRead, ScoresRead
from tui.screens.accuracy.seed_copy import SeedCopy
from tui.screens.accuracy.views import VIEWS, VIEWS_OF_WIDE, Subject, View
from tui.screens.accuracy.wording import EVALUATE, NOT_MARKED
from tui.screens.work_screen import WorkScreen
from tui.widgets.empty_state import EmptyState
from tui.widgets.table import RowClicked, Table
from tui.widgets.view_tabs import ViewChosen, ViewTabs


class AccuracyScreen(WorkScreen):
    """One view at a time of the chosen detector on a dataset; all are about the same subject."""

    SCOPE = "accuracy"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("accuracy")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._stamp = ""  # of the figures that were asked for last
        text = f"Detectors will be compared here once one has been evaluated: {EVALUATE}."
        self._empty = EmptyState(text, keymap, self.SCOPE)
        self._tabs = ViewTabs(VIEWS, "measures")
        self._has_chosen = False  # a detector; before, the best is
        self._views = DetectorViews(calls, keymap, labels)

    def compose_body(self) -> Iterable[Widget]:
        """Nothing yet, or the views, of which one is shown."""
        self._tabs.display = self._views.display = False
        yield self._empty
        yield self._tabs
        yield self._views

    def on_resize(self) -> None:
        """Have the chart below the measures, or in a view of its own."""
        self._tabs.views = VIEWS if self.is_narrow else VIEWS_OF_WIDE
        if self._views.shown == "chart" and not self.is_narrow:
            self._show_view("measures")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again if they may have changed."""
        self._empty.snapshot = snapshot
        desks = self.desks
        if desks is not None and snapshot.figures != self._stamp:
            self._stamp, desk = snapshot.figures, desks.accuracy
            self.read("datasets", lambda: DatasetsRead(desk.datasets()))

    def on_datasets_read(self, message: DatasetsRead) -> None:
        """Stay at the dataset and the detectors, if they are still there."""
        datasets, subject, desks = message.datasets, self._views.subject, self.desks
        if not datasets or desks is None:
            self._show(None)
            return
        first = datasets[0]
        subject = subject or Subject(desks.accuracy, datasets, first, first.detectors[0])
        self._go_to(subject.with_datasets(datasets, subject.dataset.dataset))

    def _go_to(self, subject: Subject) -> None:
        """Show a dataset as far as it is known, and read its scores."""
        desk, dataset = subject.desk, subject.dataset
        self._show(subject)
        self.read("scores", lambda: ScoresRead(dataset, desk.counted(dataset)))

    def on_scores_read(self, message: ScoresRead) -> None:
        """Show the counts, then read what takes longer; show that once it is there."""
        subject, dataset, scores = self._views.subject, message.dataset, message.scores
        if subject is None or dataset != subject.dataset:
            return
        desk, is_final = subject.desk, scores.is_complete or not scores.comparison.rows
        if not is_final:
            self.read("scores", lambda: ScoresRead(dataset, desk.complete(scores)))
        if is_final or subject.scores is None:
            measure = fitting_measure(subject.measure, scores)
            subject = replace(subject, scores=scores, measure=measure)
            self._show(subject if self._has_chosen else subject.move(-len(subject.listed)))
        if not is_final:
            self._compare(subject)

    def _compare(self, subject: Subject) -> None:
        """Read how far the others are from the marked one, if that is not known."""
        desk, dataset, marked = subject.desk, subject.dataset, subject.marked
        has_rows = subject.scores is not None and subject.scores.comparison.rows
        if marked is not None and subject.against is None and has_rows:
            self.read("against", lambda: AgainstRead(dataset, desk.against(dataset, marked)))

    def on_against_read(self, message: AgainstRead) -> None:
        """Show the differences, unless another one is marked by now."""
        subject, against = self._views.subject, message.against
        if subject is None or subject.dataset != message.dataset or subject.marked is None:
            return
        if subject.marked.detector_id == against.detector_id:
            self._show(replace(subject, against=against))

    def _show(self, subject: Subject | None) -> None:
        is_empty = subject is None
        self.show_empty(is_empty)
        self._empty.display = is_empty
        self._tabs.display = self._views.display = not is_empty
        self._views.subject = subject

    def _show_view(self, view: View) -> None:
        self.say("")
        self._tabs.current = view
        self._views.show(view)

    async def on_row_clicked(self, message: RowClicked) -> None:
        """Choose a row; where single rows are gone through, another table's leads out of them."""
        rows = self._views.rows
        if rows is not None and rows.is_entered and message.table not in rows.query(Table):
            rows.leave()
        await super().on_row_clicked(message)

    def on_view_chosen(self, message: ViewChosen) -> None:
        """Show the view whose name was clicked."""
        self._show_view(cast(View, message.view))

    def keys_without_effect(self) -> Collection[str]:
        """What needs another detector, another dataset, or rows, where there are none."""
        subject, rows = self._views.subject, self._views.rows
        if subject is None:
            return ()
        is_alone = len(subject.dataset.detectors) < 2
        does_nothing = {
            "mark": is_alone,
            "next_detector": is_alone,
            "next_benchmark": len(subject.datasets) < 2,
            "seeds": rows is None or rows.listing is None,
            "collapse": self._views.shown == "compare",
        }
        return [name for name, nothing in does_nothing.items() if nothing]

    def action_move(self, by: int) -> None:
        """Choose another line of what is listed; beside curves, another detector."""
        if not self._views.move(by) and self._views.subject is not None:
            self._has_chosen = True
            self._show(self._views.subject.move(by))

    def action_turn(self, by: int) -> None:
        """Go along a row of the matrix; show another curve, if one at a time is shown."""
        if self._views.shown == "curves" and not self.is_narrow:
            self.say("All curves are shown.")
        elif not self._views.turn(by):
            self.say("That is for the matrix of rows, and for curves.", is_warning=True)

    def action_open(self) -> None:
        """Show the chosen detector's rows; go into a group; open a row of it."""
        subject, rows = self._views.subject, self._views.rows
        if rows is None:
            self._show_view("rows")
        elif self._views.shown == "compare" and subject and not subject.compared:
            key = self.keymap.shown("accuracy.mark")
            self.say(NOT_MARKED.format(key=key), is_warning=True)
        else:
            rows.open()

    def action_back(self) -> None:
        """Leave the rows for their groups, and any view for the measures."""
        rows = self._views.rows
        if rows is not None and rows.is_entered:
            rows.leave()
        else:
            self._show_view("measures")

    def action_view(self, by: int) -> None:
        """Show a view beside this one, around the ends."""
        self._show_view(cast(View, self._tabs.beside(by)))

    def action_next_detector(self) -> None:
        """Choose the next detector; not the marked one, to be compared with itself."""
        if self._views.subject is not None:
            self._has_chosen = True
            subject = self._views.subject.move(1, around=True)
            if self._views.shown == "compare" and subject.detector == subject.marked:
                subject = subject.move(1, around=True)
            self._show(subject)

    def action_next_benchmark(self) -> None:
        """Show the next dataset."""
        subject = self._views.subject
        if subject is None:
            return
        if len(subject.datasets) == 1:
            text = f"Detectors were evaluated on this one only. Others: {EVALUATE}"
            self.say(text, is_warning=True)
        else:
            self._go_to(subject.with_datasets(subject.datasets, subject.next_dataset()))

    def action_mark(self) -> None:
        """Mark the chosen detector, or take its mark away."""
        if self._views.subject is not None:
            subject = self._take(mark(self._views.subject, self.keymap))
            self._compare(subject)

    def action_overlay(self) -> None:
        """Draw the curves of the chosen detector beside those of others, or no longer."""
        if self._views.subject is not None:
            self._take(overlay(self._views.subject, self.keymap))

    def _take(self, choice: Choice) -> Subject:
        """Show what was chosen with the chosen detector, and say so."""
        self._has_chosen = True
        self._show(choice.subject)
        self.say(choice.text, is_warning=choice.is_refused)
        return choice.subject

    def action_next_measure(self) -> None:
        """Show another measure in the chart, and order by it."""
        if self._views.subject is not None:
            subject = replace(self._views.subject, measure=next_measure(self._views.subject))
            subject = subject if self._has_chosen else subject.move(-len(subject.listed))
            self._show(subject)
            self.say(f"Ordered by {measure_name(subject)}.")

    def action_collapse(self) -> None:
        """Show all labels, or only positive and negative."""
        if self._views.shown == "compare":
            self.say("Two are compared by positive and negative only.", is_warning=True)
        elif self._views.subject is not None:
            self._show(
                replace(self._views.subject, is_collapsed=not self._views.subject.is_collapsed)
            )

    async def action_copy_seeds(self) -> None:
        """Copy the chosen row, or all rows of the group, as new seeds."""
        subject, rows, session = self._views.subject, self._views.rows, self.session
        if subject is None or session is None or rows is None or rows.listing is None:
            key = self.keymap.shown("accuracy.open")
            self.say(f"Choose rows first: {key} lists those of the detector.", is_warning=True)
        else:
            await SeedCopy(self, session, subject.desk).begin(subject.dataset, rows)
