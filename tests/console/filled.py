"""What a browser would send for the form of a page as it stands."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """The controls of the forms of a page that post."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.posts = False
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.posts = given.get("method") == "post" and str(given.get("action")).startswith("/settings/")
        if not self.posts:
            return
        boxed = given.get("type") in ("checkbox", "radio")
        if tag == "input" and name and (not boxed or "checked" in given):
            self.found.setdefault(name, []).append(value)
        if tag == "select":
            self.select = name
        if tag == "option" and self.select and ("selected" in given or self.select not in self.found):
            self.found[self.select] = [value]
        if tag == "textarea":
            self.area = name
            self.found[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area][0] += data.removeprefix("\n") if not self.found[self.area][0] else data


def filled(body: str) -> dict[str, list[str]]:
    """Return the names and values that the form of settings on a page posts."""
    form = _Form()
    form.feed(body)
    return form.found
