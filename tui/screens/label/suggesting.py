"""What to decide next, asked for again after each decision, without any key waiting for it."""

from functools import partial
from typing import Final

from textual.widget import Widget

from tui.frame.calls import Refused
from tui.screens.label.labelling import Labelling
from tui.screens.label.useful_answers import go_to_useful_answer

ASKED: Final = "Looking for the {}s whose labels are of most use…"
CAME_LATE: Final = "The {}s whose labels are of most use are known now; {} goes to one."


class Suggesting:
    """Suggestions by the newest decisions, as long as anybody wants them; `widget` works on it.

    One request is made at a time. What was decided meanwhile is asked about after it.
    """

    def __init__(self, widget: Widget, labelling: Labelling) -> None:
        self._widget = widget
        self._labelling = labelling
        self._state = labelling.state
        self._asked: object = None  # the decisions that were asked about last
        self._is_asking = False
        self._waits_at: object = None  # where the user was who waits for an answer to go to

    def follow(self) -> None:
        """Ask again if something is other than it was, and what to decide next is wanted."""
        if self._is_wanted and not self._is_asking and self._asked != self._stamp:
            self._is_asking = True
            self._widget.run_worker(self._ask(), group="suggestions", exit_on_error=False)

    def go_to_answer(self) -> None:
        """Go to the most useful answer; if none is known yet, as soon as one is.

        Whoever has gone on meanwhile stays there, and is told.
        """
        if self._state.work.suggestions.answers:
            go_to_useful_answer(self._labelling)
            return
        self._waits_at = self._place
        self._labelling.say(ASKED.format(self._labelling.labels.words.made))
        self.follow()

    @property
    def _is_wanted(self) -> bool:
        desk, work = self._labelling.desk, self._state.work
        has_reason = work.order == "most useful" or self._waits_at is not None
        return desk is not None and (has_reason or bool(self._asked) or desk.learning.is_on)

    @property
    def _stamp(self) -> object:
        state = self._state
        return (state.changes, state.fits, state.clustering, state.elsewhere)

    @property
    def _place(self) -> object:
        cluster, state = self._state.work.current, self._state
        return (cluster and cluster.cluster_id, state.display.pane, state.changes)

    async def _ask(self) -> None:
        desk, decisions = self._labelling.desk, self._state.work.decisions
        try:
            while desk is not None and self._asked != self._stamp:
                self._asked, decisions = self._stamp, self._state.work.decisions
                clusters, states = tuple(decisions.clusters), dict(decisions.states)
                call = partial(desk.learning.suggest, clusters, states, desk.seed)
                found = await self._labelling.attempt(call)
                if isinstance(found, Refused):
                    self._waits_at = None
                    self._labelling.say(found.text, is_warning=True)
                    return
                self._state.work.suggest(found)
                self._labelling.redraw()
                self._end_wait()
        finally:
            self._is_asking = False

    def _end_wait(self) -> None:
        waits_at, self._waits_at = self._waits_at, None
        if waits_at == self._place:
            go_to_useful_answer(self._labelling)
        elif waits_at is not None:
            key, made = (
                self._labelling.keymap.shown("label.answer"),
                self._labelling.labels.words.made,
            )
            self._labelling.say(CAME_LATE.format(made, key))
