from django.db import migrations

ENTRIES = """
    INSERT INTO openlines_queueentry (line_id, operator_id, position)
    SELECT line_id, operator_id, position FROM openlines_queuemember ORDER BY line_id, position
"""
RANKS = "UPDATE openlines_dialog SET ranked_at = opened_at WHERE state IN ('NEW', 'QUEUED')"


class Migration(migrations.Migration):
    """Queues as they are become entries; what waits keeps its place."""

    dependencies = [("openlines", "0003_queue_entries_priorities_and_closing")]

    operations = [
        migrations.RunSQL(ENTRIES, migrations.RunSQL.noop),
        migrations.RunSQL(RANKS, migrations.RunSQL.noop),
    ]
