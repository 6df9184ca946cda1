"""Secrets are found by their form, and what is none stays readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitmerge_ai.text.secrets import hide, looks_hidden

KEY = "-----BEGIN {0}PRIVATE KEY{1}-----\n{2}\n-----END {0}PRIVATE KEY{1}-----"
BODY = "\n".join("MIIEpAIBAAKCAQEA" * 4 for _ in range(3))
WORD = "a1B2c3D4e5F6g7H8i9J0"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (KEY.format("RSA ", "", BODY), "<secret-1>"),
        (KEY.format("", "", BODY) + "\nafter", "<secret-1>\nafter"),
        (KEY.format("PGP ", " BLOCK", f"\n{BODY}"), "<secret-1>"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n+" + BODY.replace("\n", "\n+"), "<secret-1>"),
        ("key: AKIAIOSFODNN7EXAMPL0.", "key: <secret-1>."),
        (f"ghp_{WORD}{WORD} x", "<secret-1> x"),
        (f"github_pat_{WORD}_{WORD}", "<secret-1>"),
        (f"glpat-{WORD}", "<secret-1>"),
        (f"xoxb-{WORD}", "<secret-1>"),
        (f"sk-proj-{WORD}", "<secret-1>"),
        (f"sk_live_{WORD}", "<secret-1>"),
        (f"AIza{WORD}{WORD[:15]}", "<secret-1>"),
        (f"npm_{WORD}{WORD}", "<secret-1>"),
        (f"pypi-{WORD}{WORD}{WORD}", "<secret-1>"),
        (f"hf_{WORD}{WORD}", "<secret-1>"),
        (f"SG.{WORD}.{WORD}", "<secret-1>"),
        (f"SK{'0a' * 16}", "<secret-1>"),
        (f"dop_v1_{'0a' * 32}", "<secret-1>"),
        (f"1234567890:AA{WORD}{WORD}", "<secret-1>"),
        (f"https://hooks.slack.com/services/T0/B0/{WORD}", "https://hooks.slack.com/<secret-1>"),
        (f"AccountName=a;AccountKey={WORD}==;", "AccountName=a;AccountKey=<secret-1>;"),
        (f"token eyJ{WORD}.eyJ{WORD}.{WORD}", "token <secret-1>"),
        ("postgres://me:hunter2@db/x", "postgres://me:<secret-1>@db/x"),
        ("git clone https://:pass@host/x", "git clone https://:<secret-1>@host/x"),
        (f"https://{WORD}@host/x", "https://<secret-1>@host/x"),
        ("Authorization: Bearer abcdefgh", "Authorization: Bearer <secret-1>"),
        ("'Authorization': 'Basic dXNlcjpw'", "'Authorization': 'Basic <secret-1>'"),
        ('DB_PASSWORD = "tiger"', 'DB_PASSWORD = "<secret-1>"'),
        ('{"api_key": "tiger"}', '{"api_key": "<secret-1>"}'),
        ("client_secret: 'tiger lily'", "client_secret: '<secret-1>'"),
        ("run --token=tiger now", "run --token=<secret-1> now"),
        ("+SECRET_KEY=tiger", "+SECRET_KEY=<secret-1>"),
        ("  password: hunter2", "  password: <secret-1>"),
        ("export STRIPE=abc123def456", "export STRIPE=<secret-1>"),
        ('+STRIPE="abc123def456"', '+STRIPE="<secret-1>"'),
        ("machine h login me password tiger", "machine h login me password <secret-1>"),
    ],
)
def test_a_secret_is_hidden_and_can_be_put_back(text, left):
    hidden = hide([text])
    assert hidden.texts == (left,)
    assert hidden.restored(left) == text
    assert looks_hidden(left)


@pytest.mark.parametrize(
    "text",
    [
        "def get_token(self, password: str) -> str:",
        "token = next(tokens)",
        "password: string;",
        "if self.token != other.token:",
        "Fix the password form of https://example.org/login?next=/a",
        "mailto:someone@example.org and git@github.com:a/b.git",
        "CFLAGS=-O2",
        "DEBUG=true",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "x = secrets[0]",
        "import secrets  # <secret-9> in a text is nobody's mark",
        "version==1.2.3",
    ],
)
def test_what_is_no_secret_stays(text):
    assert hide([text]).texts == (text,)


def test_the_same_secret_has_the_same_mark_in_all_texts():
    hidden = hide(["password='tiger'; token='lily'", "token='tiger'", "<secret-3>"], ["known"])
    assert hidden.texts == (
        "password='<secret-1>'; token='<secret-2>'",
        "token='<secret-1>'",
        "<secret-3>",
    )


def test_a_secret_is_hidden_also_where_nothing_says_that_it_is_one():
    hidden = hide(["Added: tiger, lily, tigers", "password = 'tiger'"])
    assert hidden.texts == ("Added: <secret-1>, lily, tigers", "password = '<secret-1>'")


def test_marks_that_are_there_are_not_taken_for_ours():
    hidden = hide(["<secret-1> password='tiger'"])
    assert hidden.texts == ("<secret-1> password='<secret-2>'",)
    assert hidden.restored("<secret-1> <secret-2>") == "<secret-1> tiger"


TEXTS = st.lists(
    st.sampled_from(
        ["password", "=", ":", " ", "'", '"', "\n", "://", "@", "tiger", "A1b2C3d4", "KEY", "TOKEN"]
    )
    | st.text(max_size=5),
    max_size=20,
).map("".join)


@given(st.lists(TEXTS, max_size=3))
def test_restoring_gives_back_every_text(texts):
    hidden = hide(texts)
    assert [hidden.restored(text) for text in hidden.texts] == texts


@given(TEXTS, TEXTS, st.text("abcXYZ123-_", min_size=6, max_size=12))
def test_what_is_known_to_be_secret_never_stays(before, after, secret):
    assert secret not in hide([before + secret + after], [secret]).texts[0]
