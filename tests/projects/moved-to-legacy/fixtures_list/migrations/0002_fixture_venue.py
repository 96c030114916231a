import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fixtures_list", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="fixture",
            name="venue",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="venues.venue"),
        ),
    ]
