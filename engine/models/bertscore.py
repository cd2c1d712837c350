"""BERTScore (Zhang et al., 2020) of texts whose embeddings several comparisons share.

Scores equal those of the bert-score library without idf weights and without rescaling: its
tokens, its model cut after a layer, its matching. What differs is the order of the work: each
text is embedded once, in batches of similar length, and the embeddings stay for all comparisons.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import torch
from torch.nn.utils.rnn import pad_sequence

from engine.models.references import parse_reference, resolve_checkpoint

if TYPE_CHECKING:
    from torch import Tensor

Precision = Literal["float32", "bfloat16"]

BATCH_TOKENS: Final = 4096  # in one batch of the model, with padding
PAIRS_AT_ONCE: Final = 64
UNMATCHED_SHARE, MOST_UNMATCHED = 0.2, 12  # of a text's words


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text's tokens, `vectors` of norm 1 of shape (tokens, width), on the model's device.

    `words` has a (start, end) in characters of the text and its tokens' places for each word.
    `is_cut` says that the text is longer than the model reads. A text without words has no
    vectors.
    """

    vectors: "Tensor | None"
    words: tuple[tuple[int, int, tuple[int, ...]], ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Match:
    """How well a candidate and a reference match, each from 0 to 1, for all that matters.

    `candidate` and `reference` are the similarities of their tokens to the nearest token of the
    other, special tokens included; empty if a text has no words, and the scores are 0 then.
    """

    precision: float
    recall: float
    f1: float
    candidate: list[float]
    reference: list[float]


NO_MATCH: Final = Match(0.0, 0.0, 0.0, [], [])


class BertScorer:
    """A model cut after `layer` layers (0 is the embeddings), on a device, at a precision."""

    def __init__(self, reference: str, layer: int, device: str, precision: Precision) -> None:
        from bert_score.utils import get_model, get_tokenizer

        location = resolve_checkpoint(parse_reference(reference)).location
        self._tokenizer: Any = get_tokenizer(location)
        self._model: Any = get_model(location, layer).to(device, getattr(torch, precision))
        self._model.eval()
        self._device = device

    @torch.inference_mode()
    def embed(self, texts: Iterable[str]) -> dict[str, Embedded]:
        """The embeddings of these texts, each text once; memory grows with them."""
        found = {text: Embedded(None, (), False) for text in texts}
        full = [text for text in found if text.strip()]
        if not full:
            return found
        encoded = self._encode(full)
        lengths = [len(ids) for ids in encoded["input_ids"]]
        places = sorted(range(len(full)), key=lengths.__getitem__, reverse=True)
        for batch in _batches(places, lengths):
            for place, vectors in zip(batch, self._run([encoded["input_ids"][n] for n in batch]),
                                      strict=True):  # fmt: skip
                text = full[place]
                found[text] = Embedded(
                    vectors[: lengths[place]],
                    _find_words(text, encoded.encodings[place]),
                    bool(encoded.encodings[place].overflowing),
                )
        return found

    def _encode(self, texts: Sequence[str]) -> Any:
        """Tokenize as bert-score does: without outer spaces, cut at the model's limit."""
        return self._tokenizer(
            [text.strip() for text in texts],
            truncation=True,
            max_length=self._tokenizer.model_max_length,
            return_attention_mask=False,
        )

    def _run(self, token_ids: Sequence[Sequence[int]]) -> "Tensor":
        ids = pad_sequence(
            [torch.tensor(row) for row in token_ids],
            batch_first=True,
            padding_value=self._tokenizer.pad_token_id,
        )
        lengths = torch.tensor([len(row) for row in token_ids])
        mask = torch.arange(ids.shape[1]) < lengths.unsqueeze(1)
        output = self._model(
            ids.to(self._device), attention_mask=mask.to(self._device, torch.long)
        )[0]
        return torch.nn.functional.normalize(output.float(), dim=-1).to(output.dtype)

    @torch.inference_mode()
    def match(self, pairs: Sequence[tuple[Embedded, Embedded]]) -> list[Match]:
        """How each (candidate, reference) matches."""
        found = [NO_MATCH] * len(pairs)
        full = [n for n, (one, other) in enumerate(pairs) if _has(one) and _has(other)]
        full.sort(key=lambda n: (len(_of(pairs[n][0])), len(_of(pairs[n][1]))))
        for start in range(0, len(full), PAIRS_AT_ONCE):
            places = full[start : start + PAIRS_AT_ONCE]
            matches = _match_batch([pairs[n] for n in places])
            for place, match in zip(places, matches, strict=True):
                found[place] = match
        return found


def _has(text: Embedded) -> bool:
    return text.vectors is not None


def _of(text: Embedded) -> "Tensor":
    assert text.vectors is not None
    return text.vectors


def _batches(places: Sequence[int], lengths: Sequence[int]) -> Iterable[list[int]]:
    """Cut places, longest first, into batches of at most BATCH_TOKENS with padding."""
    start = 0
    while start < len(places):
        rows = max(1, BATCH_TOKENS // lengths[places[start]])
        yield list(places[start : start + rows])
        start += rows


def _match_batch(pairs: Sequence[tuple[Embedded, Embedded]]) -> list[Match]:
    """Greedy matching: each token takes the most similar one of the other text.

    The first and last token, which mark the ends, may be taken but count for nothing.
    """
    candidates = pad_sequence([_of(one) for one, _ in pairs], batch_first=True)
    references = pad_sequence([_of(other) for _, other in pairs], batch_first=True)
    similar = torch.bmm(candidates, references.transpose(1, 2)).float()
    # Padding has similarity 0 to all, as in the library.
    of_candidate, of_reference = similar.amax(dim=2).cpu(), similar.amax(dim=1).cpu()
    matches = []
    for row, (one, other) in enumerate(pairs):
        ours = of_candidate[row, : len(_of(one))]
        theirs = of_reference[row, : len(_of(other))]
        precision, recall = float(ours[1:-1].mean()), float(theirs[1:-1].mean())
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        matches.append(Match(precision, recall, f1, ours.tolist(), theirs.tolist()))
    return matches


def _find_words(text: str, encoding: Any) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """The words of a text that have a letter or digit, with the places of their tokens."""
    before = len(text) - len(text.lstrip())
    spans: dict[int, tuple[int, int, tuple[int, ...]]] = {}
    for place, (word, (start, end)) in enumerate(
        zip(encoding.word_ids, encoding.offsets, strict=True)
    ):
        if word is not None:
            first, _, places = spans.get(word, (start + before, 0, ()))
            spans[word] = (first, end + before, (*places, place))
    words = []
    for start, end, places in spans.values():
        written = text[start:end]
        start += len(written) - len(written.lstrip())  # some tokenizers count the space before
        if any(char.isalnum() for char in written):
            words.append((start, end, places))
    return tuple(words)


def least_matched(text: Embedded, similarities: Sequence[float]) -> list[int]:
    """Where the words lie that match worst: start, end, start, end, in text order.

    A word's match is the mean over its tokens. At most a fifth of the words.
    """
    if not similarities:
        return []
    scores = [
        (sum(similarities[place] for place in places) / len(places), start, end)
        for start, end, places in text.words
    ]
    count = min(MOST_UNMATCHED, math.ceil(len(scores) * UNMATCHED_SHARE))
    worst = sorted((start, end) for _, start, end in sorted(scores)[:count])
    return [place for span in worst for place in span]
