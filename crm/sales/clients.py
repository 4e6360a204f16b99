"""The verbs of clients: contacts and companies, with names, requisites and back references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.model.company import Company
from crm.model.contact import Contact, full_name, split_name
from crm.sales.collection import Collection, Edit

if TYPE_CHECKING:
    from crm.model.fields import Doc
    from crm.sales.forgetting import Forgotten
    from crm.store.draft import Draft


class Contacts(Collection[Contact]):
    """All contacts."""

    matched = True

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values with a name made of its parts, or the parts of a name."""
        parts = {key: str(values.get(key) or "") for key in ("last_name", "first_name", "middle_name")}
        if not values.get("name"):
            values["name"] = full_name(parts["last_name"], parts["first_name"], parts["middle_name"])
        elif not any(parts.values()):
            values |= split_name(str(values["name"]))
        return values

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change; name and parts of the name follow each other."""
        names = ("last_name", "first_name", "middle_name")
        if "name" in fields and not any(name in fields for name in names):
            fields |= {**dict.fromkeys(names), **split_name(fields["name"] or "")}
        elif any(name in fields for name in names) and "name" not in fields:
            now = {**stored, **fields}
            fields["name"] = full_name(*(now.get(name) or "" for name in names)) or stored["name"]
        super().change(draft, stored, fields)

    def forget(self, *keys: int | str) -> Forgotten:
        """Erase people everywhere, the journal included: see `crm.sales.forgetting.forget`."""
        from crm.sales.forgetting import forget

        return forget(self.crm, [f"contact/{self.id_of(key)}" for key in keys])


class Companies(Collection[Company]):
    """All companies."""

    matched = True
    _people: object = None

    def given(self, values: dict[str, object]) -> dict[str, object]:
        """Return the values without the people, who keep the link themselves."""
        self._people = values.pop("contacts", None)
        return values

    def after_add(self, draft: Draft, record: Company) -> None:
        """Link the people who were given with a new company."""
        people, self._people = self._people, None
        if people:
            self._seat(record.ref, Edit("contacts", "=", people))

    def _edited(self, stored: Doc, edits: list[Edit]) -> Doc:
        for edit in edits:
            if edit.name == "contacts":
                self._seat(f"company/{stored['id']}", edit)
        return super()._edited(stored, [edit for edit in edits if edit.name != "contacts"])

    def _seat(self, company: str, edit: Edit) -> None:
        """Let the people who are named, and with `=` nobody else, be of a company."""
        contacts = self.crm.collection("contact")
        now = {person.ref for person in contacts.having("companies", company)}
        named = set(Company.linked["contacts"].read(edit.raw, self.crm.customs)["contacts"] or ())
        joining, leaving = {"=": (named - now, now - named), "+=": (named - now, set()), "-=": (set(), named)}[edit.op]
        for ref in sorted(joining):
            contacts.set(ref, Edit("companies", "+=", company))
        for ref in sorted(leaving):
            contacts.set(ref, Edit("companies", "-=", company))

    def complete(self, doc: Doc) -> Doc:
        """Return a new company; the people responsible for it beside its owner are users (E15)."""
        return super().complete(self._with_people(doc))

    def change(self, draft: Draft, stored: Doc, fields: Doc) -> None:
        """Draft a change with the same check."""
        super().change(draft, stored, self._with_people(fields))

    def _with_people(self, doc: Doc) -> Doc:
        if not doc.get("responsible"):
            return doc
        return {**doc, "responsible": [self.crm.person(login) for login in doc["responsible"]]}

    def export(self, record: Company) -> Doc:
        """Return a company's JSON with its contacts."""
        return {**super().export(record), "contacts": [contact.ref for contact in self.contacts(record)]}

    def contacts(self, company: Company) -> list[Contact]:
        """Return the people of a company: the contacts that name it."""
        found: list[Contact] = self.crm.collection("contact").having("companies", company.ref)
        return found
