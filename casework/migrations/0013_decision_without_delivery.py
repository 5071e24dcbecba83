from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_deliveries_of_old_replies")]
    operations = [
        migrations.RemoveField(model_name="decision", name="delivered_on"),
        migrations.RemoveField(model_name="decision", name="mode"),
        migrations.RemoveField(model_name="decision", name="postal_number"),
    ]
