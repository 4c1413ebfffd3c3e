"""Passwords checked by an LDAP directory (the ``ldap`` extra). Who may do what stays here."""

from __future__ import annotations

from typing import Any

import ldap
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from ldap.dn import escape_dn_chars

from guantong.accounts.models import Person


class DirectoryBackend(BaseBackend):
    """Binds as the person; nobody is let in who has no account here, and no account is made."""

    def authenticate(
        self, request: HttpRequest | None, sign_in_index: str = "", password: str = "", **kwargs: Any
    ) -> Person | None:
        person = Person.objects.by_sign_in(sign_in_index)
        if person is None or not person.is_active or not password:
            return None
        name = settings.LDAP_USER_DN % {"user": escape_dn_chars(sign_in_index.strip())}
        connection = ldap.initialize(settings.LDAP_URL)
        connection.set_option(ldap.OPT_NETWORK_TIMEOUT, 5)
        try:
            connection.simple_bind_s(name, password)
        except ldap.LDAPError:
            return None
        finally:
            connection.unbind_s()
        return person

    def get_user(self, user_id: int) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()
