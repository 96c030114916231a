"""What settings say of apps and databases, in the forms that real projects have."""

import json

import pytest
from conftest import run, write

MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'
KEY = '("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))'


def migration(operations, dependencies="", imports="from django.db import migrations, models"):
    return "%s\n\n\nclass Migration(migrations.Migration):\n    dependencies = [%s]\n    operations = [%s]\n" % (
        imports, dependencies, operations)


def project(directory, installed, files, more=""):
    settings = 'DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"\nINSTALLED_APPS = %r\n%s' % (installed, more)
    write(directory, {"manage.py": MANAGE, "settings.py": settings, **files})


def findings(directory):
    return json.loads(run("check", "--format", "json", cwd=directory).out)["findings"]


def test_an_appconfig_may_be_about_another_directory(tmp_path):
    """`core.apps.StoreConfig` installs `store`, and `core` itself stays what it is."""
    project(tmp_path, ["core.apps.StoreConfig", "core.apps.LentConfig", "core", "shop"], {
        "core/__init__.py": "",
        "core/apps/__init__.py": "from django.apps import AppConfig\nfrom lent.apps import LentConfig as Base\n\n\n"
                                 "class StoreConfig(AppConfig):\n    name = 'store'\n\n\n"
                                 "class LentConfig(Base):\n    pass\n\n\n"
                                 "class CoreConfig(AppConfig):\n    default = True\n    name = 'core'\n",
        "store/__init__.py": "", "store/migrations/__init__.py": "",
        "store/migrations/0001_initial.py": migration('migrations.CreateModel("Item", [%s])' % KEY),
        "store/models.py": "from django.db import models\n\n\nclass Item(models.Model):\n    pass\n",
        "core/migrations/__init__.py": "", "core/migrations/0001_initial.py": migration(""),
        "shop/__init__.py": "", "shop/migrations/__init__.py": "",
        "shop/migrations/0001_initial.py": migration("", '("store", "0001_initial"), ("core", "0001_initial")'),
    })
    assert findings(tmp_path) == []
    (found,) = json.loads(run("status", "--format", "json", cwd=tmp_path).out)["projects"]
    assert {app["label"]: app["path"] for app in found["apps"]} == {"core": "core", "shop": "shop", "store": "store"}


CONSTRAINT = (
    'migrations.CreateModel("Count", [%s, ("year", models.IntegerField())], options={"constraints": '
    '[models.UniqueConstraint(fields=["year"], name="one_a_year")]})' % KEY
)


@pytest.mark.parametrize("databases, severity", [
    ('{"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}}', "error"),
    ('{"default": env.db("DATABASE_URL", default="sqlite:///x")}', "warning"),
])
def test_what_the_environment_names_is_not_known(tmp_path, databases, severity):
    """SQLite drops no column that a constraint names; PostgreSQL drops both."""
    project(tmp_path, ["counts"], {
        "counts/__init__.py": "", "counts/migrations/__init__.py": "",
        "counts/migrations/0001_initial.py": migration(CONSTRAINT),
        "counts/migrations/0002_no_year.py": migration('migrations.RemoveField("count", "year")', '("counts", "0001_initial")'),
    }, "import environ\n\nenv = environ.Env()\nDATABASES = %s\n" % databases)
    found = [finding for finding in findings(tmp_path) if finding["code"] == "MG202"]
    assert [finding["severity"] for finding in found] == [severity]


def test_gis_has_what_django_has(tmp_path):
    project(tmp_path, ["places"], {
        "places/__init__.py": "", "places/migrations/__init__.py": "",
        "places/models.py": "from django.contrib.gis.db import models\n\n\nclass Place(models.Model):\n"
                            "    class Kind(models.TextChoices):\n        PARK = 'p', 'Park'\n\n"
                            "    kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.PARK)\n"
                            "    at = models.PointField()\n",
        "places/migrations/0001_initial.py": migration(
            'migrations.CreateModel("Place", [%s, ("kind", models.CharField(choices=[("p", "Park")], default="p", '
            'max_length=1)), ("at", django.contrib.gis.db.models.fields.PointField(srid=4326))])' % KEY,
            imports="import django.contrib.gis.db.models.fields\nfrom django.db import migrations, models"),
    })
    assert findings(tmp_path) == []


def test_what_an_unknown_base_makes_is_not_told(tmp_path):
    """typedmodels makes proxies of subclasses, in the app of their base."""
    project(tmp_path, ["nodes", "wiki"], {
        "nodes/__init__.py": "", "nodes/migrations/__init__.py": "",
        "nodes/models.py": "from typedmodels.models import TypedModel\n\n\nclass Node(TypedModel):\n    pass\n\n\n"
                           "class Page(Node):\n    pass\n",
        "nodes/migrations/0001_initial.py": migration(
            'migrations.CreateModel("Node", [%s]), '
            'migrations.CreateModel("Page", [], options={"proxy": True}, bases=("nodes.node",)), '
            'migrations.CreateModel("Article", [], options={"proxy": True}, bases=("nodes.node",))' % KEY),
        "wiki/__init__.py": "", "wiki/migrations/__init__.py": "", "wiki/migrations/0001_initial.py": migration(""),
        "wiki/models.py": "from nodes.models import Node\n\n\nclass Article(Node):\n    pass\n",
    })
    assert findings(tmp_path) == []


def test_an_app_that_no_settings_list_has_no_drift(tmp_path):
    """Where the list goes on, by a call, whether it is installed is not known."""
    project(tmp_path, ["shop"], {
        "shop/__init__.py": "", "shop/migrations/__init__.py": "", "shop/migrations/0001_initial.py": migration(""),
        "old/__init__.py": "", "old/migrations/__init__.py": "", "old/models.py": "",
        "old/migrations/0001_initial.py": migration('migrations.CreateModel("Gone", [%s])' % KEY),
    }, "from plugins import load\n\nINSTALLED_APPS = INSTALLED_APPS + load()\n")
    assert findings(tmp_path) == []


