from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0011_longer_title"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="geometry",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="place",
            name="open_air",
            field=models.BooleanField(default=False),
        ),
    ]
