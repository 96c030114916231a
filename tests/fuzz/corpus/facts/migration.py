from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion as d


def forwards(apps, schema_editor):
    from . import other
    Model = apps.get_model("a", "B")


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("a", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="B",
            fields=[("id", models.AutoField(primary_key=True)), ("x", models.ForeignKey("a.B", d.CASCADE))],
            options={"ordering": ["-x"], "db_table": "b"},
        ),
        migrations.RunPython(forwards, lambda apps, editor: None),
    ]


Migration.dependencies.append(("b", "0002"))
