"""A real IMAP server of this machine, with a folder of its own, that lives as long as the tests."""

from __future__ import annotations

import getpass
import imaplib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

PASSWORD = "secret-of-the-test"
_CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 0
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_max_userip_connections = 50
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
"""


class Dovecot:
    """The server; each test has users of its own."""

    def __init__(self, folder: Path) -> None:
        import grp
        import pwd

        self.folder = folder
        self.port = _free_port()
        root = os.getuid() == 0
        own, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        mail = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())  # root's own mail it would refuse
        config = _CONFIG.format(
            folder=folder,
            port=self.port,
            password=PASSWORD,
            internal="dovecot" if root else own,
            login="dovenull" if root else own,
            group="dovecot" if root else group,
            uid=mail.pw_uid,
            gid=mail.pw_gid,
        )
        for name in ("run", "state", "mail", "home"):
            (folder / name).mkdir()
        if root:
            for name in ("mail", "home"):
                shutil.chown(folder / name, mail.pw_uid, mail.pw_gid)
        (folder / "dovecot.conf").write_text(config)
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self.process = subprocess.Popen(
            [program, "-F", "-c", str(folder / "dovecot.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._await()

    def _await(self) -> None:
        for _try in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
            except OSError:
                if self.process.poll() is not None:
                    raise AssertionError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def put(self, user: str, letter: bytes, folder: str = "INBOX") -> None:
        """Put a letter into a folder of a user."""
        with imaplib.IMAP4("127.0.0.1", self.port) as session:
            session.login(user, PASSWORD)
            if folder != "INBOX":
                session.create(folder)
            answer, data = session.append(folder, "", "", letter)
            assert answer == "OK", data

    def unread(self, user: str, folder: str = "INBOX") -> int:
        """Return how many letters of a folder nobody has read."""
        return len(self.search(user, "UNSEEN", folder))

    def search(self, user: str, what: str, folder: str = "INBOX") -> list[bytes]:
        with imaplib.IMAP4("127.0.0.1", self.port) as session:
            session.login(user, PASSWORD)
            session.select(folder, readonly=True)
            return session.search(None, what)[1][0].split()  # type: ignore[no-any-return]

    def renumber(self, user: str) -> None:
        """Give a user's folder another UIDVALIDITY, as after a move of the server: the same letters, counted anew."""
        box = self.folder / "mail" / user
        for path in box.glob("dovecot*"):
            path.unlink()
        (box / "dovecot-uidlist").write_text("3 V77777777 N1\n")
        if os.getuid() == 0:
            shutil.chown(box / "dovecot-uidlist", "nobody")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
