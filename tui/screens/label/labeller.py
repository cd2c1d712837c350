"""Labelling: one key labels a cluster by its representative and goes on to the next.

Every action waits until it is on disk and only then changes what is shown. Actions are bindings,
which run one after the other, so a fast typist's second key never labels the first cluster.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tui.frame.calls import Refused
from tui.frame.snapshot import LabelView
from tui.keys.bindings import bindings_named, label_bindings
from tui.screens.label.about import About
from tui.screens.label.bar import LabelBar, Offer
from tui.screens.label.browser import ClusterBrowser
from tui.screens.label.bulk import label_all
from tui.screens.label.clipboard import copy_pair
from tui.screens.label.foresight import Foresight
from tui.screens.label.guidelines import Guidelines
from tui.screens.label.labelling import Labelling
from tui.screens.label.marks import flag_current, note_current
from tui.screens.label.member_labels import label_member
from tui.screens.label.messages import LabelsForeseen
from tui.screens.label.progress import LabelProgress
from tui.screens.label.splitting import split_current, split_in_two
from tui.screens.label.views import Change
from tui.screens.label.wording import (
    describe_cluster,
    describe_labelled,
    describe_no_member,
    describe_outlook,
)
from tui.services.logged_words import describe_told

if TYPE_CHECKING:
    from store.clusters import Cluster
    from store.decisions import PutOff
    from store.logged import Told


class ClusterLabeller(Vertical):
    """The browser of clusters, what the keys will do to the current one, and the progress."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_named(
            "label", "confirm", "skip", "unsure", "flag", "note", "undo", "redo", "split",
            "split_in_two", "bulk",
            "guidelines", "about", "copy",
        ),
        *label_bindings(),
    ]  # fmt: skip

    def __init__(self, labelling: Labelling, browser: ClusterBrowser) -> None:
        super().__init__()
        self._labelling = labelling
        self._state = labelling.state
        self._browser = browser
        self._bar = LabelBar(labelling.labels, labelling.keymap)
        self._progress = LabelProgress(labelling.labels.words)
        self._foresight = Foresight(self, labelling)

    def compose(self) -> ComposeResult:
        """Lay out the panes, then what the keys will do, then how far the labelling is."""
        yield from (self._browser, self._bar, self._progress)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act here that was meant for a dialog."""
        return not self._labelling.questions.is_open

    def show(self) -> None:
        """Draw everything that a key may have changed."""
        self._browser.show()
        decisions, pace = self._state.work.decisions, self._state.pace
        keys = 0 if decisions.is_learned else pace.keys  # all of them bring learned labels together
        self._progress.show(decisions.tally, keys, pace.median_s)
        names = [view.name for view in self._labelling.labels.views]
        widest = self._offer(decisions.largest, max(names, key=len, default=""), None)
        guessed = max(map(self._guessed, decisions.tellings), key=len, default="")
        self._bar.widest = replace(widest, foreseen=self._foresight.widest(), guessed=guessed)
        self._bar.offer = self._current_offer()
        self._foresight.read_soon()

    def on_labels_foreseen(self, message: LabelsForeseen) -> None:
        """Show what the label keys will do."""
        self._state.foreseen[message.cluster_id] = message.foreseen
        self._bar.offer = self._current_offer()

    def _current_offer(self) -> Offer | str | None:
        """What a label key would do now, or why it would do nothing."""
        state, cluster = self._state, self._state.work.current
        if cluster is None:
            return None
        if self._browser.hides_text:
            return self._how_to_read()
        if state.is_among_members and state.member is None:
            return describe_no_member(self._labelling.keymap)
        if state.is_among_members:
            predicted = None if state.display.is_blind else cluster.predicted_label
            guessed = self._guessed(cluster.told)
            return Offer(cluster.size, None, predicted, state.member_label, guessed=guessed)
        decided = state.work.decisions.state(cluster.cluster_id)
        label = decided.label if decided else None
        offer = self._offer(cluster.size, cluster.predicted_label, label)
        if cluster.told is not None:
            return replace(offer, is_learned=False, guessed=self._guessed(cluster.told))
        return replace(offer, foreseen=self._foresight.of_current())

    def _guessed(self, told: "Told | None") -> str:
        """Who said what rows of production are; "" of others."""
        return describe_told(told, self._labelling.labels.words.guessed) if told else ""

    def _offer(self, rows: int, predicted: str, label: str | None) -> Offer:
        desk, is_blind = self._labelling.desk, self._state.display.is_blind
        reach = desk.reach(rows) if desk else rows
        is_learned = self._state.work.decisions.is_learned
        return Offer(rows, reach, None if is_blind else predicted, label, is_learned)

    def _describe(self, cluster: "Cluster") -> str:
        return describe_cluster(self._state.work, cluster, self._labelling.labels.words)

    def _must_read_first(self) -> bool:
        """Whether the text is hidden, and say so: nobody decides on what they do not see."""
        if self._browser.hides_text:
            self._labelling.say(self._how_to_read(), is_warning=True)
        return self._browser.hides_text

    def _how_to_read(self) -> str:
        key = self._labelling.keymap.shown("label.confirm")
        return f"{key} shows the text; decide when you have read it."

    async def action_label(self, key: str) -> None:
        """Label the cluster, or the chosen member, by the key of a label; others do nothing."""
        label = self._labelling.labels.keyed(key)
        if label is not None:
            await self._label(label)

    async def _label(self, label: LabelView) -> None:
        desk, cluster = self._labelling.desk, self._state.work.current
        if desk is None or cluster is None or self._must_read_first():
            return
        if self._state.is_among_members:
            await label_member(self._labelling, desk, cluster, label)
            return
        call = partial(desk.label, [cluster], [label.name], self._state.work.decisions.states)
        done = describe_labelled(label, cluster, self._labelling.labels)
        await self._decide(call, done, cluster)

    async def action_confirm(self) -> None:
        """Label as predicted; where the queue hides the text, show it."""
        cluster = self._state.work.current
        if self._browser.hides_text:
            self._state.show_pane("text")
            self._labelling.redraw()
        elif cluster is not None and self._state.display.is_blind:
            guessed = self._labelling.labels.words.guessed
            text = f"In blind mode nothing is {guessed}; use a label's key."
            self._labelling.say(text, is_warning=True)
        elif cluster is not None:
            label = self._labelling.labels.named(cluster.predicted_label)
            if label.key:
                await self._label(label)
            else:
                text = f"{label.name!r} is not a label of this task."
                self._labelling.say(text, is_warning=True)

    async def action_skip(self) -> None:
        """Put the cluster off."""
        await self._put_off("skip", "Skipped")

    async def action_unsure(self) -> None:
        """Record that the cluster has been read and cannot be labelled."""
        await self._put_off("unsure", "Unsure")

    async def _put_off(self, kind: "PutOff", done: str) -> None:
        desk, cluster = self._labelling.desk, self._state.work.current
        if self._state.is_among_members:
            key = self._labelling.keymap.shown("label.text")
            text = f"A single member can only be labelled; {key} goes back to its cluster."
            self._labelling.say(text, is_warning=True)
        elif desk is not None and cluster is not None and not self._must_read_first():
            states = self._state.work.decisions.states
            await self._decide(partial(desk.put_off, kind, cluster, states), done, cluster)

    async def _decide(self, call: Callable[[], Change], done: str, cluster: "Cluster") -> None:
        """Take a decision on the current cluster, and go on to the next."""
        state, place = self._state, self._describe(cluster)
        if isinstance(await self._labelling.take(call), Refused):
            return
        state.work.go_on()
        state.choose_member(0)
        outlook = describe_outlook(state.work, self._labelling.keymap)
        self._labelling.say(f"{done}: {place}. {outlook}")

    async def action_flag(self) -> None:
        """Flag the cluster, or take the flag away; stay at it."""
        await flag_current(self._labelling)

    async def action_note(self) -> None:
        """Write a note on the cluster."""
        await self._labelling.questions.begin(partial(note_current, self._labelling))

    async def action_undo(self) -> None:
        """Undo the newest action and go to its cluster."""
        await self._labelling.turn("undo")

    async def action_redo(self) -> None:
        """Do the newest undone action again and go to its cluster."""
        await self._labelling.turn("redo")

    async def action_split(self) -> None:
        """Ask for a number of parts and split the cluster."""
        await self._labelling.questions.begin(partial(split_current, self._labelling))

    async def action_split_in_two(self) -> None:
        """Split the cluster as it is proposed."""
        await split_in_two(self._labelling)

    async def action_bulk(self) -> None:
        """Label all clusters that are shown, after asking."""
        await self._labelling.questions.begin(partial(label_all, self._labelling))

    def action_guidelines(self) -> None:
        """Show what the labels mean."""
        self.app.push_screen(Guidelines(self._labelling.labels, self._labelling.keymap))

    def action_about(self) -> None:
        """Show all that is known of the cluster."""
        labelling, cluster = self._labelling, self._state.work.current
        if cluster is not None:
            work, is_blind = self._state.work, self._state.display.is_blind
            page = About(cluster, work, labelling.labels, labelling.keymap, is_blind=is_blind)
            self.app.push_screen(page)

    async def action_copy(self) -> None:
        """Copy seed, question and answer of the text that is shown."""
        desk, cluster, member = self._labelling.desk, self._state.work.current, self._state.member
        if desk is None or cluster is None:
            return
        answer_id = member.answer_id if member is not None else cluster.representative_id
        await copy_pair(self._labelling, desk, answer_id, self.app.copy_to_clipboard)
