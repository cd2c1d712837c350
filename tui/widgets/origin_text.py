"""A text under what it came from: seed and question, or the draw and the context of a pair."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from textual.content import Content

from store.counting import counted
from tui.frame.task_words import TaskWords
from tui.services.inert import inert, one_line
from tui.services.logged_words import describe_logged
from tui.widgets.plain import Spans, marked

if TYPE_CHECKING:
    from store.origins import Pair

FOLDED: Final = 66  # characters of a folded context: a line of the narrowest pane
HEADING: Final = "bold $accent"
UNREAD: Final = "…"
NO_CONTEXT: Final = "The texts of this task come without a context."

Part = Literal["origin", "context"]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What is shown beside a text: where it came from, and all of its context.

    The context of a pair is never hidden, only folded.
    """

    origin: bool = False
    context: bool = False

    def turned(self, part: Part) -> "Unfolded":
        """The same with one of these the other way."""
        if part == "origin":
            return replace(self, origin=not self.origin)
        return replace(self, context=not self.context)


@dataclass(frozen=True, slots=True)
class OriginText:
    """How texts are laid out under their headings; `key`, if any, folds and unfolds a context."""

    words: TaskWords
    key: str

    def describe(
        self,
        text: str,
        pair: "Pair | None",
        unfolded: Unfolded,
        *,
        marks: Mapping[str, Spans] | None = None,
        remark: Content | None = None,
        is_blind: bool = False,
    ) -> Content:
        """The text, below its origin as far as that is unfolded; the pair is None until it is read.

        `marks` are places in texts that are inert already, `remark` stands beside the first
        heading. Where it `is_blind`, nothing is said of what a guard said.
        """
        spans = marks or {}
        shown = inert(text)
        body = marked(shown, spans.get(shown, ()))
        if not self.words.is_pair and not (unfolded.origin and pair is not None):
            return body
        logged = pair.logged if pair is not None else None
        names = self.words.origins if logged is None else self.words.observed
        first, second, last = (self._heading(name) for name in names)
        lines = []
        if unfolded.origin and pair is not None:
            lines.append(first + (remark or Content("")))
            if logged is None:
                lines.append(_quiet(pair.seed_text, spans))
            elif not is_blind:
                lines += [
                    Content.styled(one_line(line), "$quiet") for line in describe_logged(logged)
                ]
        if self.words.is_pair:
            context = None if pair is None else pair.query
            lines += self.describe_context(context, is_unfolded=unfolded.context, marks=spans)
        elif pair is not None and (logged is None or pair.query):
            lines += [second, _quiet(pair.query, spans)]
        return Content("\n").join([*lines, last, body])

    def frame(self, text: str, context: str, *, is_unfolded: bool) -> Content:
        """The text of a pair below its context."""
        lines = self.describe_context(context, is_unfolded=is_unfolded)
        heading = self._heading(self.words.origins[2])
        return Content("\n").join([*lines, heading, Content(inert(text))])

    def describe_context(
        self,
        context: str | None,
        *,
        is_unfolded: bool,
        marks: Mapping[str, Spans] | None = None,
    ) -> list[Content]:
        """A context under its heading: all of it, or its first line and how many words more.

        It takes as much room while it is not read, None, as it does folded.
        """
        heading = self._heading(self.words.origins[1])
        if context is None:
            return [heading, Content.styled(UNREAD, "$quiet")]
        if is_unfolded:
            fold = Content.styled(f"  {self.key} folds it" if self.key else "", "$quiet")
            return [heading + fold, _quiet(context, marks or {})]
        whole = inert(context)
        shown = whole.lstrip()
        line = fold_text(shown)
        more = len(shown.split()) - len(line.split())
        if more:
            rest = f"  {counted(more, 'word')} more: {self.key}"
            heading += Content.styled(rest, "$quiet")
        begin = len(whole) - len(shown)
        spans = _within((marks or {}).get(whole, ()), begin, begin + len(line))
        opening = marked(line, spans, "$quiet")
        return [heading, opening + Content.styled(" …" if more else "", "$quiet")]

    def _heading(self, name: str) -> Content:
        return Content.styled(name.upper(), HEADING)


def fold_text(text: str) -> str:
    """The first line of a text; as much of it as fits on a line, up to the end of a word."""
    line = text.split("\n", 1)[0].rstrip()
    if len(line) <= FOLDED:
        return line
    cut = line[: FOLDED + 1].rpartition(" ")[0]
    return cut.rstrip() or line[:FOLDED]


def _within(spans: Spans, begin: int, end: int) -> Spans:
    """Places between two characters, counted from the first of them."""
    return [
        (max(start, begin) - begin, min(stop, end) - begin)
        for start, stop in spans
        if begin < stop and start < end
    ]


def _quiet(text: str, marks: Mapping[str, Spans]) -> Content:
    shown = inert(text)
    return marked(shown, marks.get(shown, ()), "$quiet")
