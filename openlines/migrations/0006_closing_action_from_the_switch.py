from django.db import migrations

QUIET = "UPDATE openlines_line SET closing_action = 'NONE' WHERE NOT is_closing_sent OR closing_text = ''"
SPEAKING = "UPDATE openlines_line SET is_closing_sent = closing_action <> 'NONE'"


class Migration(migrations.Migration):
    """Lines that said nothing at the end go on saying nothing."""

    dependencies = [("openlines", "0005_first_round")]

    operations = [migrations.RunSQL(QUIET, SPEAKING)]
