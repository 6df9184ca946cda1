"""Asking a language model over HTTP: any server that speaks OpenAI's chat completions.

Off until `git config gitmerge-ai.endpoint` names one; nothing here opens a socket before that.
Secrets are hidden before a text leaves, and an answer comes back without the model's reasoning and
without a fence round the whole of it. Whatever goes wrong is an `EndpointError`, in time. What is
asked, and what an answer is good for, is not known here.
"""

import http.client
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from gitmerge_ai import __version__
from gitmerge_ai.repository.config import matching, number
from gitmerge_ai.text.secrets import Hidden, hide

TIMEOUT = 30.0
"""Seconds that an answer may take, where `gitmerge-ai.endpointTimeout` says nothing else."""

LONGEST_TIMEOUT = 3600.0

MOST_BYTES = 8_000_000
"""Bytes of a reply; a longer one is an error."""

PIECE = 65_536

CHARACTERS = 4
"""Characters that are taken for one token, where the server does not count tokens."""

SHOWN = 300
"""Characters of a server's complaint that are passed on."""

_OTHER_NAME = {"max_tokens": "max_completion_tokens", "temperature": "", "stop": "", "seed": ""}
"""What not every server takes, by the name that nearly all do, and what else it may be called; ""
where it can only be left out."""

_REFUSED = (400, 422)
"""What a server answers to a question that has something in it which it does not take."""

_COMPLETIONS = "/chat/completions"
_VARIABLE = "env:"

_REASONING = re.compile(
    r"<(think|thinking|thought|reasoning|reflection)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE
)
_REASONED = re.compile(r"\A.*</(?:think|thinking|thought|reasoning|reflection)>", re.DOTALL | re.I)
_FENCED = re.compile(
    r"\A\s*(?P<fence>`{3,}|~{3,})[^\n`]*\n(?P<text>.*?)\n?(?P=fence)\s*\Z", re.DOTALL
)


class EndpointError(Exception):
    """No usable answer; the message says why.

    `status` is what the server answered, 0 where it did not: 429 and 5xx may pass.
    """

    def __init__(self, words: str, status: int = 0) -> None:
        """Say what went wrong, in one line."""
        super().__init__(" ".join(words.split()))
        self.status = status


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server, the model to ask there ("" leaves it to the server), and the key, if it wants one.

    timeout: seconds that one answer may take, all in all.
    """

    url: str
    model: str = ""
    key: str = field(default="", repr=False)
    timeout: float = TIMEOUT

    def within(self, seconds: float) -> "Endpoint":
        """Give the same, with an answer in so much time at most."""
        return replace(self, timeout=min(self.timeout, seconds))


class Message(NamedTuple):
    """What one of the two says: `role` is "system", "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said, and how many tokens were read and written for it.

    The text is empty where the model said nothing, or spent all it had on reasoning. `cut` says
    that it would have gone on beyond `max_tokens`. Secrets that were hidden in the question may
    stand in the text as marks.
    """

    text: str
    prompt_tokens: int
    completion_tokens: int
    cut: bool = False
    hidden: Hidden = field(default_factory=lambda: Hidden((), {}), repr=False)

    def restored(self) -> str:
        """Give the text with the secrets of the question in their places again."""
        return self.hidden.restored(self.text)


def configured(folder: str | Path = ".") -> Endpoint | None:
    """Read which endpoint is to be asked in a folder; `None` where none is.

    Raises:
        EndpointError: a setting makes no sense.
    """
    prefix = "gitmerge-ai.endpoint"
    values = matching(r"^gitmerge-ai\.endpoint", folder)
    url = values.get(prefix, "").strip()
    if not url or url == "none":
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        usable = False
    if not usable:
        raise EndpointError(f"{prefix} has to be an address such as http://localhost:8080/v1")
    key = values.get(f"{prefix}key", "").strip()
    if key.startswith(_VARIABLE):
        variable = key.removeprefix(_VARIABLE)
        key = os.environ.get(variable, "").strip()
        if not key:
            raise EndpointError(f"{prefix}Key names the variable {variable}, which is not set")
    timeout = number(values.get(f"{prefix}timeout", ""), LONGEST_TIMEOUT, TIMEOUT)
    return Endpoint(url, values.get(f"{prefix}model", "").strip(), key, timeout)


def complete(
    endpoint: Endpoint,
    messages: Sequence[Message],
    *,
    max_tokens: int = 1024,
    temperature: float | None = None,
    stop: Sequence[str] = (),
    seed: int | None = None,
) -> Answer:
    """Ask for what comes next in a conversation.

    Args:
        endpoint: whom to ask.
        messages: what was said so far; secrets are hidden before they leave.
        max_tokens: that the answer may have.
        temperature: 0 for the likeliest words; `None` leaves it to the server.
        stop: texts at which the answer ends.
        seed: for servers that then give the same answer again.

    Raises:
        EndpointError: there is no usable answer, or none in time.
    """
    hidden = hide((each.content for each in messages), [endpoint.key])
    said = [
        {"role": each.role, "content": text.encode("utf-8", "replace").decode()}
        for each, text in zip(messages, hidden.texts, strict=True)
    ]
    optional = {
        "model": endpoint.model or None,
        "temperature": temperature,
        "stop": list(stop) or None,
        "seed": seed,
    }
    asked = {key: value for key, value in optional.items() if value is not None}
    body = {"messages": said, "max_tokens": max_tokens, "stream": False, **asked}
    return _answer(_taken(endpoint, body), hidden)


def plain(text: str) -> str:
    """Give an answer without reasoning, and without a fence that holds all of it."""
    text = _REASONED.sub("", _REASONING.sub("", text), count=1).strip()
    found = _FENCED.match(text)
    if found and not re.search(rf"^{found['fence']}", found["text"], re.MULTILINE):
        return found["text"]
    return text


class _NoRedirect(HTTPRedirectHandler):
    """Follows nobody elsewhere: what is sent is for one server alone."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


