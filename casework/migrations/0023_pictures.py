"""Statistics read indexes alone: that of table 三 learns the due date, and what came in a year has one of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0022_dispute'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='annual_matrix',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'applicant_kind', 'outcome', 'closed_on', 'received_on', 'due_on', 'is_redecision'], name='annual_matrix'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['agency', 'year', 'channel', 'applicant_kind', 'received_on', 'is_redecision'], name='received_in_year'),
        ),
    ]
