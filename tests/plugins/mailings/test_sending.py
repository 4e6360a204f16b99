from __future__ import annotations

from collections.abc import Callable

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from crm.errors import Busy, InvalidValue, NotFound, OutsideFailed, Refused
from crm.plugins.mailings.letter import new_message_id
from crm.plugins.mailings.sending import Sending, Sent
from crm.sales.collection import Edit
from crm.sales.undo import undo
from crm.settings_file import change_setting
from crm.store import history
from tests.plugins.mailings.conftest import FakeTime, FreePort, Post, PostOffice, opened

IVAN, ANNA, PETR = "ivan@example.ru", "anna@example.ru", "petr@example.ru"


def send(crm: Post, time: FakeTime | None = None) -> Sent:
    time = time or FakeTime()
    return crm.mailings.send(1, clock=time.clock, sleep=time.sleep)


def stand(crm: Post) -> dict[str, str]:
    """Return where each letter stands."""
    return {one.address: one.status for one in crm.dispatches.of("mailing/1")}


def test_everybody_gets_a_letter_of_ones_own(post: Post, everybody: int, post_office: PostOffice) -> None:
    sent = send(post)
    assert post_office.texts() == {
        IVAN: "Здравствуйте, Иван Петров!\r\n.\r\nООО «Ромашка»\r\n",
        ANNA: "Здравствуйте, Анна Смирнова!\r\n.\r\nООО «Ромашка»\r\n",
        PETR: "Здравствуйте, Пётр!\r\n.\r\n",
    }
    assert post_office.letters[0][1]["Subject"] == "Скидка для Иван"
    assert (sent.counts, sent.unknown, sent.mailing.status) == ({"sent": 3}, [], "sent")
    first = post.dispatches.get(1)
    assert (first.status, first.attempts, first.recipient) == ("sent", 1, "contact/1")
    assert first.sent_at is not None
    assert post_office.letters[0][1]["Message-ID"] == first.message_id
    assert first.token in post_office.letters[0][1]["List-Unsubscribe"]
    assert post_office.connections == 1


def test_sent_mailing_is_not_sent_again_nor_changed(post: Post, everybody: int, post_office: PostOffice) -> None:
    send(post)
    with pytest.raises(Refused, match="sent already"):
        send(post)
    with pytest.raises(Refused, match="subject"):
        post.mailings.set(1, subject="Другая")
    assert post.mailings.set(1, name="Акция марта").name == "Акция марта"
    assert len(post_office.letters) == 3


def test_pace(post: Post, everybody: int) -> None:
    post.mailings.set(1, rate=20)
    time = FakeTime()
    send(post, time)
    assert time.slept == [3, 3]


def test_unsubscribed_meanwhile_gets_nothing(post: Post, everybody: int, post_office: PostOffice) -> None:
    time = FakeTime()

    def sleep(seconds: float) -> None:
        with opened(post.root) as other:
            other.unsubscribes.put(ANNA)

    sent = post.mailings.send(1, clock=time.clock, sleep=sleep)
    assert post_office.addresses() == [IVAN, PETR]
    assert (sent.counts, sent.mailing.status) == ({"sent": 2, "skipped": 1}, "sent")


def test_pause_and_go_on(post: Post, everybody: int, post_office: PostOffice) -> None:
    def sleep(seconds: float) -> None:
        with opened(post.root) as other:
            other.mailings.pause(1)

    sent = post.mailings.send(1, clock=FakeTime().clock, sleep=sleep)
    assert (sent.counts, sent.mailing.status) == ({"sent": 1, "queued": 2}, "paused")
    post.contacts.add(name="Новый", emails="new@example.ru")
    assert send(post).counts == {"sent": 3}
    assert post_office.addresses() == [IVAN, ANNA, PETR]
    with pytest.raises(Refused, match="not being sent"):
        post.mailings.pause(1)


def test_deleted_meanwhile_gets_nothing(post: Post, everybody: int, post_office: PostOffice) -> None:
    post.mailings.start(1)
    post.contacts.delete(2)
    assert send(post).counts == {"sent": 2, "skipped": 1}
    assert ANNA not in post_office.addresses()


