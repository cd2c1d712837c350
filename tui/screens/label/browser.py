"""Going through clusters and their members.

This widget has the focus, so that its keys act, and those of the widgets around it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tui.keys.bindings import bindings_named
from tui.screens.label.labelling import Labelling
from tui.screens.label.layout import toggled
from tui.screens.label.map_dialog import MapDialog
from tui.screens.label.messages import DetailRead, OriginRead, PlaceClicked
from tui.screens.label.panes import Panes
from tui.screens.label.soon import SoonReader
from tui.screens.label.suggesting import Suggesting
from tui.screens.label.suspects.dialog import SuspectsDialog
from tui.screens.label.views import BLIND_MEMBER_ORDERS, MEMBER_ORDERS, PANES, PaneName
from tui.widgets.origin_text import NO_CONTEXT, Part

if TYPE_CHECKING:
    from store.clusters import Cluster, Member


class ClusterBrowser(Vertical, can_focus=True):
    """Moves between clusters, members and panes, and reads what is behind the current cluster."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_named(
        "label", "down", "up", "left", "right", "first", "last", "queue", "members",
        "members_order", "draw", "origin", "context", "map", "doubtful", "page_down", "page_up",
        "answer",
    )  # fmt: skip

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self._state = labelling.state
        self._details = SoonReader(self, labelling)
        self._origins = SoonReader(self, labelling)
        self._suggesting = Suggesting(self, labelling)
        self.panes = Panes(labelling)

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield self.panes

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act here that was meant for a dialog."""
        return not self._labelling.questions.is_open

    def on_show(self) -> None:
        """Take the focus back, which a widget loses while it is hidden."""
        self.screen.set_focus(self)

    @property
    def hides_text(self) -> bool:
        """Whether the text cannot be seen, because the queue is there."""
        return self.panes.is_narrow and self._state.display.pane == "queue"

    def show(self) -> None:
        """Draw everything that a key may have changed, and read what is missing."""
        state = self._state
        self.panes.show()
        cluster, detail, member = state.work.current, state.detail, state.member
        if cluster is not None and detail is None:
            self._read_detail(cluster, "detail")
        is_wanted = state.display.unfolded.origin or self._labelling.labels.words.is_pair
        if member is not None and is_wanted and state.origin is None:
            self._read_origin(member)
        self._suggesting.follow()

    def _read_detail(self, cluster: "Cluster", group: str) -> None:
        desk, key = self._labelling.desk, self._state.detail_key(cluster)
        if desk is not None:
            self._details.read_soon(group, lambda: DetailRead(desk.texts.detail(cluster, key)))

    def read_again(self) -> None:
        """Read what is behind the current cluster again; what is shown stays until then."""
        if (cluster := self._state.work.current) is not None:
            self._read_detail(cluster, "detail")

    def _read_origin(self, member: "Member") -> None:
        desk, answer_id, patterns = self._labelling.desk, member.answer_id, self._state.patterns
        if desk is not None:
            call = desk.texts.member_origin
            self._origins.read_soon("origin", lambda: OriginRead(call(answer_id, patterns)))

    def on_detail_read(self, message: DetailRead) -> None:
        """Show seed, question and members; then read those of the cluster that comes next."""
        state, detail = self._state, message.detail
        state.details.put(detail)
        if state.work.current is None or state.work.current.cluster_id != detail.key.cluster_id:
            return
        self._labelling.redraw()
        upcoming = state.work.upcoming()
        if upcoming is not None and state.details.get(state.detail_key(upcoming)) is None:
            self._read_detail(upcoming, "upcoming detail")

    def on_origin_read(self, message: OriginRead) -> None:
        """Show seed and question of a member."""
        self._state.origin_read = message.origin
        self._labelling.redraw()

    def action_move(self, by: int) -> None:
        """Go to another member in their pane, else to another cluster."""
        state = self._state
        if state.is_among_members:
            state.choose_member(max(state.chosen_member + by, 0))
        else:
            state.choose_member(0)
            state.work.move(by)
        self._labelling.redraw()

    def action_move_to(self, place: int) -> None:
        """Go to the first (0) or last (-1) member or cluster."""
        state = self._state
        if state.is_among_members:
            state.choose_member(place)
        else:
            state.choose_member(0)
            state.work.move_to(place)
        self._labelling.redraw()

    def on_place_clicked(self, message: PlaceClicked) -> None:
        """Go to the cluster or the member that was clicked."""
        message.stop()
        state = self._state
        state.show_pane(message.pane)
        self.action_move_to(message.place)

    def action_pane(self, by: int) -> None:
        """Go to the pane at the right (1) or left (-1)."""
        place = PANES.index(self._state.display.pane) + by
        self._state.show_pane(PANES[max(0, min(place, len(PANES) - 1))])
        self._labelling.redraw()

    def action_toggle_side(self, side: PaneName) -> None:
        """Hide a pane beside the text, or bring it back; where it is narrow, go to it or back."""
        state, display = self._state, self._state.display
        back: PaneName = "text" if display.pane == side else display.pane
        if self.panes.is_narrow:
            state.show_pane("text" if display.pane == side else side)
        else:
            sides = toggled(side, self.panes.seen, display.sides)
            state.display = replace(display, sides=sides, pane=back)
        self._labelling.redraw()

    def action_scroll_text(self, pages: int) -> None:
        """Scroll the text."""
        self.panes.scroll_text(pages)

    def action_unfold(self, part: Part) -> None:
        """Show or hide seed and question, or the draw; or unfold the context of a pair."""
        display = self._state.display
        if part == "context" and not self._labelling.labels.words.is_pair:
            self._labelling.say(NO_CONTEXT, is_warning=True)
            return
        self._state.display = replace(display, unfolded=display.unfolded.turned(part))
        self._labelling.redraw()

    def action_members(self) -> None:
        """Order the members another way; where they are not seen, go to them first."""
        state, display = self._state, self._state.display
        if "members" not in self.panes.seen:
            state.show_pane("members")
        else:
            orders = BLIND_MEMBER_ORDERS if display.is_blind else MEMBER_ORDERS
            following = orders[(orders.index(display.members_order) + 1) % len(orders)]
            state.choose_member(0)
            state.display = replace(display, members_order=following)
        self._labelling.redraw()

    def action_draw(self) -> None:
        """Show random members, others each time."""
        state, display = self._state, self._state.display
        draw = display.draw + (display.members_order == "random")
        pane: PaneName = display.pane if "members" in self.panes.seen else "members"
        state.choose_member(0)
        state.display = replace(display, members_order="random", draw=draw, pane=pane)
        self._labelling.redraw()

    def action_useful_answer(self) -> None:
        """Go to the single answer from whose label most would be learned."""
        self._suggesting.go_to_answer()

    def action_map(self) -> None:
        """Show all clusters as a map, and go to the one that is opened there."""
        desk, cluster = self._labelling.desk, self._state.work.current
        if desk is not None:
            dialog = MapDialog(
                self._labelling, cluster.cluster_id if cluster else "", read=desk.maps.read
            )
            self.app.push_screen(dialog, self._go_to)

    def action_doubtful(self) -> None:
        """Show the most doubtful labels, one after the other."""
        desk, labelling = self._labelling.desk, self._labelling
        if self._state.display.is_blind:
            key = labelling.keymap.shown("label.blind")
            text = f"Blind mode hides what models and the detector say; {key} ends it."
            labelling.say(text, is_warning=True)
        elif desk is not None:
            self.app.push_screen(SuspectsDialog(labelling, desk, labelling.calls), self._go_to)

    def _go_to(self, cluster_id: str | None) -> None:
        """Go to a cluster; a filter that hides it is taken off."""
        if cluster_id is None:
            return
        if not self._state.work.reveal(cluster_id):
            self._labelling.say("That cluster is no longer in the list.", is_warning=True)
            return
        self._state.choose_member(0)
        self._state.show_pane("text")
        self._labelling.redraw()
