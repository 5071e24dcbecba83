from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="ledger_mark",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="applicant",
            name="contact",
            field=models.CharField(blank=True, max_length=1000, verbose_name="其他联系方式"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ledger_mark", ""), _negated=True),
                fields=("agency", "ledger_mark"),
                name="one_case_a_ledger_row",
            ),
        ),
    ]
