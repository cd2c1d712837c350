"""The text that stands for a cluster, in full, and where it came from."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.inert import one_line
from tui.views import Labels
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.clusters import Cluster
    from store.pairs import Pair


class Representative(VerticalScroll):
    """The representative of a cluster. `pair` is shown above it while `shows_origin` is set."""

    cluster: "reactive[Cluster | None]" = reactive(None)
    pair: "reactive[Pair | None]" = reactive(None)
    shows_origin: reactive[bool] = reactive(True)
    place: reactive[str] = reactive("")

    def __init__(self, labels: Labels) -> None:
        super().__init__(can_focus=False)
        self._labels = labels
        self._origin = Static(id="origin")
        self._text = Static(id="text")

    def compose(self) -> ComposeResult:
        """Lay the origin above the text."""
        yield self._origin
        yield self._text

    def watch_cluster(self, before: "Cluster | None", cluster: "Cluster | None") -> None:
        """Show another text from its top."""
        self._text.update(plain(cluster.representative) if cluster else Content(""))
        if before is None or cluster is None or before.cluster_id != cluster.cluster_id:
            self.scroll_home(animate=False)
        self._draw_title()

    def watch_place(self) -> None:
        """Show where in the queue this is."""
        self._draw_title()

    def watch_pair(self) -> None:
        """Show where the text came from, once it is read."""
        self._draw_origin()

    def watch_shows_origin(self) -> None:
        """Show or hide it."""
        self._draw_origin()

    def _draw_title(self) -> None:
        cluster = self.cluster
        if cluster is None:
            self.border_title = ""
            return
        predicted = self._labels.named(cluster.predicted_label)
        sure = "" if cluster.confidence is None else f" {cluster.confidence:.2f}"
        title = Content.assemble(
            self.place,
            " · predicted ",
            (f"{predicted.glyph} {one_line(predicted.name)}", predicted.style),
            sure,
        )
        self.border_title = title

    def _draw_origin(self) -> None:
        self._origin.display = self.shows_origin and self.pair is not None
        if self.pair is None:
            return
        seed = self._labels.named(self.pair.seed_label or "unlabelled")
        guessed = " (predicted)" if self.pair.seed_label_origin == "predicted" else ""
        self._origin.update(
            Content.assemble(
                ("SEED ", "bold $accent"),
                (f"{one_line(self.pair.dataset)}, ", "$quiet"),
                (f"{seed.glyph} {one_line(seed.name)}", seed.style),
                (guessed, "$quiet"),
                "\n",
                plain(self.pair.seed_text, "$quiet"),
                "\n",
                ("QUESTION", "bold $accent"),
                "\n",
                plain(self.pair.query, "$quiet"),
                "\n",
                ("ANSWER", "bold $accent"),
            )
        )
