from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO
from typing import Any

from crm.errors import CrmError
from crm.sales.import_map import Plan
from crm.sales.importing import Import
from crm.sales.merging import merge
from crm.sales.trash import purge
from crm.store import history
from crm.workspace import Workspace

Doc = dict[str, Any]
Command = Callable[[Workspace], object]

STAGES = ("new", "proposal", "negotiation", "contract", "payment")


class Commands:
    """Random commands of sales people; each works on whatever records are there."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, crm: Workspace, noun: str) -> int:
        """Pick a record of a noun, also one that is in the trash or not there."""
        return self.random.randrange(1, crm.store.index.next_id(noun) + 1)

    def run(self, crm: Workspace) -> bool:
        """Do commands until one changes something, ten at most; tell whether one did."""
        return any(self.changes(crm, self.random.choice(self.verbs())) for _time in range(10))

    def changes(self, crm: Workspace, command: Command) -> bool:
        """Do one command; tell whether it changed a record. A command that is refused changes nothing."""
        before = crm.store.number
        try:
            command(crm)
        except CrmError:
            assert crm.store.number == before
        written = (history.line(crm.store, number) for number in range(before + 1, crm.store.number + 1))
        return any(line is not None and line.changes for line in written)

    def verbs(self) -> list[Command]:
        return [
            self.add_lead,
            self.add_lead,
            lambda crm: crm.leads.qualify(self.one(crm, "lead")),
            lambda crm: crm.leads.reject(self.one(crm, "lead"), "wrong_number"),
            self.convert,
            self.convert,
            lambda crm: crm.deals.move(self.one(crm, "deal"), self.stage(crm)),
            lambda crm: crm.deals.win(self.one(crm, "deal")),
            lambda crm: crm.deals.lose(self.one(crm, "deal"), crm.settings.dictionary("lost_reasons").entries[0].id),
            lambda crm: crm.deals.reopen(self.one(crm, "deal")),
            lambda crm: crm.deals.set(self.one(crm, "deal"), amount=self.random.randrange(10**6), comment="—"),
            lambda crm: crm.leads.set(self.one(crm, "lead"), comment=self.random.choice(["", "перезвонить"])),
            lambda crm: crm.contacts.set(self.one(crm, "contact"), name=self.random.choice(["Олег", "Ольга"])),
            self.add_activity,
            lambda crm: crm.activities.done(self.one(crm, "activity")),
            self.delete,
            self.restore,
            self.bulk,
            self.transaction,
            self.merge,
            self.assign,
            self.import_leads,
        ]

    def stage(self, crm: Workspace) -> str:
        return self.random.choice(crm.settings.pipelines[0].stages).id

    def add_lead(self, crm: Workspace) -> None:
        phone = f"8 916 123-45-{self.random.randrange(10, 14)}"
        crm.leads.add(name=self.random.choice(["Москва, Василий, щебень", "Тверь, Анна, песок"]), phones=[phone])

    def convert(self, crm: Workspace) -> None:
        company = self.random.choice(["", "ООО Ромашка", "ИП Лютик"])
        amount = self.random.choice([None, 26905])
        crm.leads.convert(self.one(crm, "lead"), company=company, deal=self.random.random() < 0.7, amount=amount)

    def add_activity(self, crm: Workspace) -> None:
        crm.activities.add(kind="call", subject="Позвонить", about=f"lead/{self.one(crm, 'lead')}")

    def any_of(self, crm: Workspace) -> tuple[str, int]:
        noun = self.random.choice(["lead", "deal", "contact", "company", "activity"])
        return noun, self.one(crm, noun)

    def delete(self, crm: Workspace) -> None:
        noun, key = self.any_of(crm)
        crm.collection(noun).delete(key)

    def restore(self, crm: Workspace) -> None:
        noun, key = self.any_of(crm)
        crm.collection(noun).restore(key)

    def bulk(self, crm: Workspace) -> None:
        stage = self.stage(crm)
        with crm.transaction("deal move"):
            for deal in list(crm.deals.find()):
                if not deal.outcome:
                    crm.deals.move(deal.id, stage)

    def transaction(self, crm: Workspace) -> None:
        with crm.transaction("two things"):
            lead = crm.leads.add(name="Казань, Олег, гравий", emails=["oleg@example.ru"])
            crm.leads.set(lead.id, comment="срочно")

    def merge(self, crm: Workspace) -> None:
        noun = self.random.choice(["lead", "contact", "company", "deal"])
        merge(crm, noun, self.one(crm, noun), [self.one(crm, noun), self.one(crm, noun)])

    def assign(self, crm: Workspace) -> None:
        noun, key = self.any_of(crm)
        crm.collection(noun).assign(key, self.random.choice(["olga", "ivan"]))

    def import_leads(self, crm: Workspace) -> None:
        rows = [f"Имя {n},8 916 123-45-{n},{self.random.randrange(99)}" for n in self.random.sample(range(10, 16), 3)]
        plan = Plan(into="lead", match=("phone",))
        file = BytesIO("\n".join(["name,phone,comment", *rows]).encode())
        Import(crm, file, "leads.csv", plan).run()

    def purge(self, crm: Workspace) -> None:
        purge(crm, days=0)


def documents(crm: Workspace, *, without: tuple[str, ...] = ()) -> dict[str, Doc]:
    """Return every record of a workspace by reference, in the trash or not."""
    return {
        record.ref: {name: value for name, value in record.doc.items() if name not in without}
        for noun in crm.nouns
        for record in crm.collection(noun).find(trashed=None)
    }
