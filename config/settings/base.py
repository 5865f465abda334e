"""Settings: everything that differs between installations comes from the environment, see docs/self-hosting.md."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from config import environment as env

ROOT = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(ROOT / "var"))).resolve()

DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY")
ENCRYPTION_KEYS = [key.strip() for key in env.secret("ENCRYPTION_KEY").split(",")]
# By which push services know us; without it browsers are not woken.
VAPID_PRIVATE_KEY = env.optional_secret("VAPID_PRIVATE_KEY")
# Hosts that outgoing calls may reach although they are private or speak plain HTTP, as "push.lan:8080".
OUTGOING_PRIVATE_HOSTS = env.words("OUTGOING_PRIVATE_HOSTS")
# Where providers' APIs are, by channel kind, for accounts that name no address of their own: "telegram=http://…,vk=…".
PROVIDER_URLS = dict(pair.split("=", 1) for pair in env.words("PROVIDER_URLS") if "=" in pair)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
# The address customers and providers reach us at; without it channels that need a webhook are polled.
PUBLIC_URL = env.text("PUBLIC_URL").rstrip("/")
IS_HTTPS = urlsplit(PUBLIC_URL).scheme == "https"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "channels",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "common",
    "crm",
    "openlines",
    "routing",
    "channels_connectors",
    "stats",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "common.pages.PrivatePages",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.web.middleware.StaffLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.pages.RefusalPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]


def _database(url: str) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _prepared() if env.boolean("PREPARED_STATEMENTS", default=True) else {"server_side_binding": False},
    }


def _prepared() -> dict[str, object]:
    """The same statements come again and again on lasting connections; planning them anew each time is a quarter of
    what a page of a list costs. PostgreSQL itself weighs a plan for all values against plans for each."""
    return {"server_side_binding": True, "prepare_threshold": 2}


DATABASE_URL = env.secret("DATABASE_URL")
DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.secret("REDIS_URL")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 gives up reading after 5 s by default, which would cut idle consumers off.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": "openlines"},
    }
}
CACHES = {
    "default": {
        "BACKEND": "common.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "openlines",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.5},
    }
}


def _celery_broker(url: str) -> str:
    return url.replace("unix://", "redis+socket://", 1)


CELERY_BROKER_URL = _celery_broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep-timers": {"task": "openlines.tasks.sweep_timers", "schedule": 5},
    "sweep-presence": {"task": "routing.tasks.sweep_presence", "schedule": 5},
    "sweep-inbox": {"task": "channels_connectors.tasks.sweep_inbox", "schedule": 5},
    "sweep-deliveries": {"task": "channels_connectors.tasks.sweep_deliveries", "schedule": 5},
    "sweep-parked-receipts": {"task": "channels_connectors.tasks.sweep_parked_receipts", "schedule": 3600},
    "sweep-media": {"task": "channels_connectors.tasks.sweep_media", "schedule": 5},
    "watch-channels": {"task": "channels_connectors.tasks.watch_channels", "schedule": 60},
    "sweep-raw-events": {"task": "channels_connectors.tasks.sweep_raw_events", "schedule": 3600},
    "sweep-what-we-owe": {"task": "openlines.tasks.sweep_what_we_owe", "schedule": 600},
    "sweep-call-backs": {"task": "openlines.tasks.sweep_call_backs", "schedule": 5},
    "sweep-tags": {"task": "openlines.tasks.sweep_tags", "schedule": 60},
    "sweep-uploads": {"task": "openlines.tasks.sweep_uploads", "schedule": 3600},
    "sweep-drafts": {"task": "openlines.tasks.sweep_drafts", "schedule": 3600},
    "beat-is-alive": {"task": "openlines.tasks.note_worker_heartbeat", "schedule": 5},
}

AUTH_USER_MODEL = "crm.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("BEHIND_PROXY", default=False) else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "common.static.HashedModulesStorage"},
}
UPLOAD_BYTES = env.integer("UPLOAD_BYTES", 25 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.api.authentication.BearerAuthentication",
        "crm.api.authentication.ConsoleSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["crm.api.permissions.WorksWithClients"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.PlainJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "common.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["common.api.throttling.CallsOfUser"],
    "DEFAULT_THROTTLE_RATES": {"user": env.text("API_RATE", "3000/min")},
    "EXCEPTION_HANDLER": "common.api.errors.answer_with_error",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Open Lines API",
    "DESCRIPTION": "Lines, channels, dialogs, messages, clients and leads of the contact centre.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["crm.api.permissions.WorksWithClients"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AutomaticActionEnum": "openlines.models.Line.Action",
        "RatingScaleEnum": "openlines.models.Line.RatingScale",
        "MessageKindEnum": "openlines.models.Message.Kind",
        "AbsenceKindEnum": "routing.models.Absence.Kind",
        "RawEventStateEnum": "channels_connectors.models.RawEvent.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "common.api.schema.describe_refusals",
    ],
}

# How often consoles and visitors beat, and after how long a silent one counts as gone.
HEARTBEAT_SECONDS = env.integer("HEARTBEAT_SECONDS", 15)
PRESENCE_SECONDS = env.integer("PRESENCE_SECONDS", 45)
# After so many days without an answer a dialog is closed, with a warning before.
OWED_DAYS = env.integer("OWED_DAYS", 30)
# What providers sent is kept for so long after it was processed.
RAW_EVENT_DAYS = env.integer("RAW_EVENT_DAYS", 30)
LOGIN_FAILURES = env.integer("LOGIN_FAILURES", 10)
LOGIN_FAILURE_SECONDS = env.integer("LOGIN_FAILURE_SECONDS", 600)
HTTP_THREADS = env.integer("HTTP_THREADS", 8)
DEMO_PASSWORD = env.text("DEMO_PASSWORD")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Whoever asks /readyz hears of trouble by the answer.
    "filters": {
        "no_probes": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: "/readyz" not in record.getMessage(),
        }
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_probes"]}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
    # These write whole URLs, and Bot API URLs contain the token.
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}, "urllib3": {"level": "WARNING"}},
}

if not DATABASES["default"]["NAME"]:
    raise ImproperlyConfigured("DATABASE_URL names no database")
