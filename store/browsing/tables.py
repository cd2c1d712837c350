"""The tables that can be browsed: seeds (all samples), questions, answers, and pairs."""

from collections.abc import Mapping
from typing import Final

from store.browsing.columns import Browsable, Column, Source, Stored, TableName

_SORTED: Final = 80  # characters of a text, by which texts are sorted


def _beginning(text: str) -> str:
    return f"lower(left({text}, {_SORTED}))"


def _predicted(item: str) -> str:
    """Label and probability by the newest initial detector that saw an item, by `item_id`."""
    return f"""SELECT item_id, arg_max(p.label, d.created_at) AS label,
        arg_max(list_max(p.probabilities), d.created_at) AS probability
    FROM (SELECT * FROM predictions
          WHERE item_kind = '{item}' AND error IS NULL AND {{among}}) p
    JOIN detectors d USING (detector_id) WHERE d.recipe = 'initial' GROUP BY item_id"""


_QUERIES: Final = Source(
    "q", f"SELECT *, {_beginning('text')} AS beginning FROM queries WHERE {{among}}",
    "queries", "query_id", "JOIN q ON q.query_id = a.query_id",
)  # fmt: skip
_SAMPLES: Final = Source(
    "s", f"SELECT *, {_beginning('text')} AS beginning FROM samples WHERE {{among}}",
    "samples", "sample_id", "JOIN s ON s.sample_id = q.sample_id",
)  # fmt: skip
_ROLES: Final = Source(
    "r", "SELECT dataset, list(role ORDER BY role) AS roles FROM dataset_roles GROUP BY dataset",
    "samples", "", "LEFT JOIN r ON r.dataset = s.dataset", ("s",),
)  # fmt: skip
_GUESSED: Final = Source(
    "g", _predicted("sample"), "samples", "item_id",
    "LEFT JOIN g ON g.item_id = s.sample_id", ("s",),
)  # fmt: skip
_PREDICTED: Final = Source(
    "p", _predicted("answer"), "answers", "item_id", "LEFT JOIN p ON p.item_id = a.answer_id"
)
_LABELS: Final = Source(
    "l", "SELECT answer_id, label, origin FROM answer_labels WHERE {among}",
    "answers", "answer_id", "LEFT JOIN l ON l.answer_id = a.answer_id",
)  # fmt: skip
_EXCLUDED: Final = Source(
    "x", "SELECT answer_id FROM excluded_answers WHERE {among}",
    "answers", "answer_id", "LEFT JOIN x ON x.answer_id = a.answer_id",
)  # fmt: skip
_DRIFT: Final = Source(
    "b",
    """SELECT answer_id, arg_max(answer_seed.f1, n.last) AS f1 FROM drift
    LEFT JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id) n
    USING (job_id) WHERE {among} GROUP BY answer_id""",
    "answers", "answer_id", "LEFT JOIN b ON b.answer_id = a.answer_id",
)  # fmt: skip
_ASKED: Final = Source(
    "n",
    """SELECT sample_id, count(*) AS questions FROM queries
    WHERE error IS NULL AND {among} GROUP BY sample_id""",
    "samples", "sample_id", "LEFT JOIN n ON n.sample_id = s.sample_id",
)  # fmt: skip
_ANSWERED: Final = Source(
    "m",
    """SELECT sample_id, count(*) AS answers
    FROM (SELECT query_id FROM answers WHERE error IS NULL)
    JOIN (SELECT query_id, sample_id FROM queries WHERE {among}) USING (query_id)
    GROUP BY sample_id""",
    "samples", "sample_id", "LEFT JOIN m ON m.sample_id = s.sample_id",
)  # fmt: skip
_REPLIES: Final = Source(
    "m",
    """SELECT query_id, count(*) AS answers FROM answers
    WHERE error IS NULL AND {among} GROUP BY query_id""",
    "queries", "query_id", "LEFT JOIN m ON m.query_id = q.query_id",
)  # fmt: skip

_SEED: Final = Column("seed", "text", "s.text", ("s",), "s.beginning")
_DATASET: Final = Column("dataset", "name", "s.dataset", ("s",))
_SEED_LABEL: Final = Column("seed_label", "name", "coalesce(s.label, g.label)", ("s", "g"))
_LABEL: Final = (
    Column("predicted", "name", "p.label", ("p",)),
    Column("label", "name", "l.label", ("l",)),
    Column("origin", "name", "l.origin", ("l",)),
)
_LEFT_OUT: Final = Column(
    "left_out", "name", "CASE WHEN x.answer_id IS NOT NULL THEN 'left out' END", ("x",)
)
_F1: Final = Column("f1", "number", "b.f1", ("b",))


