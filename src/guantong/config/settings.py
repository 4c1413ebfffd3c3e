"""Settings. Every one a person may change is a ``GUANTONG_*`` variable, listed by ``guantong settings``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from environs import Env

from guantong.config.databases import database_from_url

env = Env(prefix="GUANTONG_")

PACKAGE_ROOT = Path(__file__).resolve().parent.parent

HOME = Path(env.str("HOME", default=".guantong")).expanduser().absolute()
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{HOME / 'guantong.sqlite3'}"
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
    "guantong.organisation",
    "guantong.accounts",
    "guantong.mechanisms",
    "guantong.records",
    "guantong.obligations",
    "guantong.duties",
    "guantong.tasks",
    "guantong.grassroots",
    "guantong.supervision",
    "guantong.assessment",
    "guantong.reporting",
    "guantong.importing",
    "guantong.web",
    "guantong.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "guantong.accounts.middleware.ActingMiddleware",
    "guantong.accounts.middleware.PolicyMiddleware",
    "guantong.web.middleware.RefusalMiddleware",
    "guantong.web.middleware.HeadersMiddleware",
]

ROOT_URLCONF = "guantong.config.urls"
WSGI_APPLICATION = "guantong.config.wsgi.application"
DATABASES: dict[str, dict[str, Any]] = {"default": database_from_url(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
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
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "OPTIONS": {}}}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
