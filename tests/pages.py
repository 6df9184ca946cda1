"""Reading a page that a command wrote."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Reads a page: what it refers to, its text, whole and by element, and what is left open."""

    VOID = frozenset({"meta", "br", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []
        self.cases: list[dict[str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.references += [str(known[name]) for name in ("src", "href", "srcset") if name in known]
        if known.get("class") == "case":
            self.cases.append(known)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)