def test_an_override_that_says_what_is_so_anyway_takes_no_other_app(tmp_path):
    """A fork of an app below tests/ keeps its own migrations, whatever the settings of an example say."""
    write(tmp_path, {
        "example/manage.py": 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
        "example/settings.py": 'INSTALLED_APPS = ["lib.forum"]\nMIGRATION_MODULES = {"forum": "lib.forum.migrations"}\n',
        "lib/__init__.py": "", "lib/forum/__init__.py": "", "lib/forum/models.py": "", "lib/forum/migrations/__init__.py": "",
        "lib/forum/migrations/0001_initial.py": migration(""),
        "tests/__init__.py": "", "tests/settings.py": 'INSTALLED_APPS = ["tests.site.forum"]\n', "tests/site/__init__.py": "",
        "tests/site/forum/__init__.py": "", "tests/site/forum/models.py": "", "tests/site/forum/migrations/__init__.py": "",
        "tests/site/forum/migrations/0001_initial.py": migration(""),
        "tests/site/forum/migrations/0002_dummy.py": migration("", '("forum", "0001_initial")'),
    })
    found = json.loads(run("status", "--format", "json", cwd=tmp_path).out)["projects"]
    packages = {app["package_path"]: app["migrations"] for project in found for app in project["apps"]
                if app["label"] == "forum"}
    assert packages == {"lib/forum/migrations": 1, "tests/site/forum/migrations": 2}


def test_meta_that_a_decorator_makes_is_not_known(tmp_path):
    project(tmp_path, ["polls"], {
        "polls/__init__.py": "", "polls/migrations/__init__.py": "",
        "polls/models.py": "from django.db import models\n\nfrom tools import constrain\n\n\nclass Poll(models.Model):\n"
                           "    @constrain(locals())\n    class Meta:\n        verbose_name = 'poll'\n",
        "polls/migrations/0001_initial.py": migration(
            'migrations.CreateModel("Poll", [%s], options={"verbose_name": "poll", "constraints": '
            '[models.CheckConstraint(check=models.Q(id__gt=0), name="positive")]})' % KEY),
    })
    assert findings(tmp_path) == []


def test_models_of_a_star_import_that_is_not_at_hand(tmp_path):
    """As in forks of django-oscar's apps."""
    project(tmp_path, ["order"], {
        "order/__init__.py": "", "order/migrations/__init__.py": "",
        "order/models.py": "from oscar.apps.order.models import *\n",
        "order/migrations/0001_initial.py": migration('migrations.CreateModel("Order", [%s])' % KEY),
    })
    assert findings(tmp_path) == []


def test_migrations_of_south_are_not_djangos(tmp_path):
    """`class Migration:` with forwards(), from the days before Django had migrations."""
    south = "from south.db import db\n\n\nclass Migration:\n    def forwards(self, orm):\n        db.create_table('cart', ())\n"
    project(tmp_path, ["cart"], {
        "cart/__init__.py": "", "cart/migrations/__init__.py": "",
        "cart/models.py": "from django.db import models\n\n\nclass Cart(models.Model):\n    pass\n",
        "cart/migrations/0001_initial.py": south, "cart/migrations/0002_more.py": south,
    })
    assert [finding["code"] for finding in findings(tmp_path) if finding["severity"] == "error"] == []


def test_a_top_level_name_does_not_lie_in_a_package(tmp_path):
    """`cms` is django-cms, whatever site/cms/ holds; nothing is missing."""
    write(tmp_path, {
        "manage.py": MANAGE.replace("settings", "site.settings"), "site/__init__.py": "",
        "site/settings.py": 'INSTALLED_APPS = ["cms", "site.cms.banner"]\n',
        "site/cms/__init__.py": "", "site/cms/banner/__init__.py": "", "site/cms/banner/models.py": "",
        "site/cms/banner/migrations/__init__.py": "",
        "site/cms/banner/migrations/0001_initial.py": migration("", '("cms", "0022_auto_20180620_1551")'),
    })
    assert findings(tmp_path) == []


def test_default_app_config(tmp_path):
    """Before Django 4.1 the package said which AppConfig is meant."""
    project(tmp_path, ["apply.utils", "public.utils"], {
        "apply/__init__.py": "", "apply/utils/__init__.py": "default_app_config = 'apply.utils.app.UtilsConfig'\n",
        "apply/utils/app.py": "from django.apps import AppConfig\n\n\nclass UtilsConfig(AppConfig):\n"
                              "    name = 'apply.utils'\n    label = 'apply_utils'\n",
        "apply/utils/migrations/__init__.py": "", "apply/utils/models.py": "",
        "apply/utils/migrations/0001_initial.py": migration(""),
        "public/__init__.py": "", "public/utils/__init__.py": "", "public/utils/models.py": "",
        "public/utils/migrations/__init__.py": "", "public/utils/migrations/0001_initial.py": migration(""),
    })
    assert findings(tmp_path) == []


def test_translated_fields_of_an_app_built_on_modeltranslation(tmp_path):
    project(tmp_path, ["pages", "wagtail_modeltranslation"], {
        "pages/__init__.py": "", "pages/migrations/__init__.py": "",
        "pages/models.py": "from django.db import models\n\n\nclass Page(models.Model):\n    title = models.CharField(max_length=9)\n",
        "pages/migrations/0001_initial.py": migration(
            'migrations.CreateModel("Page", [%s, ("title", models.CharField(max_length=9)), '
            '("title_de", models.CharField(max_length=9, null=True))])' % KEY),
    })
    assert findings(tmp_path) == []
