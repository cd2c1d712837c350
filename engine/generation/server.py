"""Language models behind an OpenAI-compatible server: vLLM, llama.cpp, `transformers serve`.

Every reply is worth keeping, so generations come one by one, as they arrive. A server that
cannot be reached is waited for. What goes wrong with one prompt costs that prompt; the server is
given up only if it has answered nothing, not even a plain question.
"""

import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import openai

from engine.errors import CompletionsRefused, SchemaRefused, ServerRefused
from engine.generation.api_key import KEY_VARIABLE, read_key
from engine.generation.concurrency import TIMEOUT_S, Concurrent, make_limit
from engine.generation.flow import Flow
from engine.generation.protocol import Generation, Keep, Replies, Request, Sampling
from engine.generation.server_address import describe_proxy, direct_routes
from engine.generation.server_failure import Failure, Verdict, read_error
from engine.generation.server_form import RequestForm
from engine.generation.server_pause import Announcement, Sleep, pause_s, sleep_unless_stopped
from engine.generation.server_reply import estimate_tokens, read_reply
from engine.generation.server_request import SCHEMA_ADVICE, asked, refuses_schema, request_body
from engine.generation.templates import Prompt

# Servers on one's own machine need no key, but the client insists on one.
NO_KEY: Final = "none"

# Attempts for one prompt at which the server itself fails, or which it never finishes.
ATTEMPTS: Final = 5

# Attempts for one prompt that the server turns away, after which it is asked something plain.
PATIENCE: Final = 10

PLAIN_QUESTION: Final = Prompt(user="Say hello.")
PLAIN_ATTEMPTS: Final = 3

ADVICE: Final = (
    f"Check the model's name and the address, which usually ends in /v1, and the key in "
    f"{KEY_VARIABLE}."
)


