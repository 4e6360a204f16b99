"""What a browser calls itself, in two words."""

from __future__ import annotations

import pytest

from crm.console.browsers import told

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131":
        "Edge · Windows",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 YaBrowser/24.10 Safari/537.36": "Yandex · Windows",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox · Linux",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Mobile Safari/604.1":
        "Safari · iPhone",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36": "Chrome · Android",
    "curl/8.5.0": "curl/8.5.0",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_is_told_in_two_words(agent: str) -> None:
    assert told(agent) == AGENTS[agent]
