from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sign_in", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="logincode",
            name="code",
            field=models.CharField(max_length=12, unique=True),
        ),
    ]
