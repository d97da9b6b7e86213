"""All settings, read from the environment and safe by default. `test.py` holds the differences."""

from datetime import timedelta
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF

from config import env
from config.settings.api import REST_FRAMEWORK as REST_FRAMEWORK
from config.settings.api import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS

BASE_DIR = Path(__file__).resolve().parents[2]

# --- identity and safety -------------------------------------------------------------------
SECRET_KEY = env.required("SECRET_KEY")
DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
# Off only for a local `up`, which serves plain HTTP on the loopback address.
SECURE_TRANSPORT = env.flag("SECURE_TRANSPORT", default=True)
SECURE_SSL_REDIRECT = SECURE_TRANSPORT
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TRANSPORT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_TRANSPORT
SECURE_HSTS_PRELOAD = SECURE_TRANSPORT
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TRUST_PROXY_HEADERS") else None
)
SESSION_COOKIE_SECURE = SECURE_TRANSPORT
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-session" if SECURE_TRANSPORT else "session"
CSRF_COOKIE_SECURE = SECURE_TRANSPORT
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_TRANSPORT else "csrf"
CSRF_FAILURE_VIEW = "desk.faults.no_token"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
# Pages with rows of persons; a page that says more about its cache itself is left as it is.
KEPT_BY_NO_CACHE = ("/staff/", "/admin/", "/h/", "/api/")
HEADERS_OF_EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": X_FRAME_OPTIONS,
    "Referrer-Policy": SECURE_REFERRER_POLICY,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Keys of encrypted fields and look-up HMACs: a folder of 0600 files, never in the database.
KEYS_DIR = Path(env.optional("KEYS_DIR", str(BASE_DIR / "var" / "keys")))
# Photos: private files of 0600 in folders of 0700, served by no web server.
ATTACHMENTS_DIR = Path(env.optional("ATTACHMENTS_DIR", str(BASE_DIR / "var" / "attachments")))
# The newest witness of the ledgers, a copy of the one kept elsewhere; the site does not open on a
# ledger that ends before it. Empty: none is kept yet.
WITNESS_FILE = env.optional("WITNESS_FILE")

# --- apps ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.SiteConfig",
    "desk",
    "affairs",
    "rewards",
    "reviews",
    "scoring",
    "households",
    "notices",
    "jobs",
    "files",
    "accounts",
    "villages",
    "trail",
    "config.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "trail.requests.Reference",
    "config.headers.Headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "desk.faults.PlainRefusal",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.headers.NulRefused",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.FirstThings",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last: the pages themselves are all that stands in the transaction.
    "accounts.middleware.ScopedTransaction",
]
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
                "desk.frame.frame",
                "desk.staff.menu.staff_menu",
            ],
        },
    }
]
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PostingBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    # Of older passwords; each is hashed anew when its owner logs in.
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# "mlps" (GB/T 22239: three kinds of characters, 180 days, the last five not again) or "long"
# (length and guessability alone); see docs/adr/0017.
PASSWORD_PROFILE = env.optional("PASSWORD_PROFILE", "mlps")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.NotObvious"},
    {"NAME": "accounts.passwords.ThreeKinds"},
    {"NAME": "accounts.passwords.NotUsedBefore"},
]
# Five wrong ones in fifteen minutes close an account for fifteen minutes. A village hall shares one
# address: it may err more often before it waits too.
LOG_IN_TRIES = 5
LOG_IN_TRIES_OF_A_NETWORK = 60
LOG_IN_WINDOW = timedelta(minutes=15)
# Without a sign of life, and at the most.
SESSION_IDLE = timedelta(minutes=30)
SESSION_IDLE_OF_A_TOWNSHIP = timedelta(minutes=15)
SESSION_ABSOLUTE = timedelta(hours=12)
# An account nobody used for so long is switched off.
DORMANT_AFTER = timedelta(days=90)

# --- allauth: log-in by name, codes of a phone; no sign-up, no mail --------------------------
ACCOUNT_ADAPTER = "accounts.adapters.LogInAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Its limits live in the cache, which forgets; ours are rows (accounts.operations.lockout).
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.LogInForm",
    "change_password": "accounts.forms.ChangePasswordForm",
}
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Clocks of phones are off by seconds.
MFA_TOTP_TOLERANCE = 1

