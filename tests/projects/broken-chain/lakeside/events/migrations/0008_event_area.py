import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_place_capacity"),
        ("geodata", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="area",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to="geodata.area",
            ),
        ),
    ]
