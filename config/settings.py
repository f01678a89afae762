"""One settings file for the embedded run, the tests and production; what differs comes from the environment (.env.example explains each name)."""

from pathlib import Path

from config import environment
from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

# -- Who and where ---------------------------------------------------------------------------------------------------------------------

DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.required("SECRET_KEY")
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [*environment.words("ALLOWED_HOSTS"), "127.0.0.1", "localhost", "[::1]"]  # the machine itself asks /healthz
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
# Where the public reaches this house: what the code on a paper leads to (/verify/…).
PUBLIC_URL = (environment.text("PUBLIC_URL") or next(iter(CSRF_TRUSTED_ORIGINS), "http://127.0.0.1:8000")).rstrip("/")

# SM4 keys of identity and phone numbers, first one current (L-SEC-3), and the key of their blind indexes. Losing them loses the numbers.
FIELD_KEYS = environment.keys("FIELD_KEYS")
BLIND_INDEX_KEY = environment.hex_bytes("BLIND_INDEX_KEY", environment.required("BLIND_INDEX_KEY"), 32)

# -- Applications ----------------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "organisations",
    "casework",
    "petitions",
    "mediation",
    "reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "template_partials",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.bodies.PublicBodies",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisations.middleware.OriginMiddleware",
    "organisations.middleware.PlainTextMiddleware",
    "organisations.middleware.ScopeMiddleware",
    "organisations.middleware.SessionLimitMiddleware",
    "organisations.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "organisations.middleware.DeniedMiddleware",
    "organisations.middleware.RefusalMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# BEHIND_PROXY=1: a proxy of ours ends https, sets X-Forwarded-Proto and X-Real-IP, and nobody else reaches this server.
BEHIND_PROXY = environment.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    MIDDLEWARE.insert(0, "config.proxy.TrueAddress")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "config.navigation.navigation",
                "organisations.sessions.idle_seconds",
            ],
            "libraries": {"addresses": "organisations.queries.addresses"},
        },
    }
]

# Plain widgets written in Python instead of four nested templates each; the rest as Django does it.
FORM_RENDERER = "organisations.rendering.QuickWidgets"

# -- Database: kept connections for the web only (DB_POOL), none in workers and tests ---------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": environment.database("DATABASE_URL")}

# Sent with the connection's start-up packet, so they cost no query. A lock is waited for 5 s, never for ever.
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    " ".join(
        f"-c {name}={value}"
        for name, value in {
            "timezone": "UTC",
            "lock_timeout": environment.number("DB_LOCK_TIMEOUT_MS", 5_000),
            "statement_timeout": environment.number("DB_STATEMENT_TIMEOUT_MS", 0),
            "idle_in_transaction_session_timeout": environment.number("DB_IDLE_TRANSACTION_TIMEOUT_MS", 0),
            "random_page_cost": "1.1",
            # Many short statements at once: helpers for one of them take the processors from the others and win no time (bench/).
            "max_parallel_workers_per_gather": 0,
        }.items()
    ),
)
# An empty round trip before a kept connection is used again: after a restart of the database nobody meets a dead one.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if environment.flag("DB_POOL"):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": environment.number("DB_POOL_SIZE", 8), "timeout": 3}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = environment.number("DB_CONN_MAX_AGE", 60)
# pgbouncer in transaction mode cannot carry a server-side cursor from one statement to the next.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = environment.flag("DB_BEHIND_PGBOUNCER")
# Tests: the database's name when several people share a server; the migrated database that every process of a run copies.
DATABASES["default"]["TEST"] = {"NAME": environment.text("TEST_DB_NAME") or None, "TEMPLATE": environment.text("TEST_DB_TEMPLATE") or None}

# -- Cache, sessions, jobs: one Redis or Valkey with two numbered databases, or two of them ------------------------------------------------

CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": environment.text("CACHE_URL") or environment.redis_database("REDIS_URL", 1),
        "KEY_PREFIX": environment.text("CACHE_KEY_PREFIX", "yimen"),
        "OPTIONS": dict.fromkeys(("socket_connect_timeout", "socket_timeout"), environment.number("CACHE_TIMEOUT_S", 2)),
    }
}

# Rows in PostgreSQL with a copy in the cache: a request reads the cache alone, and a restart or loss of Valkey signs nobody out.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "yimen_session"
SESSION_COOKIE_AGE = environment.number("SESSION_HOURS", 12) * 3600  # the absolute limit of L-SEC-8; the idle limit is the organisations app's
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# In a signed cookie while they are short: in the session every act would write and commit the session's row a second time.
MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"