def test_put_off_is_tried_later(post: Post, everybody: int, post_office: PostOffice) -> None:
    post_office.answers = {ANNA: "450 4.2.1 greylisted"}
    sent = send(post)
    assert (sent.counts, sent.mailing.status) == ({"sent": 2, "queued": 1}, "sending")
    assert post.dispatches.get(2).error == "450 4.2.1 greylisted"
    post_office.answers = {}
    assert send(post).counts == {"sent": 3}
    assert post_office.addresses() == [IVAN, PETR, ANNA]
    assert (post.dispatches.get(2).attempts, post.dispatches.get(2).error) == (2, "")


def test_put_off_too_often_fails(
    post: Post, everybody: int, post_office: PostOffice, settings_of: Callable[..., str]
) -> None:
    (post.root / "config" / "mailings.yaml").write_text(settings_of(attempts=2))
    post_office.answers = {ANNA: "451 later"}
    with opened(post.root) as crm:
        assert send(crm).counts == {"sent": 2, "queued": 1}
        assert send(crm).counts == {"sent": 2, "failed": 1}
        assert crm.mailings.get(1).status == "sent"


def test_rejected_fails_and_others_go(post: Post, everybody: int, post_office: PostOffice) -> None:
    post_office.answers = {IVAN: "550 5.1.1 no such user"}
    sent = send(post)
    assert (sent.counts, sent.mailing.status) == ({"sent": 2, "failed": 1}, "sent")
    assert post.dispatches.get(1).error == "550 5.1.1 no such user"


def test_server_that_takes_nothing_from_us_stops_everything(
    post: Post, everybody: int, post_office: PostOffice
) -> None:
    post_office.sender_answer = "553 5.7.1 not your address"
    with pytest.raises(OutsideFailed, match=r"553 5\.7\.1 not your address.*3 letters wait: crm mailing send 1"):
        send(post)
    assert stand(post) == dict.fromkeys((IVAN, ANNA, PETR), "queued")
    assert post.dispatches.get(1).attempts is None
    post_office.sender_answer = ""
    assert send(post).counts == {"sent": 3}


def test_connection_lost_before_the_letter_leaves_it_queued(
    post: Post, everybody: int, post_office: PostOffice
) -> None:
    post_office.drop = "mail"
    with pytest.raises(OutsideFailed, match="3 letters wait"):
        send(post)
    assert stand(post) == dict.fromkeys((IVAN, ANNA, PETR), "queued")
    post_office.drop = ""
    assert send(post).counts == {"sent": 3}


@pytest.mark.parametrize(("drop", "arrived"), [("data", []), ("reply", [IVAN])])
def test_connection_lost_before_the_answer_is_for_a_person_to_decide(
    post: Post, everybody: int, post_office: PostOffice, drop: str, arrived: list[str]
) -> None:
    post_office.drop = drop
    with pytest.raises(OutsideFailed):
        send(post)
    assert post_office.addresses() == arrived
    assert stand(post) == {IVAN: "sending", ANNA: "queued", PETR: "queued"}
    post_office.drop = ""
    sent = send(post)
    assert (sent.counts, sent.unknown, sent.mailing.status) == ({"sent": 2, "sending": 1}, [IVAN], "sending")
    assert post_office.addresses() == [*arrived, ANNA, PETR]
    assert post.mailings.unknown(1) == [IVAN]


def test_person_has_it_sent_again(post: Post, everybody: int, post_office: PostOffice) -> None:
    post_office.drop = "data"
    with pytest.raises(OutsideFailed):
        send(post)
    post_office.drop = ""
    assert post.mailings.resume(1, again=True) == 1
    assert send(post).counts == {"sent": 3}
    assert post_office.addresses() == [IVAN, ANNA, PETR]


def test_person_counts_it_as_sent(post: Post, everybody: int, post_office: PostOffice) -> None:
    post_office.drop = "reply"
    with pytest.raises(OutsideFailed):
        send(post)
    post_office.drop = ""
    send(post)
    assert post.mailings.resume(1, again=False) == 1
    assert post.mailings.get(1).status == "sent"
    assert sorted(post_office.addresses()) == sorted([IVAN, ANNA, PETR])


def test_idle_connection_is_made_anew(post: Post, everybody: int, post_office: PostOffice) -> None:
    assert post.mailings.send(1, clock=FakeTime().clock, sleep=lambda _: post_office.kick()).counts == {"sent": 3}
    assert post_office.connections == 3


