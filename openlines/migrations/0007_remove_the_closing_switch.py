from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("openlines", "0006_closing_action_from_the_switch")]

    operations = [migrations.RemoveField(model_name="line", name="is_closing_sent")]
