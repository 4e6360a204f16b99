"""A user: a person of the team, who owns records and signs in."""

from __future__ import annotations

from crm.locale import LANGUAGES, N_
from crm.model.fields import Choice, Flag, Text
from crm.model.record import Record

SECRET = ("password_hash", "token_hash")
"""What is kept of a password and a token; never shown."""


class User(Record):
    """A person of the team; `login` is what `owner` and the journal name."""

    noun, plural = "user", "users"
    title_one, title_many = N_("User"), N_("Users")
    example = '"Пётр Иванов" --login petr --role manager'
    owned = False

    name = Text(N_("Full name"), required=True, search=True, listed=True)
    login = Text(N_("Login"), key=True, listed=True)
    role = Choice(N_("Role"), "roles", listed=True)
    department = Choice(N_("Department"), "departments", listed=True)
    email = Text(N_("E-mail"), search=True, listed=True)
    language = Choice(N_("Language"), options=LANGUAGES)
    """What the console speaks to this person; the language of the workspace where it is not said."""
    active = Flag(N_("Active"), default=True, listed=True)
