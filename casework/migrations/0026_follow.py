"""Receipts that prove what was sent, and what applicants think of replies."""

import casework.models.acknowledgement
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0025_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=casework.models.acknowledgement.new_token, max_length=24, unique=True)),
                ('number', models.CharField(max_length=80, verbose_name='登记编号')),
                ('office', models.CharField(max_length=120, verbose_name='受理机关')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
                ('channel', models.CharField(max_length=16)),
                ('forwarded', models.BooleanField(default=False)),
                ('received_on', models.DateField(verbose_name='收到日期')),
                ('due_on', models.DateField(null=True, verbose_name='最迟答复日')),
                ('due_is_provisional', models.BooleanField(default=False)),
                ('digest', models.CharField(max_length=64)),
                ('sealed', models.BinaryField(null=True)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgement', to='casework.case')),
            ],
            options={
                'verbose_name': '回执',
                'verbose_name_plural': '回执',
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('satisfaction', models.PositiveSmallIntegerField(verbose_name='满意程度')),
                ('comment', models.TextField(blank=True, verbose_name='意见')),
                ('at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(null=True)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='casework.decision')),
            ],
            options={
                'verbose_name': '评价',
                'verbose_name_plural': '评价',
                'constraints': [models.CheckConstraint(condition=models.Q(('satisfaction__gte', 1), ('satisfaction__lte', 5)), name='satisfaction_from_one_to_five')],
            },
        ),
    ]
