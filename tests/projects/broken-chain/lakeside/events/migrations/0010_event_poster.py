from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0009_event_ordering"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="poster",
            field=models.URLField(blank=True),
        ),
    ]