def test_no_server_no_start(post: Post, everybody: int, settings_of: Callable[..., str]) -> None:
    (post.root / "config" / "mailings.yaml").write_text(settings_of({"port": 1}))
    with opened(post.root) as crm:
        with pytest.raises(OutsideFailed, match=r"127\.0\.0\.1:1 does not work"):
            send(crm)
        assert (crm.mailings.get(1).status, crm.dispatches.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"smtp": {"host": '""'}}, "no mail server"),
        ({"smtp": {"user": "olga", "password_env": "NO_SUCH_VARIABLE"}}, "NO_SUCH_VARIABLE"),
        ({"from": '""'}, "who the letters come from"),
        ({"base_address": "http://crm.example.com"}, "not an https address"),
        ({"unsubscribe_mailto": "nobody"}, "unsubscribe_mailto"),
    ],
)
def test_settings_that_cannot_be(
    post: Post, everybody: int, settings_of: Callable[..., str], more: dict[str, object], said: str
) -> None:
    (post.root / "config" / "mailings.yaml").write_text(settings_of(**more))
    with opened(post.root) as crm, pytest.raises(InvalidValue, match=said):
        send(crm)


def test_server_without_starttls_gets_no_letter(
    post: Post, everybody: int, post_office: PostOffice, settings_of: Callable[..., str]
) -> None:
    (post.root / "config" / "mailings.yaml").write_text(settings_of({"tls": "starttls"}))
    with opened(post.root) as crm, pytest.raises(OutsideFailed, match="STARTTLS"):
        send(crm)
    assert post_office.letters == []


def test_signing_in(
    post: Post,
    everybody: int,
    post_office: PostOffice,
    settings_of: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def knows(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"olga", b"secret"), handled=False)

    guarded = FreePort(post_office, hostname="127.0.0.1", port=0, authenticator=knows, auth_require_tls=False)
    guarded.start()
    try:
        text = settings_of({"port": guarded.port, "user": "olga", "password_env": "MAIL_PASSWORD"})
        (post.root / "config" / "mailings.yaml").write_text(text)
        with opened(post.root) as crm:
            monkeypatch.setenv("MAIL_PASSWORD", "wrong")
            with pytest.raises(OutsideFailed, match="535"):
                send(crm)
            monkeypatch.setenv("MAIL_PASSWORD", "secret")
            assert send(crm).counts == {"sent": 3}
    finally:
        guarded.stop()
    journal = "".join(file.read_text() for file in (post.root / "data" / "journal").iterdir())
    assert "secret" not in journal


# --- two at once, undo, transactions ---------------------------------------------------------------------------------


def test_second_sender_is_told_to_wait(post: Post, everybody: int, post_office: PostOffice) -> None:
    with Sending.alone(post), pytest.raises(Busy, match="sending letters"):
        send(post)
    assert post_office.letters == []
    assert send(post).counts == {"sent": 3}


def test_one_of_two_claims_a_letter(post: Post, everybody: int) -> None:
    post.mailings.start(1)
    with opened(post.root) as other:
        assert [crm.dispatches.claim(1, new_message_id("a@b.ru")) for crm in (post, other)] == [True, False]
        assert other.dispatches.claim(2, new_message_id("a@b.ru"))
        assert not post.dispatches.claim(2, new_message_id("a@b.ru"))


def test_what_has_gone_out_is_not_undone(post: Post, everybody: int, post_office: PostOffice) -> None:
    send(post)
    for line in list(history.lines(post.store, history.Asked(ref=("dispatch", 1)))):
        with pytest.raises(Refused, match="has gone out"):
            undo(post, line.n)
    with pytest.raises(Refused):
        undo(post)
    assert stand(post) == dict.fromkeys((IVAN, ANNA, PETR), "sent")


def test_no_letter_without_a_commit(post: Post, everybody: int, post_office: PostOffice) -> None:
    post.mailings.start(1)
    with pytest.raises(Refused, match="written down"), post.transaction("everything"):
        send(post)
    post.dry_run = True
    with pytest.raises(Refused, match="written down"):
        send(post)
    post.dry_run = False
    assert post_office.letters == []
    assert send(post).counts == {"sent": 3}


# --- looking, testing, leaving the list ------------------------------------------------------------------------------


def test_preview_warns_of_empty_values(post: Post, everybody: int, post_office: PostOffice) -> None:
    look = post.mailings.preview(1, "Пётр")
    assert look.letter.text == "Здравствуйте, Пётр!\n.\n"
    assert look.letter.empty == ("company",)
    assert look.warnings == ["{company} is empty for petr@example.ru.", "{company} is empty in 1 of 3 letters."]
    assert post.mailings.preview(1).letter.envelope.address == IVAN
    assert post_office.letters == []
    with pytest.raises(InvalidValue, match="company/1 is not"):
        post.mailings.preview(1, "company/1")


