"""The contract with plugins: every hook, when it is called, by whom, and what it may return.

Events are called after the commit, in the process of whoever acted; each is recorded with the change, kept until the
plugin has heard it, and applied once per plugin: what the plugin writes in reaction is committed together with the
note that it has heard. Registering hooks get a `register` callback. All hooks are there since version 0.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from crm.model.activity import Activity
    from crm.model.deal import Deal
    from crm.model.lead import Lead
    from crm.model.record import Record
    from crm.workspace import Workspace

hookspec = pluggy.HookspecMarker("crm")
hookimpl = pluggy.HookimplMarker("crm")


class Event(Protocol):
    """An event as a plugin hears it: the number and time of its change set, who acted, and its own details."""

    name: str
    ref: str
    n: int
    time: str
    actor: str
    command: str
    details: Mapping[str, Any]


# --- events ---------------------------------------------------------------------------------------------------------


@hookspec
def on_lead_created(crm: Workspace, lead: Lead, event: Event) -> None:
    """Hear that a lead was added, by hand, by an import or by a plugin."""


@hookspec
def on_lead_converted(crm: Workspace, lead: Lead, event: Event) -> None:
    """Hear that a lead became a client; `event.details` has company, contact and deal, each a reference or None."""


@hookspec
def on_lead_rejected(crm: Workspace, lead: Lead, event: Event) -> None:
    """Hear that a lead was found to be junk or said no; the reason is in `lead.junk_reason`."""


@hookspec
def on_stage_changed(crm: Workspace, record: Record, old_stage: str, new_stage: str, event: Event) -> None:
    """Hear that a lead or a deal came to another stage; stages are ids."""


@hookspec
def on_deal_created(crm: Workspace, deal: Deal, event: Event) -> None:
    """Hear that a deal was added."""


@hookspec
def on_deal_won(crm: Workspace, deal: Deal, event: Event) -> None:
    """Hear that a deal was won."""


@hookspec
def on_deal_lost(crm: Workspace, deal: Deal, event: Event) -> None:
    """Hear that a deal was lost; the reason is in `deal.lost_reason`."""


@hookspec
def on_deal_reopened(crm: Workspace, deal: Deal, event: Event) -> None:
    """Hear that a closed deal is at work again."""


@hookspec
def on_activity_added(crm: Workspace, activity: Activity, event: Event) -> None:
    """Hear that an activity was planned, or logged as done."""


@hookspec
def on_activity_done(crm: Workspace, activity: Activity, event: Event) -> None:
    """Hear that an activity was done."""


@hookspec
def on_quote_sent(crm: Workspace, quote: Record, event: Event) -> None:
    """Hear that a quote went to the client."""


@hookspec
def on_quote_accepted(crm: Workspace, quote: Record, event: Event) -> None:
    """Hear that the client accepted a quote."""


@hookspec
def on_invoice_issued(crm: Workspace, invoice: Record, event: Event) -> None:
    """Hear that an invoice was issued: it has its numbers and will not change."""


@hookspec
def on_payment_received(crm: Workspace, payment: Record, event: Event) -> None:
    """Hear that money came in for an invoice."""


@hookspec
def on_invoice_paid(crm: Workspace, invoice: Record, event: Event) -> None:
    """Hear that nothing is left to pay of an invoice."""


@hookspec
def on_call_missed(crm: Workspace, activity: Activity, event: Event) -> None:
    """Hear that an incoming call was not answered."""


@hookspec
def on_letter_received(crm: Workspace, letter: Record, event: Event) -> None:
    """Hear that a letter came in."""


@hookspec
def on_record_changed(crm: Workspace, record: Record, event: Event) -> None:
    """Hear of every change of every record; `event.details` has `before` and `after` of the changed fields.

    Called once per changed record of a change set. A removed record is not announced.
    """


# --- before the commit ----------------------------------------------------------------------------------------------


@hookspec
def check_change(crm: Workspace, change: Any) -> None:
    """Look at a change set before it is committed; raise `crm.Refused(reason)` to stop it.

    `change` has `command`, `actor` and `changes`, each with `ref`, `before` and `after`. Writing here is an error.
    """


# --- by the clock ---------------------------------------------------------------------------------------------------


@hookspec
def do_what_is_due(crm: Workspace, now: datetime) -> Any:
    """Do what is due at `now` (with a time zone); called by `crm tick` and every minute by a running console.

    Returns sentences of what was done, or None. `crm` acts as the plugin, not bound by rights. Two clocks may tick at
    once: look again within your change set whether it is still to be done.
    """


# --- contributions --------------------------------------------------------------------------------------------------


@hookspec
def register_entities(register: Callable[..., None]) -> None:
    """Bring nouns: `register(EntityClass, CollectionClass)`; the collection appears as `crm.<plural>`."""


@hookspec
def register_commands(register: Callable[..., None]) -> None:
    """Bring commands: `register("name", "package.module:attribute", help="…")` or `register("name", command)`.

    A command is a click command. A name of a noun of yours adds its verbs to `crm NOUN`.
    """


@hookspec
def register_pages(register: Callable[..., None]) -> None:
    """Bring console pages: `register("name", function, title="…", menu=True)`.

    `group` is its part of the menu: `money`, `talk`, `team` or `tools`; with `beside="deal"` it stands over the list of
    that noun instead; `icon` is a name of the console's pictures. `crm.html` has tables, tabs and forms.
    `function(crm, query)` returns a mapping: `title`, and `html` (escaped by you or a `markupsafe.Markup`) or `rows`;
    it is shown at `/p/name` and, as it is, at `/p/name.json`. A mapping with `file` (`name`, `type`, `data` as bytes)
    is sent to be saved. With `menu=False, where="settings"` it stands among the settings.
    """


@hookspec
def register_actions(register: Callable[..., None]) -> None:
    """Bring what forms of your pages and panels do: `register("name", function)`.

    A form posted to `/do/name` calls `function(crm, form)` with the rights of who is signed in; `form` maps names to
    texts, a chosen file to its bytes, and its name with `_name` behind it to what the file is called. It returns what
    to say, or (what to say, an address of the console to go to).

    With `title="…"` and `where=["deal"]` the cards of these nouns have a button for it; `form["record"]` is then the
    reference of the record. `icon`, `primary`; `when={"status": ["draft"]}`: only where a field has one of these values
    (`""`: none). `asks=[{"name": …, "title": …}]` asks first, each with `type` (text, multiline, date, decimal,
    email), `value` (a text, or `today`), `options` ([[value, title]]), `dictionary`, `noun` (offered while one types),
    `required`; `sure="…"` asks whether one means it.
    """


@hookspec
def register_endpoints(register: Callable[..., None]) -> None:
    """Bring addresses that machines call: `register("name", function, methods=("GET", "POST"), largest=1048576)`.

    `function(crm, request)` gets a `crm.model.Request` and returns a `crm.model.Reply`; it is called for
    `/hooks/name` and all below. Nobody is signed in: the function asks for a secret of its own. `crm` acts as the
    plugin, not bound by rights. `largest` is how many bytes a body may have.
    """


@hookspec
def register_panels(register: Callable[..., None]) -> None:
    """Bring panels beside a card or on the first page: `register("name", function, title="…", where="deal")`.

    `where` is a noun, `home` for the first page, or `top` for the bell over every page. `function(crm, record)` (record
    is None where there is no card) returns what a page returns: `title`, `text`, `html` or `rows`, under the bell also
    how many they are as `count`; None shows nothing.
    """


@hookspec
def register_marks(register: Callable[..., None]) -> None:
    """Bring marks for the cards of boards: `register("name", function, noun="deal")`.

    `function(crm, records)` gets the records of the board that is shown and yields (ref, sentence) or (ref, sentence,
    tone), the tone being `good`, `warn` or `bad`.
    """


@hookspec
def register_reports(register: Callable[..., None]) -> None:
    """Bring reports: `register("name", function, title="…", about="…")`.

    `title` is a word or two, `about` says in a sentence what the report tells.
    `function(crm, asked)` returns a `crm.model.report.Table`.
    """


@hookspec
def register_importers(register: Callable[..., None]) -> None:
    """Bring formats that `crm import --as NAME` reads: `register("name", function)`.

    `function(data: bytes)` yields (noun, line number, mapping of fields) for each record. In the console the format is
    called by its `title`, and `match` names the fields that find what is there already.
    """


@hookspec
def register_exporters(register: Callable[..., None]) -> None:
    """Bring formats that `crm export --as NAME` writes: `register("name", function)`.

    `function(noun, records)` returns bytes.
    """


@hookspec
def register_document_kinds(register: Callable[..., None]) -> None:
    """Bring kinds of documents: `register("act", function, title="…")`; `function(crm, document)` returns its HTML."""


@hookspec
def register_lint_rules(register: Callable[..., None]) -> None:
    """Bring rules for `crm lint`: `register("name", function, level="warning")`.

    `function(crm)` yields (ref, sentence).
    """


@hookspec
def register_stores(register: Callable[..., None]) -> None:
    """Bring stores for workspaces that live elsewhere: `register("scheme", function)`.

    `function(root, address, kinds, mending=False)` returns a `crm.store.commit.Store` for `store: scheme:…` in
    `config/crm.yaml`.
    """


@hookspec
def register_settings(register: Callable[..., None]) -> None:
    """Declare the settings in `config/<plugin>.yaml`: `register(ShapeClass)`; they are checked when they are read."""


EVENTS = tuple(name for name in list(globals()) if name.startswith("on_"))
CONTRIBUTIONS = tuple(name for name in list(globals()) if name.startswith("register_"))
HOOKS = (*EVENTS, "check_change", "do_what_is_due", *CONTRIBUTIONS)
