"""Any language model behind an OpenAI-compatible address, by the official SDK: `POST …/chat/completions`.

jobs ─batches→ requests ─spread→ replies ─sort→ answers, and what must be asked again ─→ requests …

What is asked again goes in a round of its own, so that every answer is given as soon as it is there.
"""

from __future__ import annotations

import json
import os
from functools import partial
from importlib.util import find_spec
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from translator.engines import ENGINES
from translator.engines.batches import Batch, batches, halves
from translator.engines.chat import BASE_URL, Chat, UnknownFormError, shown
from translator.engines.insist import Patience, insist
from translator.engines.keys import find_key, how_to_set, is_loopback
from translator.engines.pool import DEADLINE, spread
from translator.engines.prices import FREE, Price, price_of, tokens
from translator.engines.prompt import PROMPT_VERSION, RESPONSE_FORMATS, TONE, Form, as_text, messages
from translator.engines.replies import REFUSED, STRAYED, read, sort
from translator.errors import EngineError
from translator.model import Answer, Candidate, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from translator.engines.chat import Reply
    from translator.engines.keys import Key
    from translator.engines.replies import Item
    from translator.meter import Meter
    from translator.model import Job

KEY = "OPENAI_API_KEY"
FEW, SOME = 3, 8
"""So many sentences that went wrong are asked again each alone, more of them in halves; alone, none can stray."""
AHEAD = 0.5
"""Seconds that the first request has for itself: a form of answer that is not known is refused at once."""
OUT = 1.25
"""Tokens of English to a token of Chinese; with `ENTRY`, what stands around each in the answer, a careful estimate."""
ENTRY = 16


# ── Settings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Settings(NamedTuple):
    """What `duizhao.yaml` says, read once."""

    base_url: str
    model: str
    key_env: str
    tone: str
    temperature: float | None
    extra: Mapping[str, Any]
    structured: Form | None
    """None: found out."""
    batch_tokens: int
    concurrency: int
    timeout: float
    patience: float
    price: Price


def _read_settings(settings: Mapping[str, str]) -> _Settings:
    base_url = (settings.get("base_url") or os.environ.get("OPENAI_BASE_URL") or BASE_URL).strip().rstrip("/")
    if urlsplit(base_url).scheme not in {"http", "https"} or not urlsplit(base_url).hostname:
        raise EngineError(f"base_url: {base_url!r} is no address; it reads like https://api.deepseek.com/v1")
    model = settings.get("model", "").strip()
    temperature = settings.get("temperature", "").strip()
    return _Settings(
        base_url,
        model,
        settings.get("key_env", "").strip() or KEY,
        settings.get("tone", "").strip() or TONE,
        _number(settings, "temperature", "0", 0, 2) if temperature else None,
        _extra(settings.get("extra", "")),
        _form(settings.get("structured", "auto")),
        int(_number(settings, "batch_tokens", "1200", 1, 100_000)),
        int(_number(settings, "concurrency", "8", 1, 256)),
        _number(settings, "timeout", "300", 0.01, 3600),
        _number(settings, "patience", "120", 0, 3600),
        _price(settings, model, base_url),
    )


def _number(settings: Mapping[str, str], name: str, default: str, least: float, most: float) -> float:
    said = settings.get(name, "").strip() or default
    try:
        number = float(said)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise EngineError(f"{name}: {said!r} is no number from {least:g} to {most:g}")
    return number


