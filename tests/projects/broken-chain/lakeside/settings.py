import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("LAKESIDE_DEBUG", "1") == "1"
SECRET_KEY = os.environ.get("LAKESIDE_SECRET_KEY", "only for development")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "lakeside.users",
    "lakeside.sign_in",
    "lakeside.events",
    "lakeside.ledger",
    "lakeside.notifications",
    "lakeside.healer_checks",
    "lakeside.geodata",
    "lakeside.scripts",
]

AUTH_USER_MODEL = "users.Visitor"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if DEBUG:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": BASE_DIR / "db.sqlite3",
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["LAKESIDE_DB_NAME"],
            "USER": os.environ["LAKESIDE_DB_USER"],
            "PASSWORD": os.environ["LAKESIDE_DB_PASSWORD"],
            "HOST": os.environ.get("LAKESIDE_DB_HOST", "localhost"),
        }
    }

USE_TZ = True
