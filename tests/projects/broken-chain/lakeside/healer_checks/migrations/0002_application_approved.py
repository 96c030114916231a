from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0003_visitor_role"),
        ("healer_checks", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="approved",
            field=models.BooleanField(null=True),
        ),
    ]