def _made(alias: str, *sources: str) -> tuple[Column, ...]:
    """How a question or answer was made."""
    return (
        Column("flags", "set", f"{alias}.flags", sources),
        Column("error", "name", f"{alias}.error", sources),
        Column("tokens", "number", f"{alias}.new_tokens", sources),
        Column("characters", "number", f"length({alias}.text)", sources),
        Column("model", "name", f"{alias}.model", sources),
        Column("template", "name", f"{alias}.template", sources),
        Column("attempt", "number", f"{alias}.attempt", sources),
        Column("job", "name", f"{alias}.job_id", sources),
    )


def _own(name: str, alias: str) -> Column:
    """A text of a table's own rows."""
    return Column(name, "text", f"{alias}.text", (), _beginning(f"{alias}.text"))


TABLES: Final[Mapping[TableName, Browsable]] = {
    "seeds": Browsable(
        {"s": "samples"},
        "",
        (
            _own("seed", "s"),
            Column("dataset", "name", "s.dataset"),
            Column("roles", "set", "r.roles", ("r",)),
            Column("label", "name", "coalesce(s.label, g.label)", ("g",)),
            Column(
                "origin",
                "name",
                """CASE WHEN s.label IS NOT NULL THEN 'given'
                WHEN g.label IS NOT NULL THEN 'predicted' END""",
                ("g",),
            ),
            Column("questions", "number", "coalesce(n.questions, 0)", ("n",)),
            Column("answers", "number", "coalesce(m.answers, 0)", ("m",)),
            Column("characters", "number", "length(s.text)"),
            Column("group", "name", "s.group_key"),
            Column("own_id", "name", "s.external_id"),
            Column("file", "name", "s.source"),
            Column("line", "number", "s.line"),
            Column("id", "name", "s.sample_id"),
        ),
        (_ROLES, _GUESSED, _ASKED, _ANSWERED),
        {"samples": "s.sample_id"},
    ),
    "questions": Browsable(
        {"q": "queries"},
        "",
        (
            _own("question", "q"),
            _SEED,
            _DATASET,
            _SEED_LABEL,
            Column("answers", "number", "coalesce(m.answers, 0)", ("m",)),
            *_made("q"),
            Column("id", "name", "q.query_id"),
        ),
        (_SAMPLES, _GUESSED, _REPLIES),
        {"queries": "q.query_id", "samples": "q.sample_id"},
    ),
    "answers": Browsable(
        {"a": "answers"},
        "",
        (
            _own("answer", "a"),
            *_LABEL,
            Column("probability", "number", "p.probability", ("p",)),
            Column("dataset", "name", "s.dataset", ("q", "s")),
            Column("seed_label", "name", "coalesce(s.label, g.label)", ("q", "s", "g")),
            *_made("a"),
            _F1,
            _LEFT_OUT,
            Column("id", "name", "a.answer_id"),
        ),
        (_QUERIES, _SAMPLES, _GUESSED, _PREDICTED, _LABELS, _DRIFT, _EXCLUDED),
        {"answers": "a.answer_id"},
    ),
    "pairs": Browsable(
        {"q": "queries", "a": "answers"},
        "a.query_id = q.query_id",
        (
            _SEED,
            _own("question", "q"),
            _own("answer", "a"),
            _SEED_LABEL,
            *_LABEL,
            _F1,
            _DATASET,
            Column("question_flags", "set", "q.flags"),
            Column("answer_flags", "set", "coalesce(a.flags, [])"),
            Column("error", "name", "coalesce(a.error, q.error)"),
            _LEFT_OUT,
            Column("id", "name", "coalesce(a.answer_id, q.query_id)"),
        ),
        (_SAMPLES, _GUESSED, _PREDICTED, _LABELS, _DRIFT, _EXCLUDED),
        {"queries": "q.query_id", "answers": "a.answer_id", "samples": "q.sample_id"},
    ),
}

# In which columns of a stored table a text is searched for.
SEARCHED: Final[Mapping[Stored, tuple[str, ...]]] = {
    "samples": ("text",), "queries": ("text", "error"), "answers": ("text", "error")
}  # fmt: skip
