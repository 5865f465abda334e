from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("openlines", "0007_remove_the_closing_switch")]

    operations = [
        migrations.AddField(
            model_name="dialog",
            name="handed_over",
            field=models.JSONField(null=True, verbose_name="handed over"),
        ),
    ]