# --- database, cache, files ----------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.database("DATABASE_URL")}
if env.optional("DATABASE_OWNER_URL"):
    DATABASES["owner"] = env.database("DATABASE_OWNER_URL")
DATABASE_ROUTERS = ["config.routers.OneDatabase"]
# The broker is for Celery only: with the cache and the sessions in PostgreSQL a dead broker
# breaks no page.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
    }
}
SESSION_ENGINE = "accounts.sessions"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.optional("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The page of other sites loads nothing of ours, not even a style sheet.
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- language and time ---------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
# Moves "now" for rehearsals, e.g. "40" days ahead: the clock of Python and the one of the
# database's functions at once. Refused by the production check.
CLOCK_SHIFT_DAYS = env.integer("CLOCK_SHIFT_DAYS", 0)
CLOCK_SHIFT = timedelta(days=CLOCK_SHIFT_DAYS)
if CLOCK_SHIFT_DAYS:
    for _database in DATABASES.values():
        _database["OPTIONS"] = env.with_setting(
            _database["OPTIONS"], f"villages.clock_shift_days={CLOCK_SHIFT_DAYS}"
        )
# Where a fault test stops a process, "close:sealed=kill9:/tmp/flag"; see trail/failpoints.py.
FAILPOINTS = dict(point.split("=", 1) for point in env.listed("FAILPOINTS"))

# --- logs ----------------------------------------------------------------------------------
# To the terminal or the journal: one line each, with the reference number, without personal data.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"one line": {"()": "config.logs.OneLine"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "one line"}},
    "root": {"handlers": ["out"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # What fails is logged by django.request already.
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}

# --- the site ------------------------------------------------------------------------------
SITE_NAME = env.optional("SITE_NAME", "乡村积分公示")
SITE_ADDRESS = env.optional("SITE_ADDRESS", "http://127.0.0.1:8000")
# Demo pages carry 演示数据，非真实公示.
DEMO = env.flag("DEMO")
# People of a whole township, and the three administrators, open nothing without a code from their
# phone. The demo's accounts are public and need none; refused by the production check.
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=not DEMO)

# How long the audit trail is kept, three years unless told otherwise; never less than 183 days,
# which the database holds to as well.
AUDIT_KEEP_DAYS = env.integer("AUDIT_KEEP_DAYS", 1_096)

# How long a worker holds a job without a sign of life. Shorter than the sweeper's minute: a killed
# worker's job is taken up within two minutes.
JOB_LEASE = timedelta(seconds=env.integer("JOB_LEASE_SECONDS", 45))

# How many requests of the API a person, and a network without a log-in, may make in a minute.
API_CALLS_OF_A_PERSON = env.integer("API_CALLS_OF_A_PERSON", 600)
API_CALLS_OF_A_NETWORK = env.integer("API_CALLS_OF_A_NETWORK", 120)

# How many codes of paper that no notice has a network may ask for in a minute. A village hall
# shares one address, and nobody types one a second.
UNKNOWN_CODES_OF_A_NETWORK = 60

# --- Celery --------------------------------------------------------------------------------
# Measured: early acks and the default visibility timeout lose or delay tasks of a killed worker.
CELERY_BROKER_URL = env.required("REDIS_URL")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "look after log-ins": {
        "task": "accounts.look_after_log_ins",
        "schedule": crontab(hour="3", minute="20"),
    },
    "forget answered": {
        "task": "jobs.forget_answered",
        "schedule": crontab(hour="3", minute="30"),
    },
    "sweep jobs": {"task": "jobs.sweep_jobs", "schedule": 60.0},
    "verify ledgers": {
        "task": "scoring.verify_ledgers",
        "schedule": crontab(hour="1", minute="30"),
    },
    "seal ledgers": {"task": "scoring.seal_ledgers", "schedule": crontab(hour="2", minute="10")},
    "propose closes": {
        "task": "scoring.propose_closes",
        "schedule": crontab(hour="6", minute="0"),
    },
    "advance months": {"task": "scoring.advance_months", "schedule": 600.0},
    "purge audit": {
        "task": "trail.purge_audit",
        "schedule": crontab(day_of_month="3", hour="3", minute="40"),
    },
    "wipe imports": {"task": "households.wipe_imports", "schedule": crontab(minute="25")},
    "wipe exports": {"task": "files.wipe_exports", "schedule": crontab(minute="20")},
    "publish due notices": {"task": "notices.publish_due_notices", "schedule": 300.0},
}
