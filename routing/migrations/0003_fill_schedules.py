from django.db import migrations

SCHEDULES = """
    INSERT INTO routing_schedule (line_id, is_enabled, time_zone, weekly, country)
    SELECT id, false, 'Europe/Moscow', '[]', '' FROM openlines_line
"""


class Migration(migrations.Migration):
    """Lines that exist are open all the time, as they were."""

    dependencies = [("routing", "0002_hours_absences_and_patience")]

    operations = [migrations.RunSQL(SCHEDULES, migrations.RunSQL.noop)]
