"""Searching the representatives: what to search for, and going from hit to hit."""

from typing import Literal

from store.counting import counted
from tui.frame.calls import Refused
from tui.screens.dialogs.search import SearchDialog
from tui.screens.label.labelling import Labelling

EXPLANATION = "Words, or /a regular expression/, in the representatives."


class Searching:
    """The clusters that have what was searched for last."""

    def __init__(self, labelling: Labelling) -> None:
        self._labelling = labelling
        self._hits: frozenset[str] = frozenset()

    async def ask(self) -> None:
        """Ask for a text, and go to the next cluster whose representative has it."""
        labelling, state = self._labelling, self._labelling.state
        dialog = SearchDialog(EXPLANATION, state.searches, labelling.keymap, count=self._count)
        text = await labelling.questions.meet(dialog)
        desk = labelling.desk
        if text is None or desk is None:
            return
        hits = await labelling.make(lambda: desk.search(text)) if text else set[str]()
        if isinstance(hits, Refused):
            return
        state.search(text)
        self._hits = frozenset(hits.intersection(state.work.shown))
        if not text:
            labelling.redraw()
            labelling.say("What was searched for is no longer marked.")
        elif self._go_to_hit(1):
            keys = labelling.keymap.shown
            where = f"It is in {counted(len(self._hits), 'cluster')}"
            labelling.say(f"{where}; {keys('label.next_hit')} and "
                          f"{keys('label.previous_hit')} go on.")  # fmt: skip
        else:
            labelling.redraw()
            labelling.say("No cluster that is shown has it.", is_warning=True)

    async def _count(self, text: str) -> str:
        """In how many of the clusters that are shown a text is."""
        desk, shown = self._labelling.desk, self._labelling.state.work.shown
        if not text or desk is None:
            return ""
        hits = await self._labelling.attempt(lambda: desk.search(text))
        if isinstance(hits, Refused):
            return hits.text
        return f"In {len(hits.intersection(shown)):,} of {counted(len(shown), 'cluster')} shown."

    def go_on(self, by: Literal[1, -1]) -> None:
        """Go to the next hit (1) or the one before (-1); say so where there is none."""
        if not self._go_to_hit(by):
            key = self._labelling.keymap.shown("label.search")
            self._labelling.say(f"There is no hit to go to; {key} searches.", is_warning=True)

    def _go_to_hit(self, by: Literal[1, -1]) -> bool:
        labelling, state = self._labelling, self._labelling.state
        if not state.work.move_to_hit(self._hits, by):
            return False
        state.choose_member(0)
        state.show_pane("text")
        labelling.redraw()
        return True
