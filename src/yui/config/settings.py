"""Django settings. Every value that an installation may change is read from the environment here.

``docs/manual/reference/settings.md`` explains each variable; a test compares the two lists.
"""

import os
import pkgutil
import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

import yui.services
from yui.config import database

SOURCE = Path(__file__).resolve().parent.parent
STATE = database.state_folder()


def flag(name: str, default: bool) -> bool:
    """A yes/no environment variable: 1, true, yes and on mean yes."""
    return os.environ.get(name, str(default)).lower() in ("1", "true", "yes", "on")


def _kept_secret() -> str:
    """``YUI_SECRET_KEY``, else a key made once and kept in the state folder, readable by its owner only."""
    if given := os.environ.get("YUI_SECRET_KEY"):
        return given
    kept = STATE / "secret_key"
    if not kept.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return kept.read_text().strip()


SECRET_KEY = _kept_secret()
DEBUG = flag("YUI_DEBUG", False)
PRACTICE = flag("YUI_PRACTICE", False)  # the sample prefecture: gallery, practice sign-in, banners
ALLOWED_HOSTS = os.environ.get("YUI_HOSTS", "localhost 127.0.0.1 [::1]").split()
BASE_URL = os.environ.get("YUI_BASE_URL", "http://localhost:8701").rstrip("/")
SECURE_COOKIES = BASE_URL.startswith("https://")

SERVICES = [
    f"yui.services.{module.name}"
    for module in pkgutil.iter_modules(yui.services.__path__)
    if (SOURCE / "services" / module.name / "apps.py").exists()
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "procrastinate.contrib.django",
    "yui.kernel.tenancy",
    "yui.kernel.access",
    "yui.kernel.journal",
    "yui.kernel.jobs",
    "yui.kernel.forms",
    "yui.identity",
    "yui.registries.areas",
    "yui.registries.people",
    "yui.registries.organisations",
    "yui.registries.facilities",
    "yui.procedures.cases",
    "yui.procedures.payments",
    "yui.procedures.programmes",
    "yui.supply",
    "yui.evidence",
    *SERVICES,
    "yui.shell.web",
    "yui.shell.sample",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yui.shell.web.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yui.identity.middleware.ActingMiddleware",
]

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["yui.identity.sessions.AccountBackend"]

# Sign-in through OpenID Connect; residents and staff are two clients, of one provider or of two.
OIDC_ISSUER = os.environ.get("YUI_OIDC_ISSUER", "http://localhost:8702/realms/main" if PRACTICE else "")
OIDC_CLIENT_ID = os.environ.get("YUI_OIDC_CLIENT_ID", "RP00000001" if PRACTICE else "")
OIDC_SCOPES = os.environ.get("YUI_OIDC_SCOPES", "openid name address birthdate gender")
OIDC_STAFF_ISSUER = os.environ.get("YUI_OIDC_STAFF_ISSUER", OIDC_ISSUER)
OIDC_STAFF_CLIENT_ID = os.environ.get("YUI_OIDC_STAFF_CLIENT_ID", "RP00000002" if PRACTICE else "")
OIDC_STAFF_SCOPES = os.environ.get("YUI_OIDC_STAFF_SCOPES", "openid name")
OIDC_CLIENT_KEY = os.environ.get("YUI_OIDC_CLIENT_KEY", str(STATE / "oidc_client_key.json"))
OIDC_ACR_VALUES = os.environ.get("YUI_OIDC_ACR_VALUES", "aal3")
OIDC_ACR_LEVELS = os.environ.get("YUI_OIDC_ACR_LEVELS", "aal1=low aal2=substantial aal3=high")
OIDC_MINIMUM_ASSURANCE = os.environ.get("YUI_OIDC_MINIMUM_ASSURANCE", "substantial")

ROOT_URLCONF = "yui.config.urls"
WSGI_APPLICATION = "yui.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yui.shell.web.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "yui.kernel.forms.renderer.Renderer"

DATABASES = database.django_databases(SECRET_KEY)
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 8
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # a shared computer forgets who was here
# Behind a proxy that ends TLS the web process sees plain HTTP; forms come from the address people use.
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "yui.shell.web.views.csrf_failed"
CSP_FORM_ACTION: list[str] = os.environ.get("YUI_CSP_FORM_ACTION", "").split()

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
# Rooms of the kernel that are no Django apps keep their translations too.
LOCALE_PATHS = [SOURCE / "kernel" / room / "locale" for room in ("calendar", "tables", "text")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

# Folders with fonts of the installation's own (name glyphs), looked at before those of the system.
FONT_FOLDERS: list[str] = [folder for folder in os.environ.get("YUI_FONTS", "").split(os.pathsep) if folder]

STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a missing folder at every start
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "yui.config.logs.WithoutValues",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("YUI_LOG_LEVEL", "WARNING")},
}
