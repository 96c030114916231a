"""Which literals a Django field refuses as its default, as JSON.

    oracle_defaults.py CASES

CASES is a JSON list of [class, literal, keywords]; the answer is a list of booleans: whether
get_db_prep_save(get_default()) raises.
"""

import ast
import json
import sys
import warnings

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_TZ=True,
)
django.setup()
warnings.simplefilter("ignore")

from django.db import connection, models


def refuses(name, literal, keywords):
    if not hasattr(models, name):
        return True
    field = getattr(models, name)(default=ast.literal_eval(literal), **keywords)
    field.set_attributes_from_name("field")
    field.model = models.Model
    try:
        field.get_db_prep_save(field.get_default(), connection)
    except Exception:
        return True
    return False


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        json.dump([refuses(*case) for case in json.load(file)], sys.stdout)
