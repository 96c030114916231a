from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0016_ticketclass_quota"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticketclass",
            name="has_quota",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="ticketclass",
            name="quota",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]
