"""The goals of a deal's stage on its card in the console: a manager ticks them, and the deal moves on (U1, U2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from crm.locale import _
from crm.plugins.goals.reaching import TICKED, tick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.model.pipeline import Goal
    from crm.model.record import Record
    from crm.workspace import Workspace

_FORM = Markup(
    '<form method="post" action="/do/tick_goal"><input type="hidden" name="deal" value="{id}">'
    '<input type="hidden" name="back" value="/deal/{id}"><button class="button" name="goal" value="{key}">{title}'
    '</button> <span class="muted">{to}</span></form>'
)
_LINE = Markup('<p>{title} <span class="muted">{to}</span></p>')


def panel(crm: Workspace, deal: Record) -> dict[str, Any] | None:
    """Return the goals of the stage that an open deal stands on; None without any."""
    if deal.doc.get("outcome"):
        return None
    pipeline = crm.settings.pipeline(deal.doc.get("pipeline", ""))
    stage = pipeline.get(deal.doc.get("stage", ""))
    if stage is None or not stage.goals:
        return None
    may = crm.guard.may("edit", "deal", deal.doc)
    lines = []
    for goal in stage.goals:
        following = pipeline.after(stage, goal)
        words = {"title": _title(goal), "to": f"→ {following.title.text()}" if following else ""}
        ticked = may and goal.on == TICKED
        lines.append(_FORM.format(id=deal.id, key=goal.key, **words) if ticked else _LINE.format(**words))
    return {"html": Markup("").join(lines)}


def _title(goal: Goal) -> str:
    known = {
        "quote_sent": _("The quote is sent"), "quote_accepted": _("The quote is accepted"),
        "invoice_issued": _("The invoice is issued"), "payment_received": _("Money came in"),
        "invoice_paid": _("The invoice is paid"), "activity_done": _("An activity is done"),
        "letter_received": _("A letter came"), "call_missed": _("A call was missed"),
    }  # fmt: skip
    return goal.title.text() or known.get(goal.on, goal.on)


def done(crm: Workspace, form: Mapping[str, Any]) -> str:
    """Tick a goal of a deal."""
    deal = tick(crm, int(form.get("deal") or 0), str(form.get("goal") or ""))
    stage = crm.settings.pipeline(deal.pipeline).stage(deal.stage)
    return _("The goal is reached: {title} → {stage}").format(title=deal.label, stage=stage.title.text())
