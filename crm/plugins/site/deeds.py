"""What one does with a notice to the site that was not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.locale import _
from crm.plugins.site.nouns import TAKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.plugins.site.notices import SiteNotices
    from crm.workspace import Workspace


def again(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Send a notice once more, at once."""
    notices: SiteNotices = crm.collection("site_notice")  # type: ignore[assignment]
    notice = notices.again(str(form.get("record") or ""))
    list(notices.send(all_=True))
    now = notices.get(notice.id)
    if now.status == TAKEN:
        return _("The site has taken it.")
    return _("The site has not taken it: {why}").format(why=now.error or "—")
