"""Secrets in a text, hidden before it leaves the machine: keys, tokens, passwords.

Found by form alone, so better one too many than one too few; a secret that looks like any other
word, in a place that says nothing, is not found. Each is replaced by a numbered mark, so that the
text can be put together again. Who sends what to whom is not known here.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_NAMED = (
    r"(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|api[_-]?key|access[_-]?key"
    r"|private[_-]?key|account[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key)[\w.-]{0,40}"
)
"""What something is called that holds a secret."""

_BASE64 = r"[\s+>|\"'\\n-]*[A-Za-z0-9+/=:,. -]{16,}"

FORMS: tuple[tuple[str, str], ...] = (
    (
        "private key",
        r"-----BEGIN[A-Z0-9 ]* PRIVATE KEY(?: BLOCK)?-----"
        rf"(?:[\s\S]*?-----END[A-Z0-9 ]* PRIVATE KEY(?: BLOCK)?-----|(?:{_BASE64})*)",
    ),
    ("age key", r"AGE-SECRET-KEY-1[0-9A-Z]{50,}"),
    ("Amazon key", r"\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"),
    ("GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,})"),
    ("GitLab token", r"\bgl(?:pat|ptt|dt|rt|cbt|soat|ft|imt)-[\w-]{20,}"),
    ("Slack token", r"\bxox[a-z]-[\w-]{10,}"),
    ("webhook", r"(?<=hooks\.slack\.com/)[\w/]{20,}|(?<=/api/webhooks/)\d+/[\w-]{20,}"),
    ("Google key", r"\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}"),
    ("key", r"\bsk-[\w-]{20,}|\b[sr]k_(?:live|test)_\w{16,}|\bwhsec_\w{20,}"),
    ("npm token", r"\bnpm_[A-Za-z0-9]{30,}"),
    ("PyPI token", r"\bpypi-[\w-]{40,}"),
    ("Hugging Face token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("SendGrid key", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    ("Twilio key", r"\b(?:SK|AC)[0-9a-f]{32}\b"),
    ("DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{40,}"),
    ("Telegram token", r"\b\d{8,10}:AA[\w-]{32,}"),
    ("Azure key", r"(?<=AccountKey=)[A-Za-z0-9+/=]{20,}|(?<=[?&]sig=)[\w%+/=-]{20,}"),
    ("web token", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"),
    ("password in a URL", r"(?<=://)(?P<user>[^\s:@/'\"<>]*):(?P<secret>[^\s@'\"<>]+)(?=@)"),
    ("token in a URL", r"(?<=://)(?P<secret>[^\s:@/'\"<>]{16,})(?=@)"),
    (
        "authorization",
        r"(?i)\b(?:authorization\W{1,8}(?:basic|bearer|token|digest)?|bearer)\s+"
        r"(?P<secret>[\w.~+/=-]{8,})",
    ),
    (
        "assignment",
        rf"(?i){_NAMED}['\"]?\s*(?::=|=>|[:=])\s*(?P<q>['\"`])(?P<secret>[^\n]{{3,2000}}?)(?P=q)",
    ),
    ("assignment", rf"(?i){_NAMED}=(?P<secret>[^\s'\"`,;()<>]{{3,}})"),
    (
        "assignment",
        rf"(?im)^[-+ ]?[ \t]*['\"]?[\w.-]{{0,60}}?{_NAMED}['\"]?\s*[:=]\s*"
        r"(?P<secret>(?=[^\s()]*(?:\d|[!@#$%^&*+/~]))[^\s'\"`,;()<>]{6,})\s*$",
    ),
    (
        "environment",
        r"(?m)^[-+ ]?(?:export )?[A-Z][A-Z0-9_]+=['\"]?"
        r"(?P<secret>(?=[^\s'\"]*\d)(?=[^\s'\"]*[A-Za-z])[^\s'\"$()]{8,})['\"]?\s*$",
    ),
    ("netrc", r"(?m)\blogin\s+\S+\s+password\s+(?P<secret>\S+)"),
)
"""What a secret is called and its form; where the form has a group `secret`, that part alone."""

SHORTEST = 5
"""Characters of a secret that is hidden also where nothing says that it is one."""

_FORMS = [(name, re.compile(form)) for name, form in FORMS]

_MARK = "<secret-{}>"
_MARKS = re.compile(r"<secret-\d+>")


class Hidden(NamedTuple):
    """Texts without their secrets, and what each mark in them stands for."""

    texts: tuple[str, ...]
    secrets: Mapping[str, str]

    def restored(self, text: str) -> str:
        """Give a text with every mark in it replaced by the secret that it stands for."""
        return _MARKS.sub(lambda mark: self.secrets.get(mark[0], mark[0]), text)


def hide(texts: Iterable[str], known: Iterable[str] = ()) -> Hidden:
    """Replace what looks like a secret by a mark, the same everywhere for the same secret.

    Args:
        texts: to be looked through.
        known: secrets that are hidden wherever they stand.
    """
    given = tuple(texts)
    # A mark that stands in a text already, in these very documents say, is none of ours.
    taken = {mark for text in given for mark in _MARKS.findall(text)}
    marks: dict[str, str] = {}

    def mark(secret: str) -> str:
        if secret not in marks:
            numbers = (_MARK.format(n) for n in range(len(marks) + 1, len(marks) + len(taken) + 2))
            free = next(each for each in numbers if each not in taken)
            taken.add(free)
            marks[secret] = free
        return marks[secret]

    def replaced(found: "re.Match[str]") -> str:
        group = "secret" if "secret" in found.re.groupindex else 0
        start, end = found.span(group)
        secret = found[group]
        if _MARKS.search(secret):
            return found[0]
        return f"{found[0][: start - found.start()]}{mark(secret)}{found[0][end - found.start() :]}"

    hidden = []
    for text in given:
        for secret in known:
            text = text.replace(secret, mark(secret)) if secret and secret in text else text
        for _, form in _FORMS:
            text = form.sub(replaced, text)
        hidden.append(text)
    found = {name: secret for secret, name in marks.items()}
    return Hidden(tuple(_without(text, marks) for text in hidden), found)


def _without(text: str, marks: Mapping[str, str]) -> str:
    """Hide a secret that was found somewhere wherever else it stands as a word."""
    long = sorted((secret for secret in marks if len(secret) >= SHORTEST), key=len, reverse=True)
    if not long:
        return text
    anywhere = "|".join(map(re.escape, long))
    return re.sub(rf"(?<!\w)(?:{anywhere})(?!\w)", lambda word: marks[word[0]], text)


def looks_hidden(text: str) -> bool:
    """Whether a mark stands in a text."""
    return bool(_MARKS.search(text))
