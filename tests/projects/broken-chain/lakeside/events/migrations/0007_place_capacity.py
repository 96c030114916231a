from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0006_ticket_bought"),
    ]

    operations = [
        migrations.AddField(
            model_name="place",
            name="capacity",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