class ServerGenerator:
    """A model of an OpenAI-compatible server, sent `concurrent` requests at a time.

    The key is taken from OPENAI_API_KEY and appears in no error. Of the sampling, temperature
    and max_new_tokens are sent, with a seed of its own for each prompt and top_p 1, since some
    servers otherwise take the model's own; what the server refuses by name is left out from then
    on, and named in each generation. min_new_tokens and no_repeat_ngram_size are not sent: the
    interface has no such fields, and OpenAI's own server refuses requests with unknown ones.
    Whether the seed makes texts reproducible is up to the server. A JSON `schema` is sent as
    response_format, and never left out.

    `waiting` is told why the server is waited for, and "" when that is over, by one thread at
    a time. `sleep`, `jitter` (0 to 1), `clock` (seconds since 1970) and `timer` (seconds) are
    arguments for tests. Raises KeyRefused.
    """

    def __init__(
        self,
        model: str,
        base_url: str,
        *,
        waiting: Callable[[str], None] = lambda _: None,
        concurrent: Concurrent = "auto",
        timeout_s: float = TIMEOUT_S,
        schema: str | None = None,
        sleep: Sleep = sleep_unless_stopped,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self.model = model
        self.base_url = base_url
        self.limit = make_limit(concurrent)
        # The client's own retries give up too early, and it cannot say that it waits.
        self._client = openai.OpenAI(
            api_key=read_key() or NO_KEY,
            base_url=base_url,
            max_retries=0,
            http_client=openai.DefaultHttpxClient(
                timeout=timeout_s, mounts=direct_routes(base_url)
            ),
        )
        self._schema = schema
        self._form = RequestForm()
        self._served = False  # whether anything was answered since the start
        self._asking_plainly = threading.Lock()
        self._waiting = Announcement(waiting)
        self._sleep = sleep
        self._jitter = jitter
        self._clock = clock
        self._timer = timer

    def render(self, prompt: Prompt) -> str:
        """What is sent: a completion's text, or the messages of a chat as JSON.

        The chat template is the server's, and not known here.
        """
        if prompt.completion:
            return prompt.user
        return json.dumps(prompt.messages(), ensure_ascii=False)

    def count_tokens(self, rendered: Sequence[str]) -> list[int]:
        """An estimate of four characters per token; the tokenizer is the server's."""
        return [estimate_tokens(text) for text in rendered]

    def generate(
        self, prompts: Sequence[Prompt], stop: Sequence[str], sampling: Sampling, seed: int
    ) -> Iterator[tuple[int, Generation]]:
        """Yield (index, generation) as replies arrive.

        A prompt that the server refuses, fails at five times, or turns away while it answers a
        plain question, yields an error. Raises ServerRefused if nothing was answered since the
        start, not even that question: for a wrong key, model or address. Closing the iterator
        gives up the prompts that were not sent yet.
        """
        requests = (
            Request(str(index), prompt, (seed + index) % 2**31)
            for index, prompt in enumerate(prompts)
        )
        for name, generation in self.flow(requests, stop, sampling, lambda *_: None):
            yield int(name), generation

    def flow(
        self, requests: Iterable[Request], stop: Sequence[str], sampling: Sampling, keep: Keep
    ) -> Replies:
        """Yield (name, generation) as replies arrive; errors are those of `generate`.

        Each is given to `keep` before, in another thread.
        """

        def ask(request: Request, stopped: threading.Event) -> Generation:
            body = request_body(self.model, request, stop, sampling, self._schema)
            return self._ask(body, stopped)

        with closing(Flow(ask, keep, self.limit).send(requests)) as replies:
            try:
                yield from replies
            finally:
                self._waiting.end()

    def _ask(self, body: dict[str, Any], stopped: threading.Event) -> Generation:
        """Ask until there is a reply, or a reason to give this prompt up."""
        failed_inside = 0
        for attempt in itertools.count(1):
            outcome = self._attempt(body)
            if isinstance(outcome, Generation):
                self._served = True
                self._waiting.end()
                return outcome
            failed_inside += outcome.verdict is Verdict.RETRY
            if self._is_given_up(outcome, attempt, failed_inside, body):
                self._waiting.end()
                return Generation(None, 0, False, outcome.reason)
            if stopped.is_set():
                break
            pause = pause_s(attempt, self._jitter(), outcome.headers, self._clock())
            self._waiting.begin(self._describe_wait(outcome, pause))
            self._sleep(stopped, pause)
        return Generation(None, 0, False, "Given up before a reply came.")

    def _is_given_up(
        self, failure: Failure, attempt: int, failed_inside: int, body: dict[str, Any]
    ) -> bool:
        """Whether a failure costs its prompt. Raises ServerRefused if it concerns all."""
        if self._schema and not self._served and refuses_schema(failure):
            raise SchemaRefused(
                f"{self.base_url} does not let {self.model} write by a JSON schema "
                f"({failure.reason}). {SCHEMA_ADVICE}"
            )
        match failure.verdict:
            case Verdict.ROW:
                return True
            case Verdict.WAIT:
                # Others may be answered: a prompt can be turned away for what it asks or costs.
                return attempt % PATIENCE == 0 and self._answers_plainly(body)
            case Verdict.RETRY if failed_inside < ATTEMPTS:
                return False
        if not (self._served or self._answers_plainly(body)):
            raise self._refusal(failure, body)
        return True

    def _answers_plainly(self, body: dict[str, Any]) -> bool:
        """Whether the server answers a plain question, asked like this prompt otherwise."""
        completion = "prompt" in body
        question = PLAIN_QUESTION.model_copy(update={"completion": completion})
        plain = {**body, **asked(question)}
        with self._asking_plainly:
            for _ in range(PLAIN_ATTEMPTS):
                outcome = self._attempt(plain)
                if isinstance(outcome, Generation):
                    self._served = True
                    return True
                if outcome.verdict is not Verdict.RETRY:
                    return False
        return False

    def _refusal(self, failure: Failure, body: dict[str, Any]) -> ServerRefused:
        reason = f"{self.base_url} refuses to serve {self.model} ({failure.reason})."
        if "prompt" in body and failure.status in {404, 405, 501}:
            return CompletionsRefused(reason)
        return ServerRefused(" ".join([reason, ADVICE, *([SCHEMA_ADVICE] if self._schema else [])]))

    def _describe_wait(self, failure: Failure, pause: float) -> str:
        until = datetime.fromtimestamp(self._clock() + pause)
        proxy = describe_proxy(self.base_url) if failure.status == 0 else ""
        return f"waiting for {self.base_url} until {until:%H:%M}: {failure.reason}{proxy}"

    def _attempt(self, body: dict[str, Any]) -> Generation | Failure:
        """Ask once, or more often if a parameter is refused by its name."""
        form = self._form
        outcome = self._send(form.apply(body), body.get("stop", ()))
        while isinstance(outcome, Failure) and (other := form.after(outcome)) is not None:
            form = other
            outcome = self._send(form.apply(body), body.get("stop", ()))
        if isinstance(outcome, Failure):
            return outcome
        self._form = form  # it served, so the next prompts are sent in it at once
        return replace(outcome, unsent=form.describe())

    def _send(self, body: dict[str, Any], stop: Sequence[str]) -> Generation | Failure:
        """Send one request, and let the limit know how it ended."""
        api = self._client.completions if "prompt" in body else self._client.chat.completions
        create: Any = api.with_raw_response.create
        began_s = self._timer()
        try:
            outcome = read_reply(create(**body).content, stop)
        except openai.APIError as error:
            outcome = read_error(error)
        if isinstance(outcome, Generation):
            self.limit.count(began_s, self._timer(), outcome.new_tokens)
        elif outcome.is_overload:
            self.limit.overload(began_s, self._timer())
        return outcome
