"""What the screen of the loop says in sentences."""

from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Final

from textual.content import Content

from store.counting import counted
from tui.services.inert import one_line
from tui.services.numbers import show_number, show_rate, show_share
from tui.services.results.intervention_words import show_begin
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.interventions import FlaggedRecord
    from store.shadow import ChangedRow
    from tui.services.periods import Length
    from tui.services.results.intervention_rates import Period
    from tui.services.results.interventions import TrafficChange

NOTHING: Final = (
    "What a deployed guard flagged will appear here over time, once its log has been imported: "
    "`backquery import LOG --dataset NAME --role production`."
)
COUNTING: Final = "counting …"
HOW_TO_READ: Final = (
    "Flagged per 1,000 records with a verdict (Wilson). ▲ ▼ since the period before, △ ▽ since all "
    "before: p < 0.05, two-sided, corrected over all changes (Holm). ┊ another version begins. "
    "Texts: how well those of a period are distinguished from those of the one before, by their "
    "embeddings (ROC-AUC, from 0.5)."
)
HOW_TO_READ_BRIEFLY: Final = "▲▼ since last, △▽ since all before: p < 0.05 (Holm). ┊ a new version."
ABOUT_TRAFFIC: Final = (
    "A job compares {rows} of the newest periods with as many of the period before: how well a "
    "classifier distinguishes them by their embeddings, and by their length alone. What was "
    "measured before stays. It goes on by itself."
)
LONGEST: Final = 600  # characters of a text


def describe_plain(datasets: Sequence[str]) -> str:
    """Why datasets of production are not here."""
    if not datasets:
        return ""
    names = ", ".join(one_line(name, 40) for name in datasets)
    return f"\n\n{names}: imported without a log, so without verdicts and times."


def title_of(period: "Period", by: "Length", name: str) -> str:
    """A series in a period."""
    return f"{one_line(name, 30)}, {by} from {show_begin(period.begin, by)}"


def describe_flagged(
    period: "Period", traffic: "TrafficChange | None", records: "Sequence[FlaggedRecord]"
) -> Content:
    """The rate of a period, and what was flagged in it."""
    counts = period.counts
    heading = (
        f"{counts.flagged:,} of {counts.verdicts:,} flagged, "
        f"{show_rate(period.rate.per_1000)} per 1,000 (95 %); {counts.failed:,} failed, "
        f"{counts.without_verdict:,} without a verdict, {counts.redacted + counts.absent:,} "
        f"without a text. {', '.join(map(one_line, period.versions))}."
    )
    if traffic:
        heading += (
            f" Its texts are distinguished from those of the period before (n = {traffic.n} and "
            f"{traffic.n_before}) with a ROC-AUC of {show_share(traffic.embedding)} by their "
            f"embeddings, {show_share(traffic.length)} by their length (95 %)."
        )
    lines = [Content.styled(heading, "$quiet")]
    for record in records:
        lines += [Content(""), Content.styled(_facts(record), "bold $accent"), *_texts(record)]
    if counts.flagged > len(records):
        newest = f"Only the newest {counted(len(records), 'record')} of {counts.flagged:,}."
        lines += [Content(""), Content.styled(newest, "$quiet")]
    return Content("\n").join(lines)


def describe_changed(row: "ChangedRow") -> Content:
    """A text of a changed verdict, whole, with its scores and its context."""
    scores = f"New score {show_number(row.new_score)}, old score {show_number(row.old_score)}."
    lines = [Content.styled(scores, "$quiet"), Content("")]
    if row.context is not None:
        lines += [plain(row.context), Content("")]
    return Content("\n").join([*lines, plain(row.text)])


def _facts(record: "FlaggedRecord") -> str:
    """When, by whom, and how."""
    score = None if record.score is None else show_number(record.score)
    local = record.logged_at.replace(tzinfo=UTC).astimezone()
    called = {"wrong": "called wrong by a user", "right": "called right by a user"}
    parts = (
        f"{local:%Y-%m-%d %H:%M:%S %Z}", ", ".join(record.categories), score,
        called.get(record.feedback or "", ""),
    )  # fmt: skip
    return one_line(" · ".join(part for part in parts if part))


def _texts(record: "FlaggedRecord") -> list[Content]:
    found = []
    if record.prompt:
        found.append(Content.styled("to: ", "$quiet") + plain(one_line(record.prompt, LONGEST)))
    if record.text is None:
        found.append(Content.styled(f"({record.missing or 'absent'} in the log)", "$quiet"))
    else:
        found.append(plain(one_line(record.text, LONGEST)))
    return found
