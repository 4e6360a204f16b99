"""The register of pages: `@page` is a page with its `.json`, `@action` is what a form posts to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from crm.console.visit import Answer

    Handler = Callable[..., Answer]

H = TypeVar("H", bound="Callable[..., Any]")


class Route(NamedTuple):
    """An address of the console: `<name>` is a word of it, `<id:int>` a number."""

    method: str
    path: str
    handler: Handler


ROUTES: list[Route] = []


def page(path: str) -> Callable[[H], H]:
    """Answer GET at `path`, and at `path.json` with the same as data: `function(visit, **words)` returns a View."""
    return _at("GET", path)


def action(path: str) -> Callable[[H], H]:
    """Answer POST at `path`: `function(visit, **words)` returns Done, or a View to ask on."""
    return _at("POST", path)


def _at(method: str, path: str) -> Callable[[H], H]:
    def register(handler: H) -> H:
        ROUTES.append(Route(method, path, handler))
        return handler

    return register