def _taken(endpoint: Endpoint, body: Mapping[str, object]) -> Any:
    """Send a question, and again without what the server says that it does not take."""
    deadline = monotonic() + endpoint.timeout
    while True:
        try:
            left = endpoint.within(max(0.0, deadline - monotonic()))
            return _reply(left, json.dumps(body).encode())
        except EndpointError as error:
            said = str(error) if error.status in _REFUSED else ""
            name = next((n for n in _OTHER_NAME if n in body and re.search(rf"\b{n}\b", said)), "")
            if not name:
                raise
            other = _OTHER_NAME[name]
            rest = {key: value for key, value in body.items() if key != name}
            body = {**rest, other: body[name]} if other else rest


def _reply(endpoint: Endpoint, body: bytes) -> Any:
    """Send a question and read the reply, in a thread that is left behind when time is over.

    A server can be slow in ways that no time limit of a socket sees: in its name, by single bytes.
    """
    replies: SimpleQueue[bytes | Exception] = SimpleQueue()
    deadline = monotonic() + endpoint.timeout

    def ask() -> None:
        try:
            replies.put(_sent(endpoint, body, deadline))
        except Exception as error:
            replies.put(error)

    Thread(target=ask, daemon=True, name="endpoint").start()
    try:
        reply = replies.get(timeout=endpoint.timeout)
    except Empty:
        raise EndpointError(f"no answer within {endpoint.timeout:.3g} s") from None
    if isinstance(reply, Exception):
        raise _told(endpoint, reply) from None
    try:
        return json.loads(reply)
    except (ValueError, RecursionError):
        raise EndpointError("the answer is no JSON: is this the address of an API?") from None


def _sent(endpoint: Endpoint, body: bytes, deadline: float) -> bytes:
    url = endpoint.url.rstrip("/")
    headers = {"Content-Type": "application/json", "User-Agent": f"gitmerge-ai/{__version__}"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    asked = Request(
        url if url.endswith(_COMPLETIONS) else url + _COMPLETIONS, data=body, headers=headers
    )
    with build_opener(_NoRedirect).open(asked, timeout=endpoint.timeout) as response:
        found = bytearray()
        while piece := response.read1(PIECE):
            found += piece
            if len(found) > MOST_BYTES:
                raise EndpointError(f"the answer has more than {MOST_BYTES} bytes")
            if monotonic() > deadline:
                raise TimeoutError
    return bytes(found)


def _told(endpoint: Endpoint, error: Exception) -> EndpointError:
    """Say in a line what went wrong, without the key."""
    if isinstance(error, EndpointError):
        return error
    if isinstance(error, TimeoutError):
        return EndpointError(f"no answer within {endpoint.timeout:.3g} s")
    if isinstance(error, HTTPError):
        words = f"the server answers {error.code}: {_complaint(error)}"
        return EndpointError(hide([words], [endpoint.key]).texts[0], error.code)
    if isinstance(error, (OSError, http.client.HTTPException, ValueError)):
        words = str(getattr(error, "reason", "") or error) or type(error).__name__
        return EndpointError(hide([f"cannot be asked: {words}"], [endpoint.key]).texts[0])
    return EndpointError(f"cannot be asked: {type(error).__name__}")


def _complaint(error: HTTPError) -> str:
    try:
        said = error.read1(PIECE).decode("utf-8", "replace") if error.fp else ""
    except (OSError, http.client.HTTPException, ValueError):
        said = ""
    try:
        said = str(json.loads(said)["error"]["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        said = said.strip() or str(error.reason)
    return said[:SHOWN]


def _answer(reply: Any, hidden: Hidden) -> Answer:
    """Read what a reply holds.

    Raises:
        EndpointError: it is none.
    """
    try:
        choice = reply["choices"][0]
        text = _text(choice["message"]["content"])
    except (KeyError, IndexError, TypeError, AttributeError):
        raise EndpointError("the answer is no chat completion") from None
    usage = reply.get("usage")
    asked = sum(map(len, hidden.texts))
    return Answer(
        plain(text),
        _count(usage, "prompt_tokens", asked),
        _count(usage, "completion_tokens", len(text)),
        choice.get("finish_reason") == "length",
        hidden,
    )


def _text(content: Any) -> str:
    """Give the text of a message, which some servers send in parts, or without any."""
    if content is None or isinstance(content, str):
        return content or ""
    return "".join(part["text"] for part in content if part.get("type") == "text")


def _count(usage: Any, key: str, characters: int) -> int:
    found = usage.get(key) if isinstance(usage, Mapping) else None
    if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
        return found
    return -(-characters // CHARACTERS)
