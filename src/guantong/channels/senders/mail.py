"""E-mail through Django's backend, on connections to checked addresses."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from guantong.channels.choices import Reason, Security
from guantong.channels.limits import READ_SECONDS
from guantong.channels.senders.results import NotSent, Unclear
from guantong.channels.senders.watching import Watch, connect


class _Smtp(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port)

    def starttls(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Without it nothing is said that another must not hear, least of all the password."""
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("starttls"):
            raise NotSent(Reason.NOT_SAFE)
        return super().starttls(*args, **kwargs)


class _SmtpTls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(connect(host, port), server_hostname=host)


class Backend(EmailBackend):
    """Django's, on our connections."""

    @property
    def connection_class(self) -> Any:
        return _SmtpTls if self.use_ssl else _Smtp


def send(
    *, host: str, port: int, security: str, account: str, password: str, sender: str, to: str,
    title: str, body: str, key: str,
) -> None:  # fmt: skip
    """One mail to one address; else raises NotSent or Unclear."""
    backend = Backend(
        host=host, port=port, username=account, password=password, use_tls=security == Security.STARTTLS,
        use_ssl=security == Security.TLS, timeout=READ_SECONDS, fail_silently=False,
    )  # fmt: skip
    domain = sender.rpartition("@")[2] or "guantong.invalid"
    mail = EmailMessage(
        title, body, sender, [to], connection=backend,
        headers={"Message-ID": f"<{key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    with Watch():
        _open(backend)
        try:
            _hand_over(backend, mail)
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                backend.close()


def _open(backend: Backend) -> None:
    """Everything up to the mail itself can be repeated."""
    try:
        backend.open()
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
        raise NotSent(Reason.SIGN_IN) from None
    except ssl.SSLEOFError:
        raise NotSent(Reason.NO_CONNECTION) from None
    except ssl.SSLError:
        raise NotSent(Reason.NOT_SAFE) from None
    except (smtplib.SMTPException, OSError):
        raise NotSent(Reason.NO_CONNECTION) from None


def _hand_over(backend: Backend, mail: EmailMessage) -> None:
    try:
        backend.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        raise _turned_down(min(code for code, _said in error.recipients.values())) from None
    except (smtplib.SMTPResponseException, smtplib.SMTPSenderRefused) as error:
        raise _turned_down(error.smtp_code) from None
    except (smtplib.SMTPException, OSError):
        raise Unclear(Reason.NO_ANSWER) from None


def _turned_down(code: int) -> NotSent:
    """The server answered, and said no: 4xx for now, 5xx for good (RFC 5321, 4.2.1)."""
    return NotSent(Reason.TURNED_DOWN, for_good=500 <= code < 600)
