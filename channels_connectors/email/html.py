"""HTML of mails: made safe for a page of its own, and as plain words."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import nh3

from channels_connectors.email.decoding import storable

LONGEST = 200_000
# What is nested deeper is written to keep us busy.
DEEPEST = 500
DEEPEST_QUOTE = 20

TAGS = {
    "a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite",
    "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "li", "main", "ol", "p", "pre", "q", "s",
    "section", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "tt", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"style", "align", "dir", "title", "lang"},
    "a": {"href"},
    "img": {"alt"},
    "font": {"color", "size"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": {"colspan", "rowspan", "width", "valign", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "valign", "bgcolor"},
}
STYLES = {
    "background-color", "border", "border-bottom", "border-collapse", "border-left", "border-radius", "border-right",
    "border-top", "color", "font-size", "font-style", "font-weight", "line-height", "list-style-type", "margin",
    "margin-bottom", "margin-left", "margin-right", "margin-top", "padding", "padding-bottom", "padding-left",
    "padding-right", "padding-top", "text-align", "text-decoration", "vertical-align", "white-space", "width",
}  # fmt: skip
DROPPED_WHOLE = {"script", "style", "title", "head", "template", "noscript", "object", "iframe", "svg", "math"}

BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
SPACED = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul"])


TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
ANY_TAG = re.compile(r"<[^<>]*>?")
UNNESTED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "dd",
        "dt",
        "embed",
        "hr",
        "img",
        "input",
        "li",
        "link",
        "meta",
        "option",
        "p",
        "param",
        "source",
        "wbr",
    ]
)


def cleaned(html: str) -> str:
    """By a list of what is allowed: nothing in it is loaded from anywhere, and nothing in it runs. Empty for what is
    made to keep us busy."""
    html = html[:LONGEST]
    if _depth(html) > DEEPEST:
        return ""
    clean = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        filter_style_properties=STYLES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return storable(clean).strip() if len(clean) <= 2 * LONGEST else ""


def stripped(html: str) -> str:
    """Words of HTML that is not fit to be cleaned."""
    return storable(" ".join(ANY_TAG.sub(" ", html[:LONGEST]).split()))


def _depth(html: str) -> int:
    depth = deepest = 0
    for found in TAG.finditer(html):
        if found[2].lower() not in UNNESTED:
            depth += -1 if found[1] else 1
            deepest = max(deepest, depth)
    return deepest


def words_of(clean_html: str) -> str:
    """What ``cleaned`` gave, as a text: quotes are marked as in plain mails, links keep their addresses."""
    reader = _Words()
    reader.feed(clean_html)
    reader.close()
    return reader.text()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._depth = 0
        self._kept_as_is = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS or tag == "br":
            self._end_line(is_forced=tag == "br")
        if tag in SPACED:
            self._end_line(is_forced=True)
        if tag == "blockquote":
            self._depth = min(self._depth + 1, DEEPEST_QUOTE)
        elif tag == "pre":
            self._kept_as_is += 1
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._line)))
        elif sign := self._sign(tag, dict(attrs)):
            self._line.append(sign)

    def _sign(self, tag: str, attrs: Mapping[str, str | None]) -> str:
        if tag == "img":
            return f"[{attrs['alt']}]" if attrs.get("alt") else ""
        if tag in ("td", "th") and self._line:
            return " "
        return "• " if tag == "li" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._name_link(*self._links.pop())
        if tag in BLOCKS:
            self._end_line(is_forced=False)
        if tag in SPACED:
            self._end_line(is_forced=True)
        if tag == "blockquote":
            self._depth = max(self._depth - 1, 0)
        elif tag == "pre":
            self._kept_as_is = max(self._kept_as_is - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._kept_as_is:
            first, *rest = data.split("\n")
            self._line.append(first)
            for line in rest:
                self._end_line(is_forced=True)
                self._line.append(line)
            return
        spaced = " ".join(data.split())
        if spaced or self._line:
            before, after = " " * data[:1].isspace(), " " * data[-1:].isspace()
            self._line.append(f"{before}{spaced}{after if spaced else ''}")

    def _name_link(self, address: str, start: int) -> None:
        said = "".join(self._line[start:]).strip()
        if address.startswith(("http://", "https://")) and said and said.rstrip("/") not in address:
            self._line.append(f" ({address[:500]})")

    def _end_line(self, *, is_forced: bool) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._kept_as_is else " ".join(line.split())
        self._line.clear()
        self._links = [(address, 0) for address, _start in self._links]
        if line or (is_forced and self._lines and self._lines[-1][1]):
            self._lines.append((self._depth, line))

    def text(self) -> str:
        self._end_line(is_forced=False)
        return "\n".join(f"{'>' * depth} {line}".rstrip() if depth else line for depth, line in self._lines).strip()
