from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("openlines", "0008_taken_dialogs_of_line")]

    operations = [
        migrations.AddField(
            model_name="dialog",
            name="handed_over",
            field=models.JSONField(null=True, verbose_name="handed over"),
        ),
    ]