CELERY_BROKER_URL = environment.redis_database("REDIS_URL", 0)
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}  # longer than the longest task
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = environment.text("BEAT_STATE", str(BASE_DIR / "var" / "beat"))

# -- People ----------------------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "organisations:sign-in"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "organisations.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "organisations.passwords.ThreeOfFourClasses"},
    {"NAME": "organisations.passwords.NotThePerson"},
    {"NAME": "organisations.passwords.NotUsedBefore", "OPTIONS": {"remembered": 5}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_DAYS = environment.number("PASSWORD_DAYS", 90)  # then it must be changed (L-SEC-3)
OTP_TOTP_ISSUER = "一门"
OTP_TOTP_THROTTLE_FACTOR = 0  # wrong codes count with wrong passwords: five lock the name for half an hour (organisations.rules)

# -- Language and time -----------------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# -- Files -----------------------------------------------------------------------------------------------------------------------------

# "plain" serves static/ as it lies; "manifest" serves the hashed copies of collectstatic for ever (production).
STATICFILES_MODE = environment.text("STATICFILES_MODE", "plain")
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if STATICFILES_MODE == "manifest" else None
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": {
            "plain": "django.contrib.staticfiles.storage.StaticFilesStorage",
            "manifest": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        }[STATICFILES_MODE],
        # Stylesheets are no secret: collected by the builder of the image, read by the user it runs as. Attachments are private, below.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = STATICFILES_MODE == "plain"
WHITENOISE_MAX_AGE = 3600 if STATICFILES_MODE == "plain" else 31_536_000
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Attachments and issued papers. Never under an address of their own: one view hands them out, in scope.
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # bytes of a form without its files

# -- Ways out of the house: e-mail, SMS, work chat. What is not configured is not offered (casework.gateway) ------------------------------

# How messages name the sender.
SENDER_NAME = environment.text("SENDER_NAME", "群众工作中心")
EMAIL_HOST = environment.text("EMAIL_HOST")
EMAIL_PORT = environment.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_STARTTLS")
EMAIL_USE_SSL = environment.flag("EMAIL_TLS")
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", "yimen@localhost")
GATEWAYS = {"sms": environment.gateway("SMS_URL"), "chat": environment.gateway("CHAT_URL")}

# -- Safety ----------------------------------------------------------------------------------------------------------------------------

# HTTPS=1: everybody arrives by https, plain http is sent there.
HTTPS = environment.flag("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token from the page's header attribute; the cookie itself holds no session
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # browsers that know frame-ancestors below obey that instead: the receipt is printed from a frame of our own page

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}

# -- API -------------------------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "casework.api.problem",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle", "casework.pace.WriteThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "1200/min", "writes": "240/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # The first one names the way in for a 401.
        "organisations.keys.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "一门 接口",
    "DESCRIPTION": "县级信访与矛盾纠纷一站式办理：与页面相同的动作、清单和数据范围。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "RatingEnum": "petitions.codes.SATISFACTION_CHOICES",
        "FeedbackWayEnum": "petitions.rules.FeedbackWay",
        "ToldWayEnum": "petitions.api.terms_inputs.TOLD_WAYS",
        "SimpleOutcomeEnum": "petitions.api.terms_inputs.SIMPLE_RESULTS",
        "ReplyOutcomeEnum": "petitions.api.serializers.REPLY_OUTCOMES",
        "DeliveryEnum": "petitions.codes.DELIVERY_CHOICES",
        "AgreementItemKindEnum": "mediation.api.acts.talks.ITEM_KINDS",
        "TalkKindEnum": "mediation.api.acts.talks.TALK_KINDS",
        "SideLetterEnum": "mediation.api.acts.joint.SIDE_LETTERS",
        "OtherWayEnum": "mediation.api.acts.joint.OTHER_WAYS",
        "MediatorKindEnum": "mediation.api.corps_inputs.MEDIATOR_KINDS",
        "LessonKindEnum": "mediation.api.corps_inputs.LESSON_KINDS",
        "DutyKindEnum": "mediation.api.corps_inputs.DUTY_KINDS",
        "ActivityKindEnum": "mediation.api.corps_inputs.ACTIVITY_KINDS",
        "DisputeTypeEnum": "mediation.api.corps_inputs.DISPUTE_TYPES",
    },
}

# -- Logs ------------------------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": environment.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # libraries that say a line per font and per stylesheet rule
        "fontTools": {"handlers": [], "level": "WARNING", "propagate": True},
        "weasyprint": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
