"""States of published packages with long histories.

The packages lie in an environment of their own (tests/requirements-packages52.txt,
`.venvs/packages52`).  Their sources are copied into a project that installs them;
Django loads the copies, and migralint reads them as the project's own apps.

    PACKAGES_PYTHON    interpreter of that environment
    CONFORMANCE_STATES how many migrations of each package are asked for (12)
"""

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import harness
import state_harness

VENVS = Path(os.environ.get("MIGRALINT_VENVS", harness.HERE.parent.parent / ".venvs"))
PYTHON = os.environ.get("PACKAGES_PYTHON", str(VENVS / "packages52" / "bin" / "python"))
STATES = int(os.environ.get("CONFORMANCE_STATES", "12"))
VERSION = (5, 2)
pytestmark = pytest.mark.skipif(not os.path.exists(PYTHON), reason="no published packages in %s" % PYTHON)

COMMON = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites"]
SETTINGS = """
SECRET_KEY = "x"
USE_TZ = True
SITE_ID = 1
ROOT_URLCONF = "urls"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
"""


@dataclass
class Package:
    """`folders` are copied, `apps` installed; `least` migrations must be found.  `unread` is
    what migralint cannot know of it, as in Comparison.unread, with the reason."""

    name: str
    apps: list
    least: int
    folders: tuple = ()
    extra: str = ""
    unread: dict = field(default_factory=dict)

    def copied(self):
        return self.folders or sorted({app.split(".")[0] for app in self.apps})


WAGTAIL = [
    "wagtail.contrib.forms", "wagtail.contrib.redirects", "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings", "wagtail.embeds", "wagtail.sites", "wagtail.users",
    "wagtail.snippets", "wagtail.documents", "wagtail.images", "wagtail.search", "wagtail.admin",
    "wagtail", "modelsearch", "taggit",
]  # fmt: skip
OSCAR = [
    "oscar.config.Shop", *("oscar.apps.%s.apps.%sConfig" % pair for pair in [
        ("analytics", "Analytics"), ("checkout", "Checkout"), ("address", "Address"),
        ("shipping", "Shipping"), ("catalogue", "Catalogue"),
        ("catalogue.reviews", "CatalogueReviews"), ("communication", "Communication"),
        ("partner", "Partner"), ("basket", "Basket"), ("payment", "Payment"), ("offer", "Offer"),
        ("order", "Order"), ("customer", "Customer"), ("search", "Search"),
        ("voucher", "Voucher"), ("wishlists", "Wishlists"), ("dashboard", "Dashboard")]),
    *("oscar.apps.dashboard.%s.apps.%sDashboardConfig" % (name, name.title()) for name in [
        "reports", "users", "orders", "catalogue", "offers", "partners", "pages", "ranges",
        "reviews", "vouchers", "communications", "shipping"]),
    "django.contrib.flatpages", "widget_tweaks", "haystack", "treebeard", "django_tables2",
]  # fmt: skip
# What cannot be known without running Python, see DIFFERENCES-state.md, S3.
WAGTAIL_UNREAD = {
    "operations differ by database; SqliteFTSIndexEntry is made on one":
        "modelsearch modelsearch.indexentry wagtailsearch wagtailsearch.indexentry "
        "wagtailsearch.editorspick.page.to",
    "calls of swapper":
        "wagtailcore.comment.page.related_name wagtailcore.comment.page.to "
        "wagtailcore.comment.user.related_name wagtailcore.grouppagepermission.page.to "
        "wagtailcore.page.alias_of.to wagtailcore.pagelogentry.page.to "
        "wagtailcore.pagerevision.page.to wagtailcore.pagesubscription.page.to "
        "wagtailcore.pageviewrestriction.page.to wagtailcore.site.root_page.to "
        "wagtailcore.workflowpage.page.to wagtailcore.workflowstate.page.to "
        "wagtailcore.page:options.swappable wagtailforms.formsubmission.page.to "
        "wagtailredirects.redirect.redirect_page.to wagtailsearchpromotions.searchpromotion.page.to",
}
CMS_UNREAD = {
    "calls of get_cms_setting":
        "cms.pagecontent.template.choices cms.pagecontent.template.default "
        "cms.pagecontent.xframe_options.default cms.title.template.choices "
        "cms.title.template.default cms.title.xframe_options.default",
    "its base is the user model, looked up": "cms.pageuser",
}
ALLAUTH_UNREAD = {
    "operations under a condition on a setting": "account.emailaddress socialaccount.socialapp",
    "getattr(settings, …)": "socialaccount.socialaccount.uid.max_length",
}
CELERY_UNREAD = {
    "getattr(settings, …)":
        "django_celery_results.chordcounter.group_id.max_length "
        "django_celery_results.groupresult.group_id.max_length "
        "django_celery_results.taskresult.task_id.max_length "
        "django_celery_results.taskresult.task_name.max_length",
}  # fmt: skip
PACKAGES = [
    Package("wagtail", WAGTAIL, 200, ("wagtail", "modelsearch", "taggit"),
            "WAGTAIL_SITE_NAME = 'x'\nWAGTAILADMIN_BASE_URL = 'http://x'", WAGTAIL_UNREAD),
    Package("oscar", OSCAR, 100, ("oscar",),
            "from oscar.defaults import *\nHAYSTACK_CONNECTIONS = {'default': {'ENGINE': "
            "'haystack.backends.simple_backend.SimpleEngine'}}"),
    Package("cms", ["cms", "menus", "treebeard", "sekizai"], 20, ("cms",),
            "LANGUAGE_CODE = 'en'\nLANGUAGES = [('en', 'English')]\nCMS_CONFIRM_VERSION4 = True",
            CMS_UNREAD),
    Package("allauth", ["allauth", "allauth.account", "allauth.socialaccount",
                        "allauth.mfa", "allauth.usersessions"], 15, unread=ALLAUTH_UNREAD),
    Package("oauth2_provider", ["oauth2_provider"], 10),
    Package("filer", ["easy_thumbnails", "filer"], 15),
    Package("authtoken", ["rest_framework", "rest_framework.authtoken"], 4),
    Package("taggit", ["taggit"], 5),
    Package("reversion", ["reversion"], 1),
    Package("celery", ["django_celery_beat", "django_celery_results"], 25, unread=CELERY_UNREAD),
    Package("django_q", ["django_q"], 15),
    Package("guardian", ["guardian"], 2),
    Package("waffle", ["waffle"], 4),
    Package("axes", ["axes"], 8),
    Package("otp", ["django_otp", "django_otp.plugins.otp_totp", "django_otp.plugins.otp_static",
                    "django_otp.plugins.otp_hotp", "django_otp.plugins.otp_email"], 8),
]  # fmt: skip


