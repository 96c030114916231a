SECRET_KEY = "only a sample"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "venues",
    "fixtures_list",
    # "tournaments",  moved to legacy/
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "league.sqlite3"}}