def _extra(said: str) -> Mapping[str, Any]:
    try:
        value = json.loads(said or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise EngineError('extra: it must be a JSON object in quotation marks, as \'{"reasoning_effort": "low"}\'')
    return value


def _form(said: str) -> Form | None:
    if said in {"", "auto"}:
        return None
    if said not in set(Form):
        raise EngineError(f"structured: {said!r} is none of auto, {', '.join(Form)}")
    return Form(said)


def _price(settings: Mapping[str, str], model: str, base_url: str) -> Price:
    """Take the settings' prices, else the table's; a server on this machine costs nothing."""
    known = (None if is_loopback(base_url) else price_of(model)) or FREE
    sent = _number(settings, "price_in", str(known.sent), 0, 100_000)
    held = _number(settings, "price_held", str(sent if settings.get("price_in") else known.held), 0, 100_000)
    return Price(sent, held, _number(settings, "price_out", str(known.said), 0, 100_000))


def ready(settings: Mapping[str, str]) -> str:
    """Say what is missing: the library, the model's name, the key."""
    if not (find_spec("openai") and find_spec("stamina")):
        return "the SDK is not installed: pip install 'duizhao[llm]'"
    own = _read_settings(settings)
    if not own.model:
        return "no model is named: in duizhao.yaml, `engines: {openai: {model: gpt-6-luna}}`, or what your server has"
    if not is_loopback(own.base_url) and not _find_key(own):
        return f"no key: {how_to_set(own.key_env, _keyring_name(own))}"
    return ""


def _find_key(own: _Settings) -> Key | None:
    return find_key((own.key_env,), _keyring_name(own))


def _keyring_name(own: _Settings) -> str:
    """Name the key in the system's keyring: by its variable, where the settings name one of their own."""
    return "openai" if own.key_env == KEY else own.key_env


def open_engine(settings: Mapping[str, str]) -> LanguageModel:
    """Open the engine; nothing is asked yet."""
    return LanguageModel(_read_settings(settings))


def show_prompt(jobs: Sequence[Job], settings: Mapping[str, str]) -> str:
    """Write what would be asked, request by request; needs no key and no network."""
    own = _read_settings(settings)
    texts = [
        as_text([jobs[n] for n in batch], own.tone, own.structured or Form.SCHEMA)
        for batch in batches(jobs, own.batch_tokens, LanguageModel.abilities.batch)
    ]
    return "\n".join(
        f"═══ prompt {PROMPT_VERSION}, request {n} of {len(texts)} ═══\n\n{text}" for n, text in enumerate(texts, 1)
    )


# ── The form of answers ───────────────────────────────────────────────────────────────────────────────────────────────


class _Forms:
    """Which form of answer an endpoint and its model know: found out once, stepping down from the surest."""

    def __init__(self, fixed: Form | None) -> None:
        self._left = [fixed] if fixed else list(Form)
        self._proved = bool(fixed)
        self._settled, self._begun, self._lock = Event(), False, Lock()

    def now(self) -> Form:
        """Give the form to ask for; the first request goes a little ahead of the others."""
        with self._lock:
            first, self._begun = not self._begun, True
        if not first and not self._proved:
            self._settled.wait(AHEAD)
        return self._left[0]

    def works(self, form: Form) -> None:
        """Hear that an answer came in a form."""
        if form is self._left[0]:
            self._proved = True
            self._settled.set()

    def leave(self, form: Form, *, refused: bool) -> bool:
        """Step down from a form; false where there is none below it, or where nonsense came in one that had worked."""
        with self._lock:
            if form is self._left[0]:
                if len(self._left) == 1 or (self._proved and not refused):
                    return False
                self._left.pop(0)
                self._proved = self._begun = False
                self._settled.clear()
            return True


# ── The engine ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Request(NamedTuple):
    """Jobs that are asked together, by index."""

    jobs: Batch
    tries: int = 0
    """How often a job that is now alone was asked before."""


class _Outcome(NamedTuple):
    answers: tuple[tuple[int, Answer], ...]
    again: tuple[_Request, ...]


class LanguageModel:
    """Asks for whole blocks with what stands around them; each sentence has its own name in question and answer."""

    name = "openai"
    abilities = ENGINES["openai"].abilities

    def __init__(self, settings: _Settings) -> None:
        own = self._settings = settings
        self._key = _find_key(own)
        self._forms = _Forms(own.structured)
        self._patience = Patience(seconds=own.patience)
        self._deadline = max(DEADLINE, 2 * own.timeout + own.patience)
        self.signature = (
            f"openai {own.model} at {shown(own.base_url)}, prompt {PROMPT_VERSION}, tone {own.tone!r},"
            f" temperature {own.temperature}, extra {json.dumps(own.extra, sort_keys=True)},"
            f" structured {own.structured or 'auto'}, batch {own.batch_tokens}"
        )

    def draft(self, jobs: Sequence[Job], meter: Meter) -> Iterator[tuple[int, Answer]]:
        """Answer every job; raises `EngineError` where the key, the model, the quota or the server is at fault."""
        own = self._settings
        requests = [_Request(batch) for batch in batches(jobs, own.batch_tokens, self.abilities.batch)]
        if not requests:
            return
        with Chat(own.base_url, own.model, own.key_env, self._key, own.timeout) as chat:
            while requests:
                calls = [partial(self._ask, chat, jobs, request, meter) for request in requests]
                requests = []
                for _, outcome in spread(calls, own.concurrency, self._deadline):
                    yield from outcome.answers
                    requests += outcome.again

    def expect(self, jobs: Sequence[Job]) -> Usage:
        """Estimate requests, tokens and cost, as though nothing had to be asked again."""
        out = Usage()
        for batch in batches(jobs, self._settings.batch_tokens, self.abilities.batch):
            some = [jobs[n] for n in batch]
            out = out.plus(self._expected(some, messages(some, self._settings.tone)))
        return out

    def _expected(self, jobs: Sequence[Job], asked: Sequence[Mapping[str, str]]) -> Usage:
        sent = sum(tokens(each["content"]) + 4 for each in asked)
        said = round(sum(tokens(job.text) for job in jobs) * OUT) + ENTRY * len(jobs)
        return Usage(1, sent, said, cost=self._settings.price.of(sent, 0, said))

    # ── One request ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, chat: Chat, jobs: Sequence[Job], request: _Request, meter: Meter, ended: Event) -> _Outcome:
        some = [jobs[n] for n in request.jobs]
        while True:
            form = self._forms.now()
            post = partial(self._post, chat, some, form, meter, ended)
            try:
                reply = insist(post, chat.judge, meter, ended, self._patience)
            except UnknownFormError as error:
                if not self._forms.leave(form, refused=True):
                    raise EngineError(f"{chat.place} does not take the request: {error}") from None
                meter.retry(f"the server knows no answers of the form {form.value}")
                continue
            items = read(reply.said)
            if items or reply.cut or reply.refused:
                self._forms.works(form)
            elif self._forms.leave(form, refused=False):
                meter.retry(f"the model does not answer in the form {form.value}")
                continue
            if reply.cut and form is Form.TEXT:
                items = items[:-1]
            return _outcome(request, some, reply, items, meter)

    def _post(self, chat: Chat, jobs: Sequence[Job], form: Form, meter: Meter, ended: Event) -> Reply:
        """Make one request; what it took is counted, whatever comes of it."""
        asked = messages(jobs, self._settings.tone, form)
        expected = self._expected(jobs, asked)
        meter.may(expected)
        taken = Usage(1)
        try:
            reply = chat.ask(self._body(asked, form), ended)
            taken = self._taken(reply, expected)
            return reply
        finally:
            meter.add(taken, expected)

    def _body(self, asked: Sequence[Mapping[str, str]], form: Form) -> dict[str, Any]:
        own = self._settings
        body: dict[str, Any] = {"model": own.model, "messages": asked, **own.extra}
        if own.temperature is not None:
            body["temperature"] = own.temperature
        if form in RESPONSE_FORMATS:
            body["response_format"] = RESPONSE_FORMATS[form]
        return body

    def _taken(self, reply: Reply, expected: Usage) -> Usage:
        """Read what a request took, or estimate it where the server does not say; what is refused by status is free."""
        said = reply.usage
        if not said and not reply.said:
            return Usage(1)
        details = said.get("prompt_tokens_details") or {}
        held = details.get("cached_tokens") or said.get("prompt_cache_hit_tokens") or 0
        sent, out = said.get("prompt_tokens") or expected.tokens_in, said.get("completion_tokens")
        out = tokens(reply.said) if out is None else out
        return Usage(1, sent, out, held, cost=self._settings.price.of(sent, held, out))


def _outcome(request: _Request, jobs: Sequence[Job], reply: Reply, items: Sequence[Item], meter: Meter) -> _Outcome:
    """Settle what can be settled, and say what is asked again: a few sentences each alone, more of them in halves."""
    if reply.refused:
        taken: dict[int, str] = {}
        wrong = dict.fromkeys(range(len(jobs)), f"{REFUSED}: {reply.refused}")
    else:
        taken, wrong = sort(jobs, items, cut=reply.cut)
    answers = [(request.jobs[n], Answer((Candidate(text),))) for n, text in taken.items()]
    if not wrong:
        return _Outcome(tuple(answers), ())
    if len(jobs) == 1 and (request.tries or reply.cut):
        why = "it is too long for one answer of the model" if reply.cut else wrong[0]
        return _Outcome(((request.jobs[0], Answer(error=why)),), ())
    left = tuple(request.jobs[n] for n in sorted(wrong))
    alone = len(left) <= (SOME if STRAYED in wrong.values() else FEW)
    for why in dict.fromkeys(wrong.values()) if not reply.cut else ["the answer was cut"]:
        meter.retry(why)
    again = [_Request((n,), 1) for n in left] if alone else [_Request(half) for half in halves(left)]
    return _Outcome(tuple(answers), tuple(again))
