from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0003_ticket"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="ends",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
