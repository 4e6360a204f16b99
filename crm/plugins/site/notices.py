"""Stages on their way back to the site: written with the change, sent signed, tried again until the site takes them.

The header `X-CRM-Signature` is `sha256=` and the HMAC-SHA256 of `TIMESTAMP.BODY` by the secret, `X-CRM-Timestamp` the
time in seconds; `X-CRM-Delivery` stays the same when a notice is tried again, so that a site takes it once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crm.errors import InvalidValue, Refused
from crm.locale import _
from crm.plugins.site.nouns import FAILED, TAKEN, WAITING, SiteNotice
from crm.plugins.site.posting import Unanswered, Unsent, post
from crm.plugins.site.settings import SiteSettings
from crm.sales.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.hookspecs import Event
    from crm.model.record import Record
    from crm.plugins.site.settings import Webhook

WAITS = (1, 2, 5, 15, 30, 60, 120, 240, 480, 720, 1440)
"""Minutes between attempts; the last one repeats."""


class SiteNotices(Collection[SiteNotice]):
    """All notices to the site."""

    @property
    def webhooks(self) -> tuple[Webhook, ...]:
        """Return where notices go."""
        return self.crm.settings.section("site", SiteSettings).webhooks

    def tell(self, record: Record, event: Event) -> None:
        """Write a notice for each webhook: of what came from the site, of everything where the webhook wants it."""
        requests = self.crm.collection("site_request").having("about", record.ref) if self.webhooks else []
        number = str(requests[0].doc["key"]).partition(":")[2] if requests else ""
        for webhook in self.webhooks:
            if number or webhook.everything:
                self._write(webhook, record, event, number)

    def _write(self, webhook: Webhook, record: Record, event: Event, number: str) -> None:
        delivery = f"{self.crm.identity[:12]}-{event.n}-{event.name.removeprefix('on_')}-{record.ref.replace('/', '-')}"
        body = {
            "delivery": delivery,
            "event": event.name.removeprefix("on_"),
            "time": event.time,
            "ref": record.ref,
            "order": number or None,
            **self._standing(record),
        }
        with self.crm.writing("site notice") as draft:
            doc = {
                "event": body["event"],
                "about": record.ref,
                "url": webhook.url,
                "delivery": delivery,
                "body": json.dumps(body, ensure_ascii=False),
                "status": WAITING,
                "next_at": draft.time,
                "owner": record.doc.get("owner") or self.crm.actor,
            }
            draft.create("site_notice", doc)

    def _standing(self, record: Record) -> dict[str, Any]:
        doc = record.doc
        settings = self.crm.settings
        ladder: Any = settings.pipeline(doc["pipeline"]) if doc.get("pipeline") else settings.leads
        stage = ladder.get(doc.get("stage", ""))
        return {
            "stage": doc.get("stage"),
            "stage_title": stage.title.text() if stage else doc.get("stage"),
            "outcome": doc.get("outcome"),
            "amount": doc.get("amount"),
        }

    # --- sending -----------------------------------------------------------------------------------------------------

    def send(self, now: datetime | None = None, *, all_: bool = False) -> Iterator[SiteNotice]:
        """Send what waits and is due (all of it with `all_`), in the order it happened; yield each as it stands then.

        A site that does not take one gets no later one of the same record before it.
        """
        from tinydb.queries import where

        moment = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        held: set[str] = set()
        for notice in list(self.find(where("status") == WAITING)):
            key = f"{notice.url} {notice.about}"
            due = str(notice.doc.get("next_at", "")) <= moment
            if key in held or not (due or all_):
                held.add(key)
                continue
            settled = self._attempt(notice, moment)
            if settled.status == WAITING:
                held.add(key)
            yield settled

    def _attempt(self, notice: SiteNotice, now: str) -> SiteNotice:
        webhook = next((one for one in self.webhooks if one.url == notice.url), None)
        attempts = (notice.attempts or 0) + 1
        error = (
            _("The address is not in config/site.yaml any more.") if webhook is None else self._post(webhook, notice)
        )
        fields: dict[str, Any] = {"attempts": attempts, "error": error[:300] or None}
        if not error:
            fields["status"] = TAKEN
        elif webhook is None or attempts >= webhook.attempts:
            fields["status"] = FAILED
        else:
            wait = timedelta(minutes=WAITS[min(attempts, len(WAITS)) - 1])
            fields["next_at"] = (datetime.fromisoformat(now) + wait).isoformat(timespec="seconds")
        with self.crm.writing("site send") as draft:
            draft.extra["final"] = True
            return self.record(draft.update("site_notice", notice.id, fields))

    def _post(self, webhook: Webhook, notice: SiteNotice) -> str:
        """Post one notice; return what went wrong, empty where the site took it."""
        body = str(notice.doc["body"]).encode()
        try:
            headers = signed(self._secret(webhook), body, str(notice.delivery))
            answer = post(webhook.url, body, headers, webhook.timeout)
        except InvalidValue as error:
            return str(error)
        except (Unsent, Unanswered) as error:
            return str(error)
        return "" if answer.good else f"HTTP {answer.status} {answer.reason}"

    def _secret(self, webhook: Webhook) -> str:
        secret = os.environ.get(webhook.secret_env, "")
        if not secret:
            raise InvalidValue(
                _("The variable {name} with the secret of the site is not set.").format(name=webhook.secret_env)
            )
        return secret

    def again(self, key: int | str) -> SiteNotice:
        """Put a notice that failed back into the queue."""
        with self.crm.writing("site_notice again") as draft:
            stored = self.editable(self.id_of(key))
            if stored.get("status") == TAKEN:
                raise Refused(_("{ref} was taken by the site.").format(ref=f"site_notice/{stored['id']}"))
            fields = {"status": WAITING, "attempts": None, "next_at": draft.time, "error": None}
            return self.record(draft.update("site_notice", stored["id"], fields))


def signed(secret: str, body: bytes, delivery: str) -> dict[str, str]:
    """Return the headers of a notice."""
    stamp = str(int(datetime.now(UTC).timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "crm",
        "X-CRM-Delivery": delivery,
        "X-CRM-Timestamp": stamp,
        "X-CRM-Signature": f"sha256={digest}",
    }
