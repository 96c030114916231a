from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0002_visitor_wallet"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitor",
            name="role",
            field=models.CharField(default="visitor", max_length=16),
        ),
    ]
