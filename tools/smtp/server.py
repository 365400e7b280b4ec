"""A mail server for tests: `server.py DIR`, where DIR holds server.crt and server.key.

Three ports on loopback, chosen by the system and written to DIR/env once all listen:
  PORTHOLE_TEST_SMTP         STARTTLS offered, sign-in only after it (like port 587)
  PORTHOLE_TEST_SMTP_TLS     TLS from the first byte (like port 465)
  PORTHOLE_TEST_SMTP_PLAIN   no TLS, sign-in in the clear
  PORTHOLE_TEST_SMTP_MAIL_DIR, PORTHOLE_TEST_SMTP_CA: where mail is put, and the CA (PEM) that signed the certificate.

Mail is accepted with and without sign-in, and lies in the maildir DIR/mail, a file each under new/, the envelope in its first lines:
  X-Envelope-From, X-Envelope-To (one for each recipient), X-Envelope-Tls (yes, no), X-Envelope-User (empty without sign-in).

Sign-in: `porthole` with `app-password`. A user name ending in a code, such as `anyone-454`, gets that code; all else gets 535 5.7.8.

Recipients whose local part ends in a code are answered with it: `quota-550@…`, `later-421@…`. With a number behind, only so often:
`later-421-2@…` is refused twice and accepted from then on. `slow-5@…` is answered after five seconds.
"""

import asyncio
import collections
import mailbox
import os
import re
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

# What Gmail says with these codes; other codes get a plain text.
TEXTS = {
    421: "4.7.0 Try again later, closing connection",
    450: "4.2.1 The recipient receives mail at a rate that prevents delivery",
    452: "4.2.2 The recipient's inbox is out of storage space",
    454: "4.7.0 Too many login attempts, please try again later",
    535: "5.7.8 Username and Password not accepted",
    550: "5.4.5 Daily user sending limit exceeded",
    552: "5.2.3 The message exceeds the size limit",
    553: "5.1.2 The recipient address is not valid",
}
WITH_CODE = re.compile(r".*-([45]\d\d)(?:-(\d+))?")
SLOW = re.compile(r"slow-(\d+)")


def answer(code):
    return f"{code} {TEXTS.get(code, 'as the test asked')}"


class Handler:
    """Decides on recipients and keeps mail."""

    def __init__(self, folder):
        self.mail = mailbox.Maildir(folder)
        self.refused = collections.Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.rpartition("@")[0]
        if slow := SLOW.fullmatch(local):
            await asyncio.sleep(int(slow[1]))
        if asked := WITH_CODE.fullmatch(local):
            self.refused[address] += 1
            if asked[2] is None or self.refused[address] <= int(asked[2]):
                return answer(int(asked[1]))
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        user = session.auth_data.login.decode() if session.authenticated else ""
        lines = [
            f"X-Envelope-From: {envelope.mail_from}",
            *(f"X-Envelope-To: {address}" for address in envelope.rcpt_tos),
            f"X-Envelope-Tls: {'yes' if session.ssl or server.from_the_start else 'no'}",
            f"X-Envelope-User: {user}",
        ]
        head = "".join(line + "\r\n" for line in lines).encode()
        self.mail.add(head + envelope.original_content)
        return "250 2.0.0 OK"


class Server(SMTP):
    """An SMTP session that also knows whether TLS came before it."""

    def __init__(self, *args, from_the_start=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.from_the_start = from_the_start


def sign_in(server, session, envelope, mechanism, data):
    if not isinstance(data, LoginPassword):
        return AuthResult(success=False, handled=False)
    if (data.login, data.password) == (b"porthole", b"app-password"):
        return AuthResult(success=True, auth_data=data)
    asked = WITH_CODE.fullmatch(data.login.decode(errors="replace").partition("@")[0])
    return AuthResult(success=False, handled=False, message=answer(int(asked[1]) if asked else 535))


async def main(folder):
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(f"{folder}/server.crt", f"{folder}/server.key")
    mail = f"{folder}/mail"
    handler = Handler(mail)
    loop = asyncio.get_running_loop()

    async def listen(context=None, **settings):
        def session():
            return Server(handler, hostname="localhost", enable_SMTPUTF8=True, authenticator=sign_in, loop=loop, **settings)

        server = await loop.create_server(session, "127.0.0.1", 0, ssl=context)
        return "127.0.0.1:%d" % server.sockets[0].getsockname()[1]

    found = {
        "PORTHOLE_TEST_SMTP": await listen(tls_context=tls),
        "PORTHOLE_TEST_SMTP_TLS": await listen(tls, auth_require_tls=False, from_the_start=True),
        "PORTHOLE_TEST_SMTP_PLAIN": await listen(auth_require_tls=False),
        "PORTHOLE_TEST_SMTP_MAIL_DIR": mail,
        "PORTHOLE_TEST_SMTP_CA": f"{folder}/ca.crt",
    }
    # Renamed into place, so that whoever waits for the file never reads half of it.
    with open(f"{folder}/env.new", "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in found.items())
    os.rename(f"{folder}/env.new", f"{folder}/env")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(os.path.abspath(sys.argv[1])))
