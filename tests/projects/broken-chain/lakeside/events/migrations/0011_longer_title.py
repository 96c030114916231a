from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0010_event_poster"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="title",
            field=models.CharField(max_length=200),
        ),
    ]
