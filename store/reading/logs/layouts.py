"""Which layouts of logs are known, and which of them a file has."""

from collections.abc import Mapping, Sequence
from typing import Final

from store.reading.logs.bedrock import BEDROCK
from store.reading.logs.chat import CHAT
from store.reading.logs.garak import GARAK
from store.reading.logs.guardrails_ai import GUARDRAILS_AI
from store.reading.logs.litellm import LITELLM
from store.reading.logs.openinference import OPENINFERENCE
from store.reading.logs.otel import OTEL
from store.reading.logs.records import Layout, Row
from store.reading.logs.scored import SCORED
from store.reading.logs.wildchat import WILDCHAT

# The more particular ones first: their rows may look like those of others, too.
LAYOUTS: Final[Mapping[str, Layout]] = {
    "litellm": LITELLM,
    "guardrails-ai": GUARDRAILS_AI,
    "bedrock": BEDROCK,
    "garak": GARAK,
    "openinference": OPENINFERENCE,
    "otel": OTEL,
    "scored": SCORED,
    "wildchat": WILDCHAT,
    "chat": CHAT,
}
# What can be imported as a table of texts, too: it is taken as a log where the user says so.
PLAIN_TOO: Final = frozenset(("chat", "wildchat"))


def recognise(rows: Sequence[Row]) -> str | None:
    """The layout that most of a file's first rows have; None if more than half have none."""
    counts = {name: sum(map(layout.recognises, rows)) for name, layout in LAYOUTS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] * 2 > len(rows) else None
