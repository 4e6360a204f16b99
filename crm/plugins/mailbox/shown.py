"""What of an HTML letter is shown: as text, or as HTML that cannot run, call home or load a picture."""

from __future__ import annotations

import re

_BLOCKS = frozenset(
    ("blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table", "tr", "ul")
)
_INLINE = frozenset(("a", "abbr", "b", "caption", "code", "em", "i", "s", "span", "strong", "sub", "sup", "u"))
_CELLS = frozenset(("tbody", "td", "tfoot", "th", "thead"))
_HIDDEN = ("script", "style", "head", "title", "template", "noscript")
_LARGEST = 2_000_000


def safe_html(html: str) -> str:
    """Return HTML with harmless tags alone: no pictures, styles, forms, scripts; links to the web and to addresses."""
    import nh3

    return nh3.clean(
        html[:_LARGEST],
        tags=set(_BLOCKS | _INLINE | _CELLS),
        clean_content_tags=set(_HIDDEN),
        attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def text_of(html: str) -> str:
    """Return an HTML letter as plain text with its lines."""
    from html import unescape

    clean = safe_html(html)
    broken = re.sub(rf"</?(?:{'|'.join(_BLOCKS)})\b[^>]*>", "\n", clean)
    lines = (" ".join(line.split()) for line in unescape(re.sub(r"<[^>]*>", "", broken)).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
