"""Settings of the site. What differs between machines comes from the environment (environment.py)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url

from studio.environment import BadEnvironment, read_environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read_environment()
DATA_DIR = (BASE_DIR / ENVIRONMENT.data_dir).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key of this installation, made once and readable by its owner only."""
    if ENVIRONMENT.secret_key:
        return ENVIRONMENT.secret_key
    file = DATA_DIR / "secret_key"
    if not file.exists():
        fresh = file.with_name(f"secret_key.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.rename(file) if not file.exists() else fresh.unlink()
    return file.read_text().strip()


def _database() -> dict[str, Any]:
    if not ENVIRONMENT.database_url:
        # Several processes write: WAL and IMMEDIATE transactions never meet "database is locked" within the
        # timeout, and a connection that stays open does not checkpoint the log after every request.
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "rushes.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
                    "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
                ),
            },
        }
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(ENVIRONMENT.database_url, conn_max_age=600))
    except ValueError as problem:
        raise BadEnvironment(f"The environment variable DATABASE_URL cannot be used: {problem}") from None
    if "postgresql" not in database["ENGINE"]:
        raise BadEnvironment(
            "The environment variable DATABASE_URL must be a postgres:// address, or empty for SQLite."
        )
    database["CONN_HEALTH_CHECKS"] = True
    return database


SECRET_KEY = _secret_key()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url]
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "studio.apps.StudioConfig",
    "studio.editorial.apps.EditorialConfig",
    "studio.api.apps.ApiConfig",
    "projects",
    "prompts",
    "characters",
    "scenes",
    "dailies",
    "media_pipeline",
    "wagtail.contrib.settings",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "django_filters",
    "drf_spectacular",
    "channels",
    "django_q",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"
ASGI_APPLICATION = "studio.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "studio.api.authentication.TokenAuthentication",
        "rest_framework_simplejwt.authentication.JWTAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": ENVIRONMENT.api_rate, "anon": "60/min", "login": "10/min"},
    "EXCEPTION_HANDLER": "studio.api.problems.handler",
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rushes",
    "DESCRIPTION": "Everything a production does, for scripts.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["studio.api.schema.of_this_api"],
    "POSTPROCESSING_HOOKS": [],  # closed lists of values stand where they are used
}
ALLOW_REGISTRATION = ENVIRONMENT.allow_registration

AUTHENTICATION_BACKENDS = ["studio.editorial.permissions.MembershipBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
WORK_DIR = DATA_DIR / "work"
CACHE_DIR = DATA_DIR / "cache"


def _media_storage() -> dict[str, Any]:
    if not ENVIRONMENT.media_bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": ENVIRONMENT.media_bucket,
            "endpoint_url": ENVIRONMENT.media_endpoint_url or None,
            "access_key": ENVIRONMENT.media_access_key or None,
            "secret_key": ENVIRONMENT.media_secret_key or None,
            "querystring_expire": 3600,
            "file_overwrite": True,  # names are digests: the same name is the same bytes
        },
    }


STORAGES = {
    "default": _media_storage(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "studio.static_files.DigestedFiles"
    },
}
MEDIA_ACCELERATION = ENVIRONMENT.media_acceleration
FFMPEG_BINARY = ENVIRONMENT.ffmpeg_binary

PUBLIC_URL = ENVIRONMENT.public_url
PROVIDER_WEBHOOKS = ENVIRONMENT.provider_webhooks
OUTGOING_WEBHOOK_HOSTS = ENVIRONMENT.outgoing_webhook_hosts
FAL_KEY = ENVIRONMENT.fal_key
FAL_RUN_URL = ENVIRONMENT.fal_run_url
FAL_QUEUE_URL = ENVIRONMENT.fal_queue_url
FAL_REST_URL = ENVIRONMENT.fal_rest_url
FAL_CDN_URL = ENVIRONMENT.fal_cdn_url
FAL_API_URL = ENVIRONMENT.fal_api_url
FAL_JWKS_URL = ENVIRONMENT.fal_jwks_url
FAL_MEDIA_HOSTS = ENVIRONMENT.fal_media_hosts
PROVENANCE_CERTIFICATE, PROVENANCE_KEY = ENVIRONMENT.provenance_certificate, ENVIRONMENT.provenance_key
LLM_BASE_URL = ENVIRONMENT.llm_base_url
LLM_API_KEY = ENVIRONMENT.llm_api_key
LLM_MODEL = ENVIRONMENT.llm_model
KNOWLEDGE_URL = ENVIRONMENT.knowledge_url
KNOWLEDGE_API_KEY = ENVIRONMENT.knowledge_api_key

RUN_LEASE_SECONDS = ENVIRONMENT.run_lease_seconds
RUN_SLICE_SECONDS = ENVIRONMENT.run_slice_seconds
TAKE_LIMITS = ENVIRONMENT.take_limits
CHARACTER_PICTURES = ENVIRONMENT.character_pictures
SHOT_SECONDS = ENVIRONMENT.shot_seconds
EVENT_KEEP_DAYS = ENVIRONMENT.event_keep_days
QUALIFY_COUNTDOWN = ENVIRONMENT.qualify_countdown
GATHER_FILE_MB, GATHER_DOCUMENT_MB = ENVIRONMENT.gather_file_mb, ENVIRONMENT.gather_document_mb
GATHER_FILES = ENVIRONMENT.gather_files

# django-q2 carries "advance run N" and nothing else (docs/runs.md). Runs are resumed by their leases, so its own
# time-out and retry only have to stay out of the way of the longest step. queue_limit equals the workers, so that
# no message ages in a busy cluster's memory.
Q_CLUSTER = {
    "name": "rushes",
    "orm": "default",
    "workers": ENVIRONMENT.workers,
    "queue_limit": ENVIRONMENT.workers,
    "bulk": 1,
    "poll": 0.1,
    "timeout": 6 * 3600,
    "retry": 24 * 3600,
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 0,
    "recycle": 500,
    "label": "Queue",
}

CHANNEL_LAYERS: dict[str, Any] = {}

WAGTAIL_SITE_NAME = "Rushes"
WAGTAILADMIN_BASE_URL = ENVIRONMENT.public_url
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_AUTOSAVE_INTERVAL = 0  # a save is a verb with an event, and half a sentence is no change to tell of

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure_cookies
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {"django_q": {"level": "WARNING"}, "django-q": {"level": "WARNING"}},
}
