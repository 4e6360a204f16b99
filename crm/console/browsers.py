"""What a browser calls itself, in two words: «Chrome · Windows» (the User-Agent header, RFC 9110, 10.1.5)."""

from __future__ import annotations

BROWSERS = (
    ("YaBrowser", "Yandex"), ("OPR/", "Opera"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""Signs of browsers, the telling ones first: nearly all of them call themselves Chrome and Safari too."""
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def told(agent: str) -> str:
    """Return the browser and the system, or the words as they came where neither is known."""
    found = [next((name for sign, name in known if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or agent
