"""What threads tell the screen of the loop, which drops what no longer matters."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from tui.screens.loop.views import Choice, OverTime, Recalls, Shadows

if TYPE_CHECKING:
    from engine.jobs.draft import JobDraft
    from store.clusters import Member
    from store.interventions import FlaggedRecord
    from tui.services.results.intervention_rates import Period
    from tui.services.results.interventions import TrafficChange
    from tui.services.results.patterns import Pattern, Patterns
    from tui.services.results.queue import Queues
    from tui.services.results.rounds import Rounds


@dataclass
class OverTimeRead(Message):
    """The rates of a choice, under the stamp that they were asked for with."""

    stamp: str
    choice: Choice
    over_time: OverTime


@dataclass
class TrafficDrafted(Message):
    """The job that would measure how the texts changed."""

    draft: "JobDraft"


@dataclass
class FlaggedRead(Message):
    """Some of what was flagged in a period."""

    title: str
    period: "Period"
    traffic: "TrafficChange | None"
    records: "tuple[FlaggedRecord, ...]"


@dataclass
class PatternsRead(Message):
    """The patterns of a dataset."""

    patterns: "Patterns"


@dataclass
class MembersRead(Message):
    """Some of the rows of a pattern."""

    pattern: "Pattern"
    members: "tuple[Member, ...]"


@dataclass
class RecallsRead(Message):
    """Estimates of recall."""

    recalls: Recalls


@dataclass
class QueuesRead(Message):
    """The queues of a dataset."""

    queues: "Queues"


@dataclass
class ShadowsRead(Message):
    """A detector beside another."""

    shadows: Shadows


@dataclass
class RoundsRead(Message):
    """The rounds of a dataset."""

    rounds: "Rounds"
