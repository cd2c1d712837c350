"""Language models that run here, through transformers.

One call is one batch and one seed, so a plan of chunks makes the texts reproducible. A thread
decodes, so that rows can be handed on as they end. Loading is in `loading.py`, the pieces of
decoding that are ours in `decoding.py`.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, Any

import torch
from jinja2 import TemplateError
from transformers import GenerationConfig, LogitsProcessorList, StoppingCriteriaList
from transformers.generation.logits_process import TemperatureLogitsWarper

from engine.errors import ModelUnavailable
from engine.generation.decoding import (
    NoRepeatNgram,
    RowWatch,
    StopText,
    TokenDraw,
    Told,
    pad_batch,
    read_head,
)
from engine.generation.protocol import Generation, Sampling
from engine.generation.templates import Prompt
from engine.generation.token_facts import context_tokens, end_ids
from engine.generation.written import read_written
from engine.models.memory import translated_memory_errors

if TYPE_CHECKING:
    from engine.generation.constraint import Constraint

# Llama 3's template writes today's date into the system prompt unless it is given one, so the
# prompt would change from day to day; Qwen 3's would spend the tokens on thinking aloud.
TEMPLATE_VARIABLES = {"date_string": "26 Jul 2024", "enable_thinking": False}

# Below this, reading a shared head costs more than it saves.
LEAST_HEAD_TOKENS = 32


class _TooLong(Exception):
    """A prompt that must be read whole does not fit into the model's context."""


