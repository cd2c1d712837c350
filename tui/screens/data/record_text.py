"""All that hangs on a row, as it is shown and as it is copied."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.frame.task_words import TaskWords
from tui.screens.data.views import OpenedRow, Spans
from tui.services.inert import inert, one_line
from tui.services.logged_words import describe_logged
from tui.services.numbers import show_number
from tui.widgets.origin_text import OriginText, Unfolded
from tui.widgets.plain import marked

if TYPE_CHECKING:
    from tui.services.results.records import MadeRecord, Predicted, Record, SeedRecord

MOST_CHARACTERS: Final = 50_000  # of one text on the screen; more takes long to wrap
_SECTION, _FACTS = "bold $accent", "$quiet"


def searched_texts(record: "Record") -> tuple[str, ...]:
    """The texts in which something can be searched for, each once, as they are shown."""
    seed = record.seed
    texts = [_shown(text) for text in (seed.context, seed.text) if text is not None]
    for item in record.made:
        texts += [_shown(item.text)] if item.text is not None else []
        texts += [one_line(item.error)] if item.error else []
    return tuple(dict.fromkeys(texts))


def show_record(row: OpenedRow, labels: Labels, texts: OriginText, unfolded: Unfolded) -> Content:
    """The record with its labels in their colours; a text beyond MOST_CHARACTERS is cut."""
    record, hits, seed = row.record, row.hits, row.record.seed
    words = labels.words
    lines = [
        _heading(f"{_seed_title(seed, words)} {one_line(seed.dataset)}", seed.label, "", labels),
        *_context_lines(seed.context, hits, texts, unfolded),
        _shown_text(seed.text, hits),
        *(_fact(line) for line in _seed_facts(seed)),
    ]
    for item in record.made:
        if _is_bare(item):
            continue
        lines += [
            Content(""),
            *_made_lines(item, row, labels, texts, unfolded),
            *([_error(one_line(item.error), hits)] if item.error else []),
            *(_fact(line) for line in _made_facts(item)),
            *_as_written(item),
        ]
    if not record.made and not words.is_pair and not _is_production(seed):
        lines += [Content(""), _fact("No question was written for it yet.")]
    return Content("\n").join(lines)


def copy_record(record: "Record", words: TaskWords) -> str:
    """The record as plain text, whole."""
    seed = record.seed
    label = f", {seed.label}" if seed.label else ""
    parts = [f"{_seed_title(seed, words)} ({seed.dataset}{label})", *_seed_facts(seed)]
    parts += [f"{words.origins[1].upper()}\n{seed.context}"] if seed.context else []
    parts.append(seed.text)
    for item in record.made:
        if _is_bare(item):
            continue
        label = f" ({item.label}, {item.origin})" if item.label else ""
        parts += ["", f"{_made_title(item, words)}{label}", *_made_facts(item)]
        parts += [f"ERROR {item.error}"] if item.error else []
        parts += [item.text] if item.text is not None else []
        parts += ["As the model wrote it:", item.raw] if item.raw else []
    return "\n".join(parts) + "\n"


def _seed_title(seed: "SeedRecord", words: TaskWords) -> str:
    """What a sample is: a seed; of pairs a draw, or a pair that was imported."""
    if _is_production(seed):
        return "PRODUCTION"
    if not words.is_pair:
        return "SEED"
    return "PAIR" if seed.context is not None else words.origins[0].upper()


def _made_title(item: "MadeRecord", words: TaskWords) -> str:
    names = words.observed if item.is_observed else words.origins
    return names[1 if item.what == "question" else 2].upper()


def _is_production(seed: "SeedRecord") -> bool:
    return "production" in seed.roles and "seed" not in seed.roles


def _is_bare(item: "MadeRecord") -> bool:
    """Whether it is the question of a row of production that answers nothing we know of."""
    return item.is_observed and item.what == "question" and not item.text


def _context_lines(
    context: str | None, hits: Mapping[str, Spans], texts: OriginText, unfolded: Unfolded
) -> Iterable[Content]:
    """The context of a pair, folded or not, and a heading for its text."""
    if context is not None:
        shown = context[:MOST_CHARACTERS]
        yield from texts.describe_context(shown, is_unfolded=unfolded.context, marks=hits)
        yield Content.styled(texts.words.origins[2].upper(), _SECTION)


def _made_lines(
    item: "MadeRecord", row: OpenedRow, labels: Labels, texts: OriginText, unfolded: Unfolded
) -> Iterable[Content]:
    """What a model wrote under its heading; a context folded or not."""
    if texts.words.is_pair and item.what == "question" and item.text is not None:
        shown, is_unfolded = item.text[:MOST_CHARACTERS], unfolded.context
        yield from texts.describe_context(shown, is_unfolded=is_unfolded, marks=row.hits)
        return
    yield _heading(_made_title(item, texts.words), item.label, item.origin or "", labels)
    if item.text is not None:
        yield _shown_text(item.text, row.hits)


def _heading(text: str, label: str | None, origin: str, labels: Labels) -> Content:
    heading = Content.styled(text, _SECTION)
    if label is None:
        return heading
    view = labels.named(label)
    return heading + Content.assemble(
        " ", (f"{view.glyph} {one_line(view.name)}", view.style), (f" {origin}", _FACTS)
    )


def _as_written(item: "MadeRecord") -> Iterable[Content]:
    """What the model wrote, where more than blanks was trimmed from it."""
    if item.raw and item.raw.strip() != (item.text or "").strip():
        yield _fact("as the model wrote it:")
        yield _shown_text(item.raw, {})


def _fact(text: str) -> Content:
    return Content.styled(one_line(text), _FACTS)


def _shown(text: str) -> str:
    return inert(text[:MOST_CHARACTERS])


def _shown_text(text: str, hits: Mapping[str, Spans]) -> Content:
    shown = _shown(text)
    content = marked(shown, hits.get(shown, ()))
    if len(text) <= MOST_CHARACTERS:
        return content
    more = f"\n… and {counted(len(text) - MOST_CHARACTERS, 'more character')}; copying takes all"
    return content + Content.styled(more, _FACTS)


def _error(text: str, hits: Mapping[str, Spans]) -> Content:
    return Content.styled("! ", "$warning") + marked(text, hits.get(text, ()), "$warning")


def _seed_facts(seed: "SeedRecord") -> Iterator[str]:
    roles = ", ".join(seed.roles)
    yield f"{roles} · {seed.file}, line {seed.line:,} · {counted(len(seed.text), 'character')}"
    own = [("own id", seed.own_id), ("group", seed.group), ("id", seed.sample_id)]
    yield " · ".join(f"{name} {value}" for name, value in own if value)
    if seed.logged is not None:
        yield from describe_logged(seed.logged)
    if seed.copies > 1:
        yield f"{counted(seed.copies, 'row')} of all datasets have this very text"
    yield from _predicted(seed.predicted)


def _made_facts(item: "MadeRecord") -> Iterator[str]:
    flags = [f"⚑ {', '.join(item.flags)}"] if item.flags else []
    left_out = ["left out of training"] if item.is_left_out else []
    length = [counted(len(item.text), "character")] if item.text is not None else []
    if item.is_observed:
        selected = ["selected to be labelled"] if item.what == "answer" else []
        place = [f"cluster {item.cluster_id}"] if item.cluster_id else []
        yield " · ".join([*selected, *left_out, *length, *place, f"id {item.row_id}"])
        yield from _predicted(item.predicted)
        return
    yield " · ".join([*flags, *left_out, counted(item.tokens, "new token"), *length])
    asked = [item.model, f"template {item.template}", f"attempt {item.attempt}"]
    yield " · ".join(filter(None, (*asked, _sampling(item.sampling))))
    cluster = f" · cluster {item.cluster_id}" if item.cluster_id else ""
    yield f"job {item.job_id} · id {item.row_id}{cluster}"
    yield from _predicted(item.predicted)
    if item.scores:
        scores = (f"{_comparison(name)} {show_number(f1)}" for name, f1 in item.scores)
        yield f"F1: {', '.join(scores)}"


def _sampling(stored: str) -> str:
    """The settings of sampling, which are stored as JSON, in words."""
    settings = json.loads(stored)
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in settings.items())


def _comparison(name: str) -> str:
    """Which texts are compared: answer_query is answer against question."""
    return name.replace("query", "question").replace("_", " against ")


def _predicted(found: "Sequence[Predicted]") -> Iterable[str]:
    if found:
        parts = (
            f"{item.label or 'none'} {show_number(item.probability)} ({item.detector})"
            for item in found
        )
        yield f"predicted: {', '.join(parts)}"
