"""How texts become what a model takes: token ids, cut at its limits, and batches of equal length.

There is one way for single texts and one for each architecture of pairs.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from engine.errors import ModelUnavailable
from engine.models.architecture import LONGEST_SIDE, find_architecture, find_max_tokens

if TYPE_CHECKING:
    import polars as pl

Row = Mapping[str, list[int]]

# A tokenizer takes some 100 bytes for each token of the whole text before it cuts it.
MOST_CHARACTERS: Final = 1 << 20
CONTEXT_IDS: Final = "context_input_ids"  # of a row for a bi-encoder


class ModelInputs(Protocol):
    """How texts, or pairs with their contexts, become what one model takes."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text, or of a pair, are taken."""

    def encode(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Row]:
        """What the model takes for each text, not yet padded; single texts have no contexts."""

    def pad(self, rows: Sequence[Row]) -> Any:
        """Rows as one batch of tensors, padded to the longest of them."""

    def order(self, row: Row) -> Any:
        """A key to sort rows by, so that those that are computed together cost little."""


def make_inputs(model: Any, tokenizer: Any) -> ModelInputs:
    """How texts become what this model takes, by its configuration and its tokenizer's limit."""
    match find_architecture(model.config):
        case "bi-encoder":
            limits = model.config.max_context_tokens, model.config.max_text_tokens
            return BiEncoderInputs(tokenizer, *limits)
        case "cross-encoder":
            return CrossEncoderInputs(tokenizer, find_max_tokens(model, tokenizer))
        case None:
            return TextInputs(tokenizer, find_max_tokens(model, tokenizer))


def set_limits(
    model: Any, tokenizer: Any, max_length: int | None, max_context_length: int | None
) -> None:
    """Cut inputs at these tokens from now on, or at the model's limit where that is lower.

    `max_length` is that of a text, or of a pair for a cross-encoder; a bi-encoder's context has
    the other. None is the model's limit; for the sides of a bi-encoder, at most LONGEST_SIDE.
    """
    if find_architecture(model.config) != "bi-encoder":
        limit = find_max_tokens(model, tokenizer)
        tokenizer.model_max_length = min(limit, max_length or limit)
        return
    config = model.config
    config.max_text_tokens = min(config.max_text_tokens, max_length or LONGEST_SIDE)
    config.max_context_tokens = min(config.max_context_tokens, max_context_length or LONGEST_SIDE)
    tokenizer.model_max_length = max(config.max_text_tokens, config.max_context_tokens)


class TextInputs:
    """Single texts."""

    def __init__(self, tokenizer: Any, max_tokens: int) -> None:
        self._tokenizer, self.max_tokens = tokenizer, max_tokens

    def encode(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Row]:
        """The rows of the texts."""
        return encode(self._tokenizer, texts, self.max_tokens)

    def pad(self, rows: Sequence[Row]) -> Any:
        """One batch."""
        return pad(self._tokenizer, rows)

    def order(self, row: Row) -> int:
        """By length."""
        return count_tokens(row)


