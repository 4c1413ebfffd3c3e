"""The pages of signing in. Allauth's views are named one by one, each with its policy; no other is served."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions import views as usersessions
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_http_methods

from guantong.accounts import policies
from guantong.accounts.policies import View
from guantong.web import own_data, sign_in


def public(view: View) -> View:
    """An allauth view for anybody, by the two methods its pages use."""
    return policies.public(require_http_methods(["GET", "POST"])(view))


def signed_in(view: View) -> View:
    """An allauth view for whoever is signed in, by the two methods its pages use."""
    return policies.signed_in(require_http_methods(["GET", "POST"])(view))


urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/", sign_in.sign_in, name="account_inactive"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("sign-in/leave/", sign_in.leave_stage, name="account_logout"),
    path("sign-in/code/", public(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("account/", own_data.account, name="account"),
    path("account/name/", own_data.name, name="own-name"),
    path("account/erasure/", own_data.erasure, name="own-erasure"),
    path("account/data.json", own_data.export, name="own-data"),
    path("account/link/", own_data.link, name="own-link"),
    path("mine/<str:code>/", own_data.mine, name="mine"),
    path("mine/<str:code>/erasure/", own_data.mine_erasure, name="mine-erasure"),
    path("mine/<str:code>/name/", own_data.mine_name, name="mine-name"),
    path("account/password/", sign_in.password, name="password"),
    path("account/sessions/", signed_in(usersessions.list_usersessions), name="usersessions_list"),
    path("account/confirm/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("account/second-factor/", signed_in(mfa.index), name="mfa_index"),
    path("account/second-factor/confirm/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/second-factor/app/on/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("account/second-factor/app/off/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/keys/", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/second-factor/keys/add/", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/second-factor/keys/<int:pk>/off/",
        signed_in(webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "account/second-factor/keys/<int:pk>/name/",
        signed_in(webauthn.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/second-factor/confirm-key/",
        signed_in(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "account/second-factor/codes/",
        signed_in(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/second-factor/codes/new/",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/codes/download/",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("sign-in/cancelled/", public(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-in/failed/", public(social.login_error), name="socialaccount_login_error"),
    path("sign-in/refused/", sign_in.sign_in, name="socialaccount_signup"),
    path("account/connections/", signed_in(social.connections), name="socialaccount_connections"),
    path("sign-in/oidc/<str:provider_id>/", public(openid_connect.login), name="openid_connect_login"),
    path(
        "sign-in/oidc/<str:provider_id>/callback/",
        public(openid_connect.callback),
        name="openid_connect_callback",
    ),
]
if settings.SAML:
    from allauth.socialaccount.providers.saml import views as saml

    urlpatterns.append(
        path(
            "sign-in/saml/<str:organization_slug>/",
            include(
                [
                    path("acs/", public(saml.acs), name="saml_acs"),
                    path("acs/finish/", public(saml.finish_acs), name="saml_finish_acs"),
                    path("sls/", public(saml.sls), name="saml_sls"),
                    path("metadata/", public(saml.metadata), name="saml_metadata"),
                    path("login/", public(saml.login), name="saml_login"),
                ]
            ),
        )
    )