def test_preview_of_nobody_says_where_to_look(post: Post) -> None:
    post.segments.add(name="Пусто", query='name = "Никто"')
    post.mailings.add(name="Акция", segment="segment/1", subject="Тема", template="Текст")
    for verb in (post.mailings.preview, post.mailings.send):
        with pytest.raises(InvalidValue, match=r"Nobody.*crm segment show 1 --preview"):
            verb(1)


def test_values_are_written_for_people(post: Post) -> None:
    post.contacts.set(1, phones="89161234567", birthday="1980-02-03", owner="olga")
    post.segments.add(name="Один", query="id = 1")
    text = "{roles} / {phones} / {birthday} / {companies} / {email} / {unsubscribe}"
    post.mailings.add(name="Акция", segment="segment/1", subject="Тема", template=text)
    values = " ".join(post.mailings.preview(1).letter.text.split())
    assert values == (
        "Бухгалтер / +7 916 123-45-67 / 3 февр. 1980 г. / ООО «Ромашка» / ivan@example.ru"
        " / mailto:no@example.ru?subject=unsubscribe"
    )


@pytest.mark.parametrize("text", ["{nmae}", "{name.doc}", "{name!r}"])
def test_wrong_merge_fields_are_refused_at_once(post: Post, everybody: int, text: str) -> None:
    for field in ("subject", "template"):
        with pytest.raises(InvalidValue, match="merge field"):
            post.mailings.set(1, Edit(field, "=", text))


def test_recipients_of_a_company_segment_are_its_people(post: Post, post_office: PostOffice) -> None:
    post.segments.add(name="Бухгалтерии", kind="company", query="id > 0", roles="accountant")
    post.mailings.add(name="Акты", segment="segment/1", subject="{company}", template="{first_name}, {position}")
    assert send(post).counts == {"sent": 1}
    assert post_office.letters[0][1]["Subject"] == "ООО «Ромашка»"


def test_test_letter_is_not_written_down(post: Post, everybody: int, post_office: PostOffice) -> None:
    before = post.store.number
    post.mailings.test(1, "me@example.ru")
    assert (post_office.addresses(), post.store.number) == (["me@example.ru"], before)
    assert post_office.texts()["me@example.ru"].startswith("Здравствуйте, Иван Петров!")
    post_office.answers = {"me@example.ru": "550 no"}
    with pytest.raises(OutsideFailed, match="550 no"):
        post.mailings.test(1, "me@example.ru")


def test_token_of_a_letter_unsubscribes_its_address(post: Post, everybody: int) -> None:
    send(post)
    assert post.unsubscribes.leave(post.dispatches.get(2).token, "one click").address == ANNA
    with pytest.raises(NotFound):
        post.unsubscribes.leave("")
    with pytest.raises(NotFound):
        post.unsubscribes.leave("guessed")
    post.mailings.add(name="Ещё", segment="segment/1", subject="Тема", template="Текст")
    assert post.mailings.send(2, clock=FakeTime().clock, sleep=FakeTime().sleep).counts == {"sent": 2}


def test_letter_that_came_back_keeps_its_address_out(post: Post, everybody: int) -> None:
    send(post)
    back = post.dispatches.bounced(post.dispatches.get(2).message_id, "5.1.1")
    assert (back.address, back.status, back.error) == (ANNA, "bounced", "5.1.1")
    with pytest.raises(NotFound):
        post.dispatches.bounced("<no@such>")
    post.mailings.add(name="Ещё", segment="segment/1", subject="Тема", template="Текст")
    assert post.mailings.start(2).status == "sending"
    assert [one.address for one in post.dispatches.of("mailing/2")] == [IVAN, PETR]


def test_rights(post: Post, everybody: int, post_office: PostOffice) -> None:
    post.users.add(name="Пётр", login="petr", role="manager")
    change_setting(post.root / "config" / "access.yaml", ("roles", "manager", "edit"), "own")
    with opened(post.root, "petr") as crm:
        for verb in (crm.mailings.send, crm.mailings.pause, crm.mailings.start):
            with pytest.raises(Refused, match="petr may not"):
                verb(1)
        with pytest.raises(Refused, match="petr may not"):
            crm.mailings.resume(1, again=True)
    assert post_office.letters == []
