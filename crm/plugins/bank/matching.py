"""Which open invoices a movement pays, and why we think so; applying the payment is done elsewhere.

Only what is beyond doubt is applied; the rest is suggested or left to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from crm.locale import _
from crm.plugins.bank import scoring
from crm.plugins.bank.open_invoices import Numbers, OpenInvoice, OpenInvoices
from crm.plugins.bank.purpose import Purpose
from crm.plugins.bank.scoring import SUGGEST_FROM, Payer, Scored
from crm.plugins.bank.statement import Movement

_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Match:
    """What to apply (invoice, amount), what to offer a person, what of it is an advance, the points, and why.

    The advance is within the last part that is applied.
    """

    applied: tuple[tuple[str, Decimal], ...] = ()
    suggested: tuple[str, ...] = ()
    advance: Decimal = _ZERO
    points: int = 0
    why: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known beside the movement: clients seen with the payer's account, our company, what is not to be paid.

    `own` is the company of ours whose account it is, None where that is not known. `refused` are invoices whose payment
    by this movement was taken back before. `closed` gives our other invoices: a purpose that names one of them is not
    taken to mean another by its amount. `rejected` are invoices that a person said it does not pay.
    """

    seen: frozenset[str] = frozenset()
    own: str | None = None
    refused: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    closed: Callable[[], Numbers] = Numbers


_NOTHING_KNOWN = Facts()


def find_invoices(movement: Movement, invoices: OpenInvoices, facts: Facts = _NOTHING_KNOWN) -> Match:
    """Find the invoices, all in the currency of the movement, that an incoming movement pays.

    A movement that is not certain is only suggested.
    """
    if movement.direction != "in":
        return Match(why=_("A transfer between our own accounts pays no invoice."))
    purpose = Purpose(movement.purpose)
    if purpose.forbidding:
        return Match(why=_("The purpose says “{word}”: such money is sorted by hand.").format(word=purpose.forbidding))
    if movement.payer.inn and movement.payer.inn == movement.payee.inn:
        return Match(why=_("The payer is our own company: such money pays no invoice."))
    payer = Payer(movement.payer.inn, movement.payer.name, facts.seen)
    scored = [_barred(one, movement, facts) for one in _score(movement.amount, payer, purpose, invoices, facts)]
    return _outcome(scored, movement.amount) if scored else Match(why=_nothing(payer.tax_id, invoices))


def _score(amount: Decimal, payer: Payer, purpose: Purpose, invoices: OpenInvoices, facts: Facts) -> list[Scored]:
    named = [one for one in invoices.numbers.named(purpose) if one.ref not in facts.rejected]
    named = _of_company(named, facts.own)
    own = [invoice for invoice in named if payer.is_client(invoice)]
    if own or (named and not invoices.equal(payer.tax_id, amount)):
        return _score_named(own or named, amount, payer, purpose, invoices)
    other = named or (facts.closed().named(purpose) if purpose.names_a_number else [])
    bar = _("But the purpose names {other}.").format(other=_labels(other)) if other else ""
    return [one.barred(bar) for one in _score_amount(amount, payer, purpose, invoices, facts.rejected)]


def _of_company(invoices: list[OpenInvoice], own: str | None) -> list[OpenInvoice]:
    """Return the invoices of the company of ours that got the money, all of them where none is: each has a series."""
    return [one for one in invoices if one.own == own] or invoices


def _score_named(
    named: list[OpenInvoice], amount: Decimal, payer: Payer, purpose: Purpose, invoices: OpenInvoices
) -> list[Scored]:
    if len(named) > 1 and sum((one.remainder for one in named), _ZERO) == amount:
        return [scoring.together(named, payer, purpose, amount)]
    only = invoices.only(payer.tax_id)
    scored = [scoring.by_number(one, payer, purpose, amount, only=one is only) for one in named]
    if len(named) == 1:
        return scored
    bar = _("The purpose names several invoices, which do not come to the amount.")
    return [one.barred(bar) for one in scored]


def _score_amount(
    amount: Decimal, payer: Payer, purpose: Purpose, invoices: OpenInvoices, rejected: Collection[str]
) -> list[Scored]:
    equal = [one for one in invoices.equal(payer.tax_id, amount) if one.ref not in rejected]
    only = invoices.only(payer.tax_id)
    if len(equal) == 1:
        return [scoring.by_amount(equal[0], payer, purpose, amount, only=equal[0] is only)]
    if equal:
        bar = _("Which of them is for a person to say.")
        return [scoring.several_equal(equal).barred(bar)]
    together = invoices.all_of(payer.tax_id, amount)
    if together and not any(one.ref in rejected for one in together):
        return [scoring.all_of_client(together)]
    if only is None or only.ref in rejected:
        return []
    return [scoring.by_amount(only, payer, purpose, amount, only=True)]


def _barred(scored: Scored, movement: Movement, facts: Facts) -> Scored:
    """Forbid applying without a person what is in doubt for another reason than the points."""
    bars = []
    if not movement.certain:
        bars.append(_("The file leaves this movement in doubt."))
    strange = [one for one in scored.invoices if facts.own is not None and one.own != facts.own]
    if strange:
        bars.append(_("{numbers} was issued by another company of ours.").format(numbers=_labels(strange)))
    refused = [one for one in scored.invoices if one.ref in facts.refused]
    if refused:
        text = _("This payment of {numbers} was taken back by hand: it is not made again by itself.")
        bars.append(text.format(numbers=_labels(refused)))
    return scored.barred(*bars)


def _outcome(scored: list[Scored], amount: Decimal) -> Match:
    best = max(scored, key=lambda one: one.points)
    if best.applies:
        return _apply(best, amount)
    offered = [one for one in scored if one.points >= SUGGEST_FROM]
    refs = dict.fromkeys(invoice.ref for one in offered for invoice in one.invoices)
    return Match(suggested=tuple(refs), points=best.points, why=" ".join(one.why for one in (offered or [best])[:5]))


def _nothing(tax_id: str, invoices: OpenInvoices) -> str:
    """Tell why nothing is found for a payer."""
    if not tax_id:
        return _("No open invoice is named in the purpose, and the payer has no tax id.")
    if not invoices.are_for(tax_id):
        return _("No open invoice is named in the purpose, and none is for the payer, INN {inn}.").format(inn=tax_id)
    return _("No open invoice is named in the purpose, and none of the payer's comes to the amount.")


def _apply(scored: Scored, amount: Decimal) -> Match:
    applied = share(amount, [(invoice.ref, invoice.remainder) for invoice in scored.invoices])
    advance = max(amount - sum((one.remainder for one in scored.invoices), _ZERO), _ZERO)
    why = scored.why
    if advance:
        why += " " + _("{advance} is above all that is owed and is kept as an advance.").format(advance=advance)
    return Match(applied=tuple(applied), advance=advance, points=scored.points, why=why)


def share(amount: Decimal, owed: Iterable[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """Share money among invoices in their order; what is above all that is owed goes to the last as an advance."""
    parts: list[tuple[str, Decimal]] = []
    for ref, remainder in owed:
        part = min(remainder, amount)
        amount -= part
        if part:
            parts.append((ref, part))
    if amount and parts:
        ref, part = parts[-1]
        parts[-1] = ref, part + amount
    return parts


def _labels(invoices: Iterable[OpenInvoice]) -> str:
    return ", ".join(invoice.label for invoice in invoices)
