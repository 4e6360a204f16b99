"""Signing in and out: by the link that `crm console` prints, or by name and password; one's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tinydb.queries import where

from crm.console.controls import control, options
from crm.console.routes import action, page
from crm.console.visit import Done, View
from crm.errors import Refused
from crm.locale import N_, _, use_language
from crm.sales.secrets import SHORTEST, fits, hash_password, keep_own, set_password
from crm.store.select import Selection, select

if TYPE_CHECKING:
    from crm.console.sessions import Sessions
    from crm.console.visit import Context, Visit, Words
    from crm.model.fields import Doc
    from crm.model.patience import Patience
    from crm.workspace import Workspace

_SPENT = N_("This link was used already or is too old. Run crm console again.")
_NOBODY = hash_password("nobody's password", "00" * 16)


SPOKEN = {"ru": "русский", "uk": "українська", "en": "English"}
"""Each language by its own name."""


class Let(NamedTuple):
    """How a try to sign in ended: a cookie, or why not with its HTTP status."""

    cookie: str = ""
    login: str = ""
    how: str = ""
    failure: str = ""
    status: int = 200


def way_in(crm: Workspace, sessions: Sessions, asked: Words, let: Let) -> View:
    """Return the page to sign in on; a good link is greeted by name."""
    token = asked.get("token")
    login = sessions.invited(token) if token and not let.failure else ""
    failure = let.failure or (_(_SPENT) if token and not login else "")
    user = _user(crm, login) if login else None
    shown: Context = {
        "login": asked.get("login"),
        "failure": failure,
        "passwords": _has_passwords(crm),
        "link": {"token": token, "name": (user or {}).get("name", login)} if login else None,
        "back": asked.get("back"),
    }
    status = let.status if let.failure else 410 if failure else 200
    data = {"passwords": shown["passwords"], "failure": failure}
    return View("signin.html", _("Sign in"), "", {"signin": shown}, data=data, status=status)


def let_in(crm: Workspace, sessions: Sessions, patience: Patience, asked: Words) -> Let:
    """Open a session for a good link, or for a name with its password."""
    if "token" in asked:
        invited = sessions.invited(asked.get("token"))
        cookie = sessions.spend(asked.get("token"))
        return Let(cookie, invited, "link") if cookie else Let("", "", "spent", _(_SPENT), 410)
    login = asked.get("login").strip()[:100]
    wait = patience.wait(login)
    if wait:
        return Let("", login, "throttled", _("Too many failures. Try again in {n} s.").format(n=wait), 429)
    user = _user(crm, login)
    stored = str((user or {}).get("password_hash") or "")
    if fits(asked.get("password")[:1000], stored or _NOBODY) and stored and (user or {}).get("active") is not False:
        patience.passed(login)
        return Let(sessions.open(login), login, "password")
    patience.failed(login)
    return Let("", login, "refused", _("The name or the password is wrong."), 401)


def _has_passwords(crm: Workspace) -> bool:
    kind = crm.store.kinds["user"]
    return next(select(crm.store.index, kind, Selection(where("password_hash").exists(), limit=1)), None) is not None


def _user(crm: Workspace, login: str) -> Doc | None:
    """Return a user by login, whatever rights the one has who asks: nobody is signed in yet."""
    for record_id in crm.store.index.lookup("user", "login", login):
        doc = crm.doc("user", record_id)
        if doc is not None and "deleted" not in doc:
            return doc
    return None


# --- one's own settings -----------------------------------------------------------------------------------------------


@page("/p/profile")
def profile(visit: Visit) -> View:
    """Show who one is here; for who is a user the language and the form of a new password."""
    crm = visit.crm
    user = _user(crm, crm.actor)
    role = visit.shown.dictionary("roles").title(crm.guard.role_name)  # type: ignore[attr-defined]
    about = f"{crm.actor} · {role}"
    if user is None:
        hint = _(
            "{who}. Signed in by a link of crm console; people with passwords are added with crm user add."
        ).format(who=about)
        fields = []
    else:
        hint = _("{who}. A password has at least {n} characters.").format(who=about, n=SHORTEST)
        old = [control("old", _("Password now"), "password")] if user.get("password_hash") else []
        fields = [_language(user), *old, control("new", _("New password"), "password")]
    form: Context = {
        "title": _("My settings"), "action": visit.url.page("profile"), "kind": "user", "id": "", "rev": "",
        "back": visit.url.home(), "submit": _("Save"), "hidden": [], "failures": [], "draft": "",
        "groups": [{"title": "", "hint": hint, "fields": fields}],
    }  # fmt: skip
    data = {"login": crm.actor, "role": crm.guard.role_name}  # type: ignore[attr-defined]
    return View("form.html", form["title"], "", {"form": form}, data=data)


def _language(user: Doc) -> Context:
    chosen = list(filter(None, [user.get("language")]))
    listed = options(SPOKEN.items(), chosen, _("as the workspace speaks"))
    return control("language", _("Language"), "select", options=listed)


@action("/p/profile")
def keep(visit: Visit) -> Done:
    """Keep one's language, and one's new password where one was typed."""
    user = _user(visit.crm, visit.crm.actor)
    if user is None:
        raise Refused(_("{login} is not a user yet.").format(login=visit.crm.actor), _("Add: crm user add NAME"))
    new, language = visit.form.get("new"), visit.form.get("language")
    with visit.crm.transaction("user settings"):
        if new or visit.form.get("old"):
            _change_password(visit, user, new)
        if "language" in visit.form and language in ("", *SPOKEN) and language != user.get("language", ""):
            keep_own(visit.crm, visit.crm.actor, "user language", {"language": language or None})
    if language != user.get("language", ""):
        use_language(language or visit.crm.settings.language)
    return Done(_("The new password is kept.") if new else _("Kept."), visit.url.page("profile"))


def _change_password(visit: Visit, user: Doc, new: str) -> None:
    stored = user.get("password_hash")
    if stored and not fits(visit.form.get("old"), stored):
        raise Refused(_("The password is wrong."), _("Type the one that you sign in with now."))
    set_password(visit.crm, visit.crm.actor, new)
