"""A widget as it is drawn, as an SVG that stands alone."""

import io
from typing import Final

from rich.console import Console
from rich.segment import Segment, Segments
from textual.widget import Widget

# Rich's own format draws the frame of a window and fetches its font from a server.
FORMAT: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {terminal_width} {terminal_height}">
<style>
.{unique_id}-matrix {{
  font-family: monospace; font-size: {char_height}px; line-height: {line_height}px;
}}
{styles}
</style>
<defs>
{lines}
</defs>
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</svg>
"""


def svg_of(widget: Widget) -> str:
    """What the screen shows where the widget lies; texts are text."""
    region = widget.region.intersection(widget.screen.region)
    console = Console(
        width=region.width,
        height=region.height,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
    )
    # What App.export_screenshot draws as well, but for all of the screen.
    for strip in widget.screen._compositor.render_strips()[region.y : region.bottom]:
        line = [*strip.crop(region.x, region.right), Segment.line()]
        console.print(Segments(line), end="")
    return console.export_svg(code_format=FORMAT, unique_id="figure")
