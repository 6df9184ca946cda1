"""Asking an endpoint: what is sent, what comes back, and every way in which a server can fail."""

import json
from dataclasses import replace

import pytest
from endpoints import Server, gives, says, serving
from repositories import Repository

from gitmerge_ai.resolving.endpoint import (
    MOST_BYTES,
    Answer,
    Endpoint,
    EndpointError,
    Message,
    complete,
    configured,
    plain,
)

HELLO = [Message("system", "Be short."), Message("user", "Hello?")]


def ask(server: Server, *messages: Message, **options: object) -> Answer:
    return complete(Endpoint(server.url, "small"), messages or HELLO, **options)


def test_what_is_asked_is_what_servers_know():
    with serving(says("Hello.")) as server:
        whom = Endpoint(server.url, "small", "abc123")
        complete(whom, HELLO, max_tokens=7, temperature=0, stop=["\n"], seed=3)
        complete(Endpoint(f"{server.url}/chat/completions/"), HELLO)
    assert server.asked[0] == {
        "messages": [each._asdict() for each in HELLO],
        "max_tokens": 7,
        "stream": False,
        "model": "small",
        "temperature": 0,
        "stop": ["\n"],
        "seed": 3,
    }
    assert server.headers[0]["Authorization"] == "Bearer abc123"
    assert sorted(server.asked[1]) == ["max_tokens", "messages", "stream"]
    assert "Authorization" not in server.headers[1]


def test_what_a_server_does_not_take_is_named_otherwise_or_left_out():
    def refuses(handler):
        body = server.asked[-1]
        wrong = next((name for name in ("max_tokens", "temperature") if name in body), None)
        words = f"Unsupported parameter: '{wrong}' is not supported with this model."
        complaint = json.dumps({"error": {"message": words}}).encode()
        (gives(complaint, 400) if wrong else says("Hello."))(handler)

    with serving(refuses) as server:
        assert ask(server, max_tokens=7, temperature=0.2, seed=3).text == "Hello."
        assert [len(each) for each in server.asked] == [6, 6, 5]
        assert server.asked[-1]["max_completion_tokens"] == 7
        assert server.asked[-1]["seed"] == 3
        server.reply = gives(b"max_tokens max_completion_tokens temperature", 400)
        with pytest.raises(EndpointError, match="answers 400"):
            ask(server, temperature=0.2)
        assert len(server.asked) == 6


def test_tokens_are_the_server_s_or_guessed():
    usage = {"prompt_tokens": 11, "completion_tokens": 2}
    body = {"choices": [{"message": {"content": "Hi."}, "finish_reason": "length"}]}
    with serving(gives(json.dumps({**body, "usage": usage}).encode())) as server:
        said = ask(server)
        assert (said.text, said.prompt_tokens, said.completion_tokens, said.cut) == (
            "Hi.",
            11,
            2,
            True,
        )
        for usage in (None, {}, {"prompt_tokens": -1}, {"prompt_tokens": "many"}, [1]):
            server.reply = gives(json.dumps({**body, "usage": usage}).encode())
            said = ask(server)
            assert (said.prompt_tokens, said.completion_tokens) == (4, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fix it", "Fix it"),
        ("<think>hm\nhm</think>\n\nFix it\n", "Fix it"),
        ("<Thinking>hm</Thinking>Fix it", "Fix it"),
        ("hm, says the template</think>Fix it", "Fix it"),
        ("<think>cut in the middle", ""),
        ("```\nFix it\n```", "Fix it"),
        ("```python\nx = 1\n\ny = 2\n```\n", "x = 1\n\ny = 2"),
        ("~~~~ text\na ``` b\n~~~~", "a ``` b"),
        ("```\na\n```\nand\n```\nb\n```", "```\na\n```\nand\n```\nb\n```"),
        ("<think>x</think>```\nFix it\n```", "Fix it"),
        ("if a <think> b", "if a"),
        ("", ""),
    ],
)
def test_reasoning_and_fences_are_taken_off(text, expected):
    assert plain(text) == expected


def test_parts_are_put_together():
    with serving(says([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}])) as server:
        assert ask(server).text == "ab"
        server.reply = says(None)
        assert ask(server).text == ""


