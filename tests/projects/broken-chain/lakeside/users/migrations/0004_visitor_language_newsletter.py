from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0003_visitor_role"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitor",
            name="language",
            field=models.CharField(default="en", max_length=8),
        ),
        migrations.AddField(
            model_name="visitor",
            name="newsletter",
            field=models.BooleanField(default=False),
        ),
    ]
