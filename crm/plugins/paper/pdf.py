"""HTML of a paper to PDF; nothing is fetched from the network or the disk, and equal HTML gives equal bytes."""

from __future__ import annotations

from hashlib import sha256

from crm.errors import OutsideFailed
from crm.locale import _

# The last row travels with the totals and the signatures. Chromium gives up both rules when it gets them together.
_ENDING = ".ending { break-before: avoid; }"


def pdf(html: str) -> bytes:
    """Print `html` to PDF; only `data:` addresses within it are followed.

    OutsideFailed where the extra `pdf` is not installed.
    """
    try:
        from weasyprint import CSS, HTML, URLFetcher
    except (ImportError, OSError) as error:
        raise OutsideFailed(
            _("PDF needs a library that is not installed ({error}).").format(error=error),
            _("Install it: pip install 'crm[pdf]'."),
        ) from error
    page = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    identifier = sha256(html.encode()).digest()[:16]
    return bytes(page.write_pdf(stylesheets=[CSS(string=_ENDING)], pdf_identifier=identifier))