@pytest.mark.parametrize(
    ("reply", "words", "status"),
    [
        (gives(b"", 500), "500", 500),
        (gives(b'{"error": {"message": "no such model"}}', 404), "404: no such model", 404),
        (gives(b"[]", 429), "429", 429),
        (gives(b"", 302, Location="http://127.0.0.1:1/"), "302", 302),
        (gives(b"<html>"), "no JSON", 0),
        (gives(b"\xff\xfe\x00"), "no JSON", 0),
        (gives(b"[" * 100_000), "no JSON", 0),
        (gives(b""), "no JSON", 0),
        (gives(b"null"), "no chat completion", 0),
        (gives(b"{}"), "no chat completion", 0),
        (gives(b'{"choices": []}'), "no chat completion", 0),
        (gives(b'{"choices": [{"message": {"content": 7}}]}'), "no chat completion", 0),
        (gives(b'{"choices": [{"message": {"content": [7]}}]}'), "no chat completion", 0),
        (gives(b" " * (MOST_BYTES + 1)), "more than", 0),
        (lambda handler: handler.wfile.write(b"what\r\n\r\n"), "cannot be asked", 0),
        (lambda handler: handler.connection.close(), "cannot be asked", 0),
    ],
)
def test_a_bad_reply_is_an_error_in_one_line(reply, words, status):
    with serving(reply) as server, pytest.raises(EndpointError) as found:
        ask(server)
    assert words in str(found.value)
    assert found.value.status == status
    assert "\n" not in str(found.value)


def drips(handler):
    """Send a header, then a byte now and then."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
    while not handler.closing.wait(0.05):
        handler.wfile.write(b" ")


def hangs(handler):
    handler.closing.wait(10)


@pytest.mark.parametrize("reply", [hangs, drips])
def test_a_server_that_takes_too_long_is_left(reply):
    with serving(reply) as server, pytest.raises(EndpointError, match=r"no answer within 0\.2 s"):
        complete(Endpoint(server.url, timeout=0.2), HELLO)


def test_nobody_there_is_an_error():
    with serving(says("")) as server:
        gone = server.url
    with pytest.raises(EndpointError, match="cannot be asked"):
        complete(Endpoint(gone), HELLO)


def test_no_secret_leaves_and_the_answer_can_have_it_back():
    with serving(says('password = "<secret-1>"')) as server:
        said = ask(server, Message("user", 'password = "tiger55"'), Message("user", "tiger55?"))
        whom = replace(Endpoint(server.url), key="hush-hush")
        complete(whom, [Message("user", "is hush-hush the key?")])
    assert server.asked[0]["messages"][0]["content"] == 'password = "<secret-1>"'
    assert said.text == 'password = "<secret-1>"'
    assert said.restored() == 'password = "tiger55"'
    assert "hush-hush" not in json.dumps(server.asked[1])


def test_a_complaint_does_not_repeat_the_key():
    reply = gives(b'{"error": {"message": "bad key hush-hush"}}', 401)
    with serving(reply) as server, pytest.raises(EndpointError) as found:
        complete(Endpoint(server.url, key="hush-hush"), HELLO)
    assert "hush-hush" not in f"{found.value} {Endpoint(server.url, key='hush-hush')}"


def test_bytes_of_no_encoding_can_be_sent():
    with serving(says("Hi.")) as server:
        ask(server, Message("user", "caf\udce9"))
    assert server.asked[0]["messages"][0]["content"] == "caf?"


def test_it_is_off_until_it_is_configured(plain: Repository, monkeypatch):
    repo = plain
    assert configured(repo.path) is None
    repo.git("config", "gitmerge-ai.endpoint", "https://models.example/v1")
    repo.git("config", "gitmerge-ai.endpointModel", "small")
    repo.git("config", "gitmerge-ai.endpointTimeout", "5")
    assert configured(repo.path) == Endpoint("https://models.example/v1", "small", "", 5)
    repo.git("config", "gitmerge-ai.endpointKey", "abc")
    assert configured(repo.path).key == "abc"
    repo.git("config", "gitmerge-ai.endpointKey", "env:SOME_KEY")
    with pytest.raises(EndpointError, match="SOME_KEY, which is not set"):
        configured(repo.path)
    monkeypatch.setenv("SOME_KEY", "xyz")
    assert configured(repo.path).key == "xyz"
    repo.git("config", "gitmerge-ai.endpoint", "none")
    assert configured(repo.path) is None


@pytest.mark.parametrize("url", ["localhost:80", "file:///etc/passwd", "http://", "http://a:b/"])
def test_an_address_that_is_none_is_told(plain: Repository, url):
    plain.git("config", "gitmerge-ai.endpoint", url)
    with pytest.raises(EndpointError, match="has to be an address"):
        configured(plain.path)
