"""Going through clusters and their members: the queue, the representative and the members.

They are side by side, or one at a time where it is narrow. This widget has the focus, so that
its keys act, and those of the widgets around it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from tui.frame.calls import Refused
from tui.frame.snapshot import LabelView
from tui.keys.bindings import bindings_named
from tui.screens.label.clipboard import copy_pair
from tui.screens.label.cluster_list import ClusterList
from tui.screens.label.detail_reader import DetailReader
from tui.screens.label.labelling import Labelling
from tui.screens.label.member_dialog import MemberDialog
from tui.screens.label.members import Members, MembersView
from tui.screens.label.messages import DetailRead
from tui.screens.label.representative import Representative, RepresentativeView
from tui.screens.label.views import BLIND_MEMBER_ORDERS, MEMBER_ORDERS, PANES, Detail
from tui.screens.work_screen import WIDE

if TYPE_CHECKING:
    from store.origins import Pair

ACTIVE: Final = "-active"


class ClusterBrowser(Horizontal, can_focus=True):
    """Three panes, of which one is active; it reads what it shows behind the current cluster."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_named(
        "label", "down", "up", "left", "right", "first", "last", "members_order", "draw",
        "origin", "page_down", "page_up",
    )  # fmt: skip

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self._state = labelling.state
        self._reader = DetailReader(self, labelling)
        self._list = ClusterList(labelling.labels)
        self._text = Representative(labelling.labels)
        self._members = Members(labelling.labels)

    def compose(self) -> ComposeResult:
        """Lay the panes side by side; style sheets hide all but one where it is narrow."""
        yield from (self._list, self._text, self._members)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act here that was meant for a dialog."""
        return not self._labelling.questions.is_open

    def on_show(self) -> None:
        """Take the focus back, which a widget loses while it is hidden."""
        self.screen.set_focus(self)

    @property
    def is_narrow(self) -> bool:
        """Whether the panes come up one at a time."""
        return self.size.width < WIDE

    @property
    def hides_text(self) -> bool:
        """Whether the representative cannot be seen, because the queue is there."""
        return self.is_narrow and self._state.display.pane == "queue"

    @property
    def top_line(self) -> int:
        """The line of the representative that is on top."""
        return self._text.top_line

    def scroll_text_to(self, line: int) -> None:
        """Put a line of the representative on top."""
        self._text.scroll_to_line(line)

    def show(self) -> None:
        """Draw everything that a key may have changed, and read what is missing."""
        state, display = self._state, self._state.display
        self._list.show(state.work, is_blind=display.is_blind)
        for name, pane in zip(PANES, (self._list, self._text, self._members), strict=True):
            pane.set_class(name == display.pane, ACTIVE)
        cluster, detail = state.work.current, state.detail
        if cluster is not None:
            self._text.view = RepresentativeView(
                cluster,
                state.work.decisions.state(cluster.cluster_id),
                detail,
                place=f"Cluster {state.work.index + 1:,} of {len(state.work.shown):,}",
                shows_origin=display.shows_origin,
                is_blind=display.is_blind,
            )
            if detail is None:
                self._reader.read_soon(cluster, "detail")
        members = detail.members if detail is not None else ()
        state.chosen_member = min(state.chosen_member, max(len(members) - 1, 0))
        # The members come a moment later, so that the text is there the sooner.
        self.call_after_refresh(self._show_members, detail)

    def _show_members(self, detail: Detail | None) -> None:
        if detail is None:
            self._members.view = None
            return
        state, override = self._state, self._state.work.decisions.override
        self._members.view = MembersView(
            detail,
            tuple(override(detail.key.cluster_id, member.answer_id) for member in detail.members),
            chosen=state.chosen_member if state.display.pane == "members" else None,
            is_blind=state.display.is_blind,
        )

    def on_detail_read(self, message: DetailRead) -> None:
        """Show seed, question and members; then read those of the cluster that comes next."""
        state, detail = self._state, message.detail
        state.details.put(detail)
        if state.work.current is None or state.work.current.cluster_id != detail.key.cluster_id:
            return
        self.show()
        upcoming = state.work.upcoming()
        if upcoming is not None and state.details.get(state.detail_key(upcoming)) is None:
            self._reader.read_soon(upcoming, "upcoming detail")

    def action_move(self, by: int) -> None:
        """Go to another member in their pane, else to another cluster."""
        state, detail = self._state, self._state.detail
        if state.display.pane == "members" and detail is not None:
            last = len(detail.members) - 1
            state.chosen_member = max(0, min(state.chosen_member + by, last))
        else:
            state.chosen_member = 0
            state.work.move(by)
        self._labelling.redraw()

    def action_move_to(self, place: int) -> None:
        """Go to the first (0) or last (-1) member or cluster."""
        state, detail = self._state, self._state.detail
        if state.display.pane == "members" and detail is not None:
            state.chosen_member = 0 if place == 0 else len(detail.members) - 1
        else:
            state.work.move_to(place)
        self._labelling.redraw()

    def action_pane(self, by: int) -> None:
        """Go to the pane at the right (1) or left (-1)."""
        place = PANES.index(self._state.display.pane) + by
        self._state.show_pane(PANES[max(0, min(place, len(PANES) - 1))])
        self._labelling.redraw()

    def action_scroll_text(self, pages: int) -> None:
        """Scroll the members if they are active, else the representative."""
        pane = self._members if self._state.display.pane == "members" else self._text
        pane.scroll_pages(pages)

    def action_toggle_origin(self) -> None:
        """Show or hide seed and question."""
        display = self._state.display
        self._state.display = replace(display, shows_origin=not display.shows_origin)
        self._labelling.redraw()

    def action_members(self) -> None:
        """Order the members another way; where it is narrow, bring them up first."""
        state, display = self._state, self._state.display
        if self.is_narrow and display.pane != "members":
            state.show_pane("members")
        else:
            orders = BLIND_MEMBER_ORDERS if display.is_blind else MEMBER_ORDERS
            following = orders[(orders.index(display.members_order) + 1) % len(orders)]
            state.chosen_member = 0
            state.display = replace(display, members_order=following)
        self._labelling.redraw()

    def action_draw(self) -> None:
        """Show random members, others each time."""
        state, display = self._state, self._state.display
        draw = display.draw + (display.members_order == "random")
        pane = "members" if self.is_narrow else display.pane
        state.chosen_member = 0
        state.display = replace(display, members_order="random", draw=draw, pane=pane)
        self._labelling.redraw()

    async def open_member(self) -> None:
        """Show the chosen member in full; a label there is for it alone."""
        labelling, state = self._labelling, self._state
        desk, detail = labelling.desk, state.detail
        if desk is None or detail is None or not detail.members:
            return

        async def read(answer_id: str) -> "Pair | None":
            pair = await labelling.make(lambda: desk.pair(answer_id))
            return None if isinstance(pair, Refused) else pair

        async def override(answer_id: str, label: LabelView) -> str:
            change = await labelling.take(lambda: desk.override(answer_id, label.name))
            if isinstance(change, Refused):
                return change.text
            return f"Labelled {label.glyph} {label.name}, this answer only."

        last = await labelling.questions.meet(
            MemberDialog(
                detail.members,
                min(state.chosen_member, len(detail.members) - 1),
                labelling.labels,
                labelling.keymap,
                read=read,
                override=override,
                undo=lambda: labelling.turn("undo"),
                copy=lambda pair: copy_pair(labelling, pair, self.app.copy_to_clipboard),
                label_of=lambda answer_id: state.work.decisions.override(
                    detail.key.cluster_id, answer_id
                ),
                is_blind=state.display.is_blind,
            )
        )
        state.chosen_member = last or 0
        labelling.redraw()
