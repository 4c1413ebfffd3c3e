"""Settings. Every one a person may change is a ``GUANTONG_*`` variable, listed by ``guantong settings``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from environs import Env

from guantong.config.databases import database_from_url

env = Env(prefix="GUANTONG_")

PACKAGE_ROOT = Path(__file__).resolve().parent.parent

HOME = Path(env.str("HOME", default=".guantong")).expanduser().absolute()
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{HOME / 'guantong.sqlite3'}"
KEYS_FOLDER = HOME / "keys"
KEYS_URL = env.str("KEYS_URL", default="") or f"sqlite:///{KEYS_FOLDER / 'person-keys.sqlite3'}"
LOG_FOLDER = HOME / "log"
LOG_ORIGIN = env.str("LOG_ORIGIN", default="guantong")
LOG_SUITE = env.str("LOG_SUITE", default="ed25519-sha256")
FILES = HOME / "files"
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY_FILE = HOME / "secret-key"
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
DEMO = env.bool("DEMO", default=False)
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
MAX_UPLOAD_MB = env.int("MAX_UPLOAD_MB", default=20)
IDLE_MINUTES = env.int("IDLE_MINUTES", default=30)
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SECOND_FACTOR = env.str("SECOND_FACTOR", default="nobody" if DEMO else "administrators")
OIDC = json.loads(env.str("OIDC", default="[]"))
SAML = json.loads(env.str("SAML", default="[]"))
LDAP_URL = env.str("LDAP_URL", default="")
LDAP_USER_DN = env.str("LDAP_USER_DN", default="")
INNER_HOSTS: list[str] = env.list("INNER_HOSTS", default=[])
API_PER_MINUTE = env.int("API_PER_MINUTE", default=600)  # requests of one token; 0 is without limit
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_FROM: list[str] = env.list("METRICS_FROM", default=[])

if not SECRET_KEY:
    from guantong.config.secrets_file import secret_from

    SECRET_KEY = secret_from(SECRET_KEY_FILE)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "heroicons",
    "django_tasks",
    "django_tasks_db",
    "guantong.ui",
    "guantong.audit",
    "guantong.privacy",
    "guantong.organisation",
    "guantong.accounts",
    "guantong.notices",
    "guantong.partners",
    "guantong.calendars",
    "guantong.mechanisms",
    "guantong.records",
    "guantong.obligations",
    "guantong.duties",
    "guantong.tasks",
    "guantong.cases",
    "guantong.leadership",
    "guantong.reception",
    "guantong.grassroots",
    "guantong.burden",
    "guantong.supervision",
    "guantong.assessment",
    "guantong.reporting",
    "guantong.documents",
    "guantong.search",
    "guantong.channels",
    "guantong.importing",
    "guantong.api",
    "guantong.web",
    "guantong.config",
    "allauth",  # after web, whose templates take the place of its own
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
if SAML:
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")

MIDDLEWARE = [
    "guantong.web.health.middleware.ObservingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "guantong.web.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "guantong.accounts.middleware.SessionLimitsMiddleware",
    "guantong.accounts.middleware.ActingMiddleware",
    "guantong.api.middleware.ApiMiddleware",
    "guantong.accounts.middleware.PolicyMiddleware",
    "guantong.web.middleware.ReadOnlyMiddleware",
    "guantong.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "guantong.config.urls"
WSGI_APPLICATION = "guantong.config.wsgi.application"
DATABASES: dict[str, dict[str, Any]] = {
    "default": database_from_url(DATABASE_URL),
    "keys": database_from_url(KEYS_URL, erasing=True),
}
DATABASE_ROUTERS = ["guantong.privacy.router.KeysRouter"]
CACHES = {  # rate limits are counted here, the same for every process
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
if LDAP_URL:
    AUTHENTICATION_BACKENDS.append("guantong.accounts.directories.DirectoryBackend")

# Sign-in beyond the password: one-time codes, passkeys, recovery codes, session list, other identity providers.
ACCOUNT_ADAPTER = "guantong.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}  # allauth's own form is not served; ours asks for the sign-in name
ACCOUNT_SIGNUP_FIELDS: list[str] = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "guantong.accounts.adapters.display_of"
MFA_ADAPTER = "guantong.accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_TOTP_ISSUER = "贯通"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ADAPTER = "guantong.accounts.adapters.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_REQUIRED = False  # nobody's address is asked for or kept
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": OIDC, "OAUTH_PKCE_ENABLED": True}}
if SAML:
    SOCIALACCOUNT_PROVIDERS["saml"] = {"APPS": SAML}
USERSESSIONS_TRACK_ACTIVITY = False

LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "guantong.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "guantong.web.context.shell",
                "guantong.importing.context.importable",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_ROOT / "locale"]
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # a previewed workbook of 5 MB comes back signed, as text
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "OPTIONS": {}}}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "guantong.web.views.form_expired"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked by programs on the machine
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "guantong.web.health.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler"} | ({} if DEBUG else {"formatter": "json"})},
    "loggers": {
        "guantong.requests": {"level": "INFO" if env.bool("LOG_REQUESTS", default=True) else "WARNING"}
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
