"""The keys that label a text blindly: the labels of the task, and unsure."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tui.frame.snapshot import UNSURE_GLYPH, Labels
from tui.keys.keymap import Keymap
from tui.services.inert import one_line
from tui.widgets.flow import flow


class AuditLabelBar(Widget):
    """A field for each label, in the order of the task: key, glyph, name; unsure last."""

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__()
        named = [
            (view.key, f"{view.glyph} {one_line(view.name)}", view.style) for view in labels.views
        ]
        unsure = (keymap.shown("audit.unsure"), f"{UNSURE_GLYPH} unsure", "$quiet")
        self._fields = [
            Content.assemble((f" {key} ", "reverse bold"), " ", (name, style))
            for key, name, style in (*named, unsure)
        ]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Be as high as the fields need at this width."""
        return len(flow(self._fields, width))

    def render(self) -> Content:
        """Draw the fields, broken into lines where they do not fit on one."""
        return Content("\n").join(flow(self._fields, self.size.width))