@functools.lru_cache(None)
def site_packages():
    out = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    return Path(out.strip())


def write_package_project(package, top):
    leave = shutil.ignore_patterns(
        "__pycache__", "locale", "static", "static_src", "node_modules", "test", "tests", "tests.py"
    )
    for folder in package.copied():
        shutil.copytree(site_packages() / folder, top / folder, ignore=leave)
    entries = ["django.contrib." + name for name in COMMON] + package.apps
    harness.write(top / "manage.py", harness.MANAGE)
    harness.write(top / "urls.py", "urlpatterns = []\n")
    harness.write(
        top / "settings.py",
        "%s%s\nINSTALLED_APPS = [\n%s]\n"
        % (SETTINGS, package.extra, "".join("    %r,\n" % entry for entry in entries)),
    )
    return {**harness.job(top), "real": True, "states": STATES}


@pytest.fixture(scope="module")
def answer_of(tmp_path_factory):
    known = {}

    def answer(package):
        absent = [name for name in package.copied() if not (site_packages() / name).exists()]
        if absent:
            pytest.skip("%s: not installed: %s" % (package.name, ", ".join(absent)))
        if package.name not in known:
            top = tmp_path_factory.mktemp(package.name)
            job = write_package_project(package, top)
            known[package.name] = state_harness.ask_django([job], PYTHON)[0]
        return known[package.name]

    return answer


ALL = pytest.mark.parametrize("package", PACKAGES, ids=[package.name for package in PACKAGES])


@ALL
def test_package_in_django(answer_of, package):
    answer = answer_of(package)
    assert answer["error"] is None and answer["errors"] == []
    assert len(answer["files"]) >= package.least, len(answer["files"])
    assert state_harness.self_differences(answer) == []


@ALL
@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states")
def test_package_same_states(answer_of, package):
    comparison = state_harness.compare(answer_of(package), version=VERSION)
    lines = comparison.lines
    assert not lines, "%d differences\n%s" % (len(lines), "\n".join(lines[:60]))
    assert comparison.count["models"] > 0
    known = {place for places in package.unread.values() for place in places.split()}
    more, less = comparison.unread - known, known - comparison.unread
    assert not more, "also not read: %s" % " ".join(sorted(more))
    # What is read after all is to be taken off the list.
    assert STATES != 12 or not less, "known now: %s" % " ".join(sorted(less))


@ALL
@pytest.mark.skipif(not state_harness.HAS_STATE, reason="MIGRALINT is not set, or has no states")
def test_package_is_not_called_broken(answer_of, package):
    findings = state_harness.ask_findings(answer_of(package)["dir"], version=VERSION)
    assert [f for f in findings if state_harness.is_refusal(f)] == []