class CrossEncoderInputs:
    """Pairs as one sequence, the context first. Raises ModelUnavailable for a slow tokenizer.

    The context gives way first, since it tells what it is about at its beginning, while what a
    text is after may come last. But a text says nothing without its context, which therefore
    keeps a quarter of the room; only a text that is longer than the rest is cut, at its end.
    """

    def __init__(self, tokenizer: Any, max_tokens: int) -> None:
        if not tokenizer.is_fast:
            raise ModelUnavailable(
                f"A cross-encoder needs a tokenizer.json, and {tokenizer.name_or_path} has none. "
                'Name another base, or set architecture = "bi-encoder" under [detector].'
            )
        self._tokenizer, self.max_tokens = tokenizer, max_tokens

    def encode(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Row]:
        """The rows of the pairs."""
        backend = self._tokenizer.backend_tokenizer
        backend.no_truncation()
        backend.no_padding()
        firsts, seconds = (
            backend.encode_batch(_shorten(side), add_special_tokens=False)
            for side in (contexts, texts)
        )
        room = self.max_tokens - self._tokenizer.num_special_tokens_to_add(pair=True)
        return [
            self._join(backend, first, second, room)
            for first, second in zip(firsts, seconds, strict=True)
        ]

    def _join(self, backend: Any, context: Any, text: Any, room: int) -> Row:
        kept = max(room - len(text), room // 4)
        context.truncate(min(len(context), kept))
        text.truncate(room - len(context))
        joined = backend.post_process(context, text)
        columns = {
            "input_ids": joined.ids,
            "token_type_ids": joined.type_ids,
            "attention_mask": joined.attention_mask,
        }
        return {
            name: columns[name] for name in self._tokenizer.model_input_names if name in columns
        }

    def pad(self, rows: Sequence[Row]) -> Any:
        """One batch."""
        return pad(self._tokenizer, rows)

    def order(self, row: Row) -> int:
        """By length."""
        return count_tokens(row)


class BiEncoderInputs:
    """Pairs as two texts, each cut at a limit of its own."""

    def __init__(self, tokenizer: Any, max_context_tokens: int, max_tokens: int) -> None:
        self._tokenizer, self.max_tokens = tokenizer, max_tokens
        self._max_context_tokens = max_context_tokens

    def encode(self, texts: Sequence[str], contexts: Sequence[str]) -> list[Row]:
        """The rows of the pairs; equal contexts share their ids."""
        distinct = list(dict.fromkeys(contexts))
        encoded = encode(self._tokenizer, distinct, self._max_context_tokens)
        known = {context: row["input_ids"] for context, row in zip(distinct, encoded, strict=True)}
        rows = encode(self._tokenizer, texts, self.max_tokens)
        return [
            {"input_ids": row["input_ids"], CONTEXT_IDS: known[context]}
            for row, context in zip(rows, contexts, strict=True)
        ]

    def pad(self, rows: Sequence[Row]) -> Any:
        """One batch, each side as long as its longest."""
        batch = self.pad_side([row["input_ids"] for row in rows])
        contexts = self.pad_side([row[CONTEXT_IDS] for row in rows])
        batch[CONTEXT_IDS] = contexts["input_ids"]
        batch["context_attention_mask"] = contexts["attention_mask"]
        return batch

    def pad_side(self, ids: Sequence[Sequence[int]]) -> Any:
        """Texts of one side as a batch of `input_ids` and `attention_mask`."""
        return pad(
            self._tokenizer,
            [{"input_ids": list(row), "attention_mask": [1] * len(row)} for row in ids],
        )

    def order(self, row: Row) -> tuple[int, list[int], int]:
        """By context, which usually is longer, so that equal ones come together; then by text."""
        context = row[CONTEXT_IDS]
        return len(context), context, len(row["input_ids"])


def encode(tokenizer: Any, texts: Sequence[str], max_tokens: int) -> list[Row]:
    """The model's inputs for each text, cut at `max_tokens` and not yet padded."""
    if not texts:
        return []
    columns = tokenizer(_shorten(texts), truncation=True, max_length=max_tokens)
    return [{name: columns[name][row] for name in columns} for row in range(len(texts))]


def pad(tokenizer: Any, rows: Sequence[Row]) -> Any:
    """The rows as one batch of tensors, padded to the longest of them."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return tokenizer.pad(columns, return_tensors="pt")


def contexts_of(rows: "pl.DataFrame") -> list[str | None]:
    """The context of each row; None for all that were kept when rows had no such column."""
    if "context" not in rows.columns:
        return [None] * rows.height
    return rows["context"].to_list()


def find_row_fault(text: str | None, context: str | None, *, takes_pairs: bool) -> str | None:
    """Why a text with its context cannot be classified; None if it can."""
    if text is None or not text.strip():
        return "there is no text to predict on"
    has_context = context is not None and bool(context.strip())
    if takes_pairs and not has_context:
        return "there is no context to predict on"
    if has_context and not takes_pairs:
        return "the detector takes single texts, and this one has a context"
    return None


def count_tokens(row: Row) -> int:
    """Number of tokens of a row, of both sides."""
    return sum(len(ids) for name, ids in row.items() if name.endswith("input_ids"))


def _shorten(texts: Sequence[str]) -> list[str]:
    return [text[:MOST_CHARACTERS] for text in texts]