class LocalGenerator:
    """A causal language model and its tokenizer, as transformers loads them.

    Sampling is the plain temperature of the papers: no top-k, no top-p, and nothing from the
    model's own generation settings but its end tokens. Temperature 0 takes the likeliest token.
    `decoded` is told how many new tokens there are since it was told last. Within a `constraint`
    nothing is written that its schema does not allow, however likely it was.
    """

    remote = False

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        decoded: Callable[[int], None] = lambda _: None,
        constraint: "Constraint | None" = None,
    ) -> None:
        self._decoded = decoded
        self._constraint = constraint
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="decoding")
        self.model = model
        self.tokenizer = tokenizer
        self.context_tokens = context_tokens(model, tokenizer)
        self.end_ids = end_ids(model, tokenizer)
        pad = tokenizer.pad_token_id
        self.pad_id = min(self.end_ids) if pad is None else int(pad)

    def render(self, prompt: Prompt) -> str:
        """The text the model is given.

        A chat prompt goes through the model's chat template; without one it becomes plain
        text, system prompt and messages parted by empty lines. A template that knows no
        system prompt gets it at the head of the first message.
        """
        if prompt.completion:
            return prompt.user
        if not self.tokenizer.chat_template:
            return "\n\n".join(message["content"] for message in prompt.messages())
        with contextlib.suppress(TemplateError):
            return self._apply_template(prompt)
        try:
            return self._apply_template(prompt.with_system_inside())
        except TemplateError as error:
            raise ModelUnavailable(
                f"The chat template of {self.model.name_or_path} cannot take this prompt: {error}. "
                "Use a template of style completion."
            ) from error

    def count_tokens(self, rendered: Sequence[str]) -> list[int]:
        """The length of each rendered prompt in tokens, without those added in front."""
        if not rendered:
            return []
        return [
            len(ids) for ids in self.tokenizer(list(rendered), add_special_tokens=False).input_ids
        ]

    def generate(
        self, prompts: Sequence[Prompt], stop: Sequence[str], sampling: Sampling, seed: int
    ) -> Iterator[tuple[int, Generation]]:
        """Yield the generations of one batch as they end, and before it those refused.

        A prompt that leaves no room for `max_new_tokens` in the model's context loses its
        beginning, so that the question at its end stays; a whole one is refused. Repeated n-grams
        are counted from the start of the prompt, as transformers does it.
        """
        if not prompts:
            return
        room = self._room(sampling.max_new_tokens)
        rows: dict[int, list[int]] = {}
        for index, prompt in enumerate(prompts):
            try:
                rows[index] = self._encode(prompt, room)
            except _TooLong as error:
                yield index, Generation(None, 0, cut=False, error=str(error))
        if not rows:
            return
        places, wanted = list(rows), [text for text in stop if text]
        for told in self._told_of(list(rows.values()), wanted, sampling, seed):
            self._decoded(told.tokens)
            for row, ids in told.ended.items():
                yield places[row], self._generation(ids, stop, sampling.max_new_tokens)

    def _told_of(
        self, rows: list[list[int]], stop: list[str], sampling: Sampling, seed: int
    ) -> Iterator[Told]:
        """What is told of a batch while a thread decodes it; it is given up if nobody listens."""
        told: SimpleQueue[Told | None] = SimpleQueue()
        given_up = Event()
        running = self._thread.submit(self._decode, rows, stop, sampling, seed, told.put, given_up)
        running.add_done_callback(lambda _: told.put(None))
        try:
            yield from iter(told.get, None)
            running.result()
        finally:
            given_up.set()
            wait([running])

    def _decode(
        self,
        rows: list[list[int]],
        stop: list[str],
        sampling: Sampling,
        seed: int,
        tell: Callable[[Told], None],
        given_up: Event,
    ) -> None:
        """Decode a batch, and tell all of it. Raises OutOfMemory."""
        with translated_memory_errors(f"A batch of {len(rows)} prompts"):
            self._run(rows, stop, sampling, seed, tell, given_up)

    @torch.inference_mode()
    def _run(
        self,
        rows: list[list[int]],
        stop: list[str],
        sampling: Sampling,
        seed: int,
        tell: Callable[[Told], None],
        given_up: Event,
    ) -> None:
        batch = pad_batch(rows, self.pad_id, LEAST_HEAD_TOKENS)
        length = batch.input_ids.shape[1]
        processors = LogitsProcessorList()
        if sampling.no_repeat_ngram_size:
            processors.append(NoRepeatNgram(sampling.no_repeat_ngram_size))
        if self._constraint is not None:
            processors.append(self._constraint.follow(len(rows), length))
        if sampling.temperature:
            processors.append(TemperatureLogitsWarper(sampling.temperature))
            processors.append(TokenDraw(len(rows), sampling.max_new_tokens, length, seed))
        stopping = StopText(self.tokenizer, stop, length) if stop else None
        end_ids = torch.tensor(sorted(self.end_ids), device=self.model.device)
        watch = RowWatch(tell, given_up, end_ids, stopping, (len(rows), length))
        output = self.model.generate(
            input_ids=batch.input_ids.to(self.model.device),
            attention_mask=batch.attention_mask.to(self.model.device),
            past_key_values=read_head(self.model, batch) if batch.head_tokens else None,
            generation_config=self._settings(sampling),
            logits_processor=processors,
            stopping_criteria=StoppingCriteriaList([watch]),
        )
        watch.finish(output)

    def _settings(self, sampling: Sampling) -> Any:
        make_config: Any = GenerationConfig  # transformers leaves it untyped
        return make_config(
            # Greedy for transformers, because TokenDraw draws.
            do_sample=False,
            max_new_tokens=sampling.max_new_tokens,
            min_new_tokens=min(sampling.min_new_tokens, sampling.max_new_tokens) or None,
            eos_token_id=sorted(self.end_ids),
            pad_token_id=self.pad_id,
        )

    def _room(self, new_tokens: int) -> int:
        """How many tokens of a prompt the model reads."""
        room = self.context_tokens - new_tokens
        if room < 1:
            raise ModelUnavailable(
                f"max_new_tokens = {new_tokens} leaves no room for a prompt: "
                f"{self.model.name_or_path} reads {self.context_tokens} tokens. Ask for fewer."
            )
        return room

    def _encode(self, prompt: Prompt, room: int) -> list[int]:
        # A chat template writes the special tokens itself.
        special = prompt.completion or not self.tokenizer.chat_template
        ids = self.tokenizer(self.render(prompt), add_special_tokens=special).input_ids
        # An empty completion still needs one token to continue from.
        if prompt.whole and len(ids) > room:
            raise _TooLong(f"the prompt has {len(ids):,} tokens, and the model reads {room:,}")
        return list(ids[-room:]) or [self.pad_id]

    def _generation(self, ids: list[int], stop: Sequence[str], limit: int) -> Generation:
        end = next((place for place, token in enumerate(ids) if token in self.end_ids), None)
        written = ids[:end]
        while end is None and written and written[-1] == self.pad_id:
            written.pop()  # a stop string ended the row
        text = self.tokenizer.decode(written, skip_special_tokens=True)
        cut = end is None and len(written) >= limit
        return read_written(text, stop, new_tokens=len(written), cut=cut)

    def _apply_template(self, prompt: Prompt) -> str:
        return str(
            self.tokenizer.apply_chat_template(
                prompt.messages(),
                tokenize=False,
                add_generation_prompt=True,
                **TEMPLATE_VARIABLES,
            )
        )
