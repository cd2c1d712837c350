"""Language models behind an OpenAI-compatible server: vLLM, llama.cpp, `transformers serve`.

Every reply is worth keeping, so generations come one by one, as they arrive. A server that
cannot be reached is waited for; only a refusal that waiting won't cure ends the call.
"""

import itertools
import json
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from typing import Any

import openai
from pydantic import ValidationError

from engine.errors import ServerRefused
from engine.models.generator import Generation, Sampling
from engine.models.server_reply import (
    Failure,
    Reply,
    Verdict,
    delay_s,
    estimate_tokens,
    judge,
)
from engine.templates import Prompt

KEY_VARIABLE = "OPENAI_API_KEY"
# Servers on one's own machine need no key, but the client insists on one.
NO_KEY = "none"

# Attempts for one prompt at which the server itself fails, or which it never finishes.
ATTEMPTS = 5

ADVICE = (
    f"Check the model's name and the address, which mostly ends in /v1, and the key in "
    f"{KEY_VARIABLE}."
)

Sleep = Callable[[threading.Event, float], object]


def sleep_unless_stopped(stopped: threading.Event, seconds: float) -> None:
    """Sleep, but wake at once when the call is given up."""
    stopped.wait(seconds)


class ServerGenerator:
    """A model of an OpenAI-compatible server, asked `concurrent` prompts at a time.

    The key is taken from OPENAI_API_KEY and appears in no error. Of the sampling, temperature
    and max_new_tokens are sent, with a seed of its own for each prompt and top_p 1, since some
    servers otherwise take the model's own. min_new_tokens and no_repeat_ngram_size are not:
    the interface has no such fields, and OpenAI's own server refuses requests with unknown
    ones. Whether the seed makes texts reproducible is up to the server.

    `waiting` is told what the server is waited for, and "" when that is over, from any thread
    but by one at a time. `sleep`, `jitter` (0 to 1) and `clock` (seconds since 1970)
    are arguments for tests.
    """

    remote = True

    def __init__(
        self,
        model: str,
        base_url: str,
        *,
        waiting: Callable[[str], None] = lambda _: None,
        concurrent: int = 8,
        timeout_s: float = 300,
        sleep: Sleep = sleep_unless_stopped,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.model = model
        self.base_url = base_url
        self.concurrent = concurrent
        self._key = os.environ.get(KEY_VARIABLE) or NO_KEY
        # The client's own retries give up too early, and it cannot say that it waits.
        self._client = openai.OpenAI(
            api_key=self._key, base_url=base_url, timeout=timeout_s, max_retries=0
        )
        self._waiting = _Announcement(waiting)
        self._sleep = sleep
        self._jitter = jitter
        self._clock = clock

    def render(self, prompt: Prompt) -> str:
        """Return what is sent: a completion's text, or the messages of a chat as JSON.

        The chat template is the server's, and not known here.
        """
        if prompt.completion:
            return prompt.user
        return json.dumps(prompt.messages(), ensure_ascii=False)

    def count_tokens(self, rendered: Sequence[str]) -> list[int]:
        """Return an estimate of four characters a token; the tokenizer is the server's."""
        return [estimate_tokens(text) for text in rendered]

    def generate(
        self, prompts: Sequence[Prompt], stop: Sequence[str], sampling: Sampling, seed: int
    ) -> Iterator[tuple[int, Generation]]:
        """Yield (index, generation) as replies arrive.

        A prompt that the server refuses, or fails at five times, yields an error. Raises
        ServerRefused for a wrong key, model or address. Closing the iterator gives up the
        prompts that were not sent yet.
        """
        stopped = threading.Event()
        pool = ThreadPoolExecutor(self.concurrent, thread_name_prefix="model-server")
        try:
            futures = {
                pool.submit(
                    self._ask,
                    self._body(prompt, stop, sampling, (seed + index) % 2**31),
                    prompt.completion,
                    stopped,
                ): index
                for index, prompt in enumerate(prompts)
            }
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            self._waiting.end()

    def _body(
        self, prompt: Prompt, stop: Sequence[str], sampling: Sampling, seed: int
    ) -> dict[str, Any]:
        asked = {"prompt": prompt.user} if prompt.completion else {"messages": prompt.messages()}
        return {
            **asked,
            "model": self.model,
            "temperature": sampling.temperature,
            "top_p": 1.0,
            "max_tokens": sampling.max_new_tokens,
            "seed": seed,
            **({"stop": list(stop)} if stop else {}),
        }

    def _ask(self, body: dict[str, Any], completion: bool, stopped: threading.Event) -> Generation:
        """Ask until there is a reply, or a reason to give this prompt up."""
        failed_inside = 0
        for attempt in itertools.count(1):
            outcome = self._attempt(body, completion)
            if isinstance(outcome, Generation):
                self._waiting.end()
                return outcome
            if outcome.verdict is Verdict.REFUSED:
                raise ServerRefused(
                    f"{self.base_url} refuses to serve {self.model} ({outcome.reason}). {ADVICE}"
                )
            failed_inside += outcome.verdict is Verdict.RETRY
            if outcome.verdict is Verdict.ROW or failed_inside == ATTEMPTS:
                self._waiting.end()
                return Generation(None, 0, False, outcome.reason)
            if stopped.is_set():
                break
            self._waiting.begin(f"waiting for {self.base_url}: {outcome.reason}")
            pause = delay_s(attempt, self._jitter(), outcome.retry_after, self._clock())
            self._sleep(stopped, pause)
        return Generation(None, 0, False, "Given up before a reply came.")

    def _attempt(self, body: dict[str, Any], completion: bool) -> Generation | Failure:
        api = self._client.completions if completion else self._client.chat.completions
        create: Any = api.with_raw_response.create
        try:
            reply = Reply.model_validate_json(create(**body).text)
            return reply.generation(body.get("stop", ()))
        except openai.APIError as error:
            failure = judge(error)
            return replace(failure, reason=self._cleaned(failure.reason))
        except ValidationError:
            return Failure(Verdict.REFUSED, "its reply is not that of an OpenAI-compatible server")

    def _cleaned(self, text: str) -> str:
        """Return what a server said, on one line, not too long, and without the key."""
        if self._key != NO_KEY:
            text = text.replace(self._key, "***")
        return " ".join(text.split())[:300]


class _Announcement:
    """Tells `waiting` each new reason once, and "" when a reply came, one thread at a time."""

    def __init__(self, waiting: Callable[[str], None]) -> None:
        self._tell = waiting
        self._told = ""
        self._lock = threading.Lock()

    def begin(self, reason: str) -> None:
        with self._lock:
            if reason != self._told:
                self._told = reason
                self._tell(reason)

    def end(self) -> None:
        self.begin("")
