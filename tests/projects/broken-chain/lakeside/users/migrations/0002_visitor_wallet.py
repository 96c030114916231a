from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitor",
            name="wallet",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
