"""Taking requests of the site: the client is found or made, a lead or a deal begins, once for a number of the site."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import CrmError
from crm.locale import _
from crm.plugins.site.nouns import FORM, ORDER, SiteRequest
from crm.plugins.site.reading import read
from crm.plugins.site.settings import SiteSettings
from crm.sales.collection import Collection
from crm.sales.intake import Asked, find_client

if TYPE_CHECKING:
    from crm.model.record import Record
    from crm.plugins.site.reading import Read
    from crm.plugins.site.settings import Reaction


class SiteRequests(Collection[SiteRequest]):
    """All requests of the site."""

    @property
    def rules(self) -> SiteSettings:
        """Return `config/site.yaml`."""
        return self.crm.settings.section("site", SiteSettings)

    def take(self, kind: str, data: Any) -> SiteRequest:  # type: ignore[override]
        """Take a form or an order; one whose number is known is not taken again. Raises InvalidValue."""
        request = read(data, self.rules.fields)
        key = f"{kind}:{request.get('id')}" if request.get("id") else ""
        with self.crm.writing(f"site {kind}") as draft:
            for known in self.having("key", key) if key else ():
                return known
            client = self._client(request)
            about = self._order(request, client) if kind == ORDER else self._form(request, client)
            self._react(about, self.rules.order if kind == ORDER else self.rules.form, request)
            doc = {
                "kind": kind,
                "key": key or f"{kind}:#{draft.time}",
                "about": about.ref,
                "client": client.ref if client is not None else None,
                "owner": about.doc.get("owner") or self.crm.actor,
                "told": json.dumps(data, ensure_ascii=False, indent=1)[:20_000],
            }
            return self.record(draft.create("site_request", {k: v for k, v in doc.items() if v is not None}))

    def _client(self, request: Read) -> Record | None:
        """Return the contact, company or open lead with that phone, e-mail or ИНН."""
        phones, emails = ([request.get(name)] if request.get(name) else [] for name in ("phone", "email"))
        found = find_client(self.crm, Asked("", phones, emails, ""))
        if not found and request.get("inn"):
            found = list(self.crm.collection("company").having("tax_ids", request.get("inn")))
        return found[0] if found else None

    # --- a form ------------------------------------------------------------------------------------------------------

    def _form(self, request: Read, client: Record | None) -> Record:
        """Return the lead of a stranger, the open deal or lead of a client, or a new deal of one who asks again."""
        if client is None:
            return self._lead(request)
        open_deal = self._open_deal(client)
        if open_deal is None and client.noun != "lead":
            return self._deal(request, client, request.get("title") or _("Request from the site"))
        about = open_deal or client
        subject = _("Request from the site: {text}").format(text=request.comment()[:200] or about.label)
        self._plan(about, subject, "call", 0)
        return about

    def _lead(self, request: Read) -> Record:
        values: dict[str, Any] = {
            "name": request.get("name") or request.get("company") or request.get("phone") or request.get("email"),
            "contact_name": request.get("name"),
            "company_name": request.get("company"),
            "phones": [request.get("phone")] if request.get("phone") else [],
            "emails": self._emails(request),
            "comment": request.comment(),
            "source": request.get("source") or self.rules.source,
            "amount": request.get("amount"),
            "owner": self.rules.owner,
        }
        return self.crm.collection("lead").take(**{name: value for name, value in values.items() if value})

    def _emails(self, request: Read) -> list[str]:
        from crm.model.email_address import fold

        with suppress(CrmError):
            return [fold(request.get("email"))] if request.get("email") else []
        return []

    def _open_deal(self, client: Record) -> Record | None:
        field = {"contact": "contacts", "company": "company"}.get(client.noun, "")
        deals = self.crm.collection("deal").having(field, client.ref) if field else []
        return max((one for one in deals if not one.doc.get("outcome")), key=lambda one: one.id, default=None)

    # --- an order ----------------------------------------------------------------------------------------------------

    def _order(self, request: Read, client: Record | None) -> Record:
        """Return the deal of an order; a stranger gets the card of a contact, and of a company where one is named."""
        if client is None or client.noun == "lead":
            client = self._new_client(request)
        number = request.get("id")
        title = _("Order of the site {number}").format(number=number) if number else _("Order of the site")
        return self._deal(request, client, title)

    def _new_client(self, request: Read) -> Record:
        company: Record | None = None
        if request.get("company"):
            given = {"name": request.get("company"), "inn": request.get("inn"), "owner": self._owner()}
            company = self.crm.collection("company").add(**{name: value for name, value in given.items() if value})
        if company is not None and not (request.get("name") or request.get("phone") or request.get("email")):
            return company
        values: dict[str, Any] = {
            "name": request.get("name") or request.get("phone") or request.get("email"),
            "phones": [request.get("phone")] if request.get("phone") else [],
            "emails": self._emails(request),
            "companies": [company.ref] if company is not None else [],
            "owner": self._owner(),
        }
        made: Record = self.crm.collection("contact").add(**{name: value for name, value in values.items() if value})
        return made

    def _owner(self) -> str:
        return self.rules.owner or self.crm.settings.account.default_owner or self.crm.actor

    def _deal(self, request: Read, client: Record, title: str) -> Record:
        companies = client.doc.get("companies") or []
        company = client.ref if client.noun == "company" else companies[0] if companies else ""
        values: dict[str, Any] = {
            "title": title,
            "pipeline": self.rules.order.pipeline,
            "contacts": [client.ref] if client.noun == "contact" else [],
            "company": company,
            "source": request.get("source") or self.rules.source,
            "items": [self._item(line) for line in request.items],
            "amount": "" if request.items else request.get("amount"),
            "comment": request.comment(),
            "owner": client.doc.get("owner") or self._owner(),
        }
        deal: Record = self.crm.collection("deal").add(**{name: value for name, value in values.items() if value})
        return deal

    def _item(self, line: dict[str, str]) -> dict[str, str]:
        """Return a line of goods: of the catalogue by its article, else by its name with the site's price."""
        from crm.sales.goods import find_product

        if find_product(self.crm, line.get("sku") or line["name"]) is not None:
            return line
        return {"price": "0", **line}

    # --- what follows ------------------------------------------------------------------------------------------------

    def _react(self, about: Record, reaction: Reaction, request: Read) -> None:
        if reaction.task:
            words = {"name": request.get("name"), "number": request.get("id"), "title": about.label}
            subject = reaction.task
            for name, value in words.items():
                subject = subject.replace("{" + name + "}", value)
            self._plan(about, subject, reaction.kind, reaction.days)
        if reaction.process and "process" in self.crm.nouns:
            processes: Any = self.crm.collection("process")
            try:
                processes.start(reaction.process, about.ref)
            except CrmError as error:  # the request itself is not lost for a process that cannot start
                self.crm.warnings.append(str(error))

    def _plan(self, about: Record, subject: str, kind: str, days: int) -> None:
        due = self.crm.settings.today() + timedelta(days=days)
        owner = about.doc.get("owner") or self._owner()
        self.crm.collection("activity").add(kind=kind, subject=subject, about=about.ref, due=due, owner=owner)


KINDS = (FORM, ORDER)
