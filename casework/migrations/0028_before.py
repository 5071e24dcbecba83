"""Before an application: what is public is found by its words, drafts move, others help, and paper joins its draft."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0027_staff_accounts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pairing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('helper', models.CharField(choices=[('family', '家人、朋友'), ('community', '社区、村里的工作人员或者社会工作者'), ('window', '行政机关的窗口工作人员'), ('other', '其他人')], max_length=10)),
                ('name', models.CharField(blank=True, max_length=100)),
                ('begun_at', models.DateTimeField()),
                ('code_index', models.CharField(max_length=64, null=True, unique=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('opened_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Searchable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=16)),
                ('of', models.PositiveBigIntegerField()),
                ('title', models.CharField(max_length=400)),
                ('on', models.DateField()),
                ('address', models.CharField(blank=True, max_length=500)),
                ('beside', models.CharField(blank=True, max_length=200)),
                ('folded', models.TextField()),
                ('pairs', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Spared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=16)),
                ('of', models.PositiveBigIntegerField()),
                ('title', models.CharField(max_length=400)),
                ('on', models.DateField()),
                ('times', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-on', '-times'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_is_known',
        ),
        migrations.AddField(
            model_name='draft',
            name='reference',
            field=models.CharField(max_length=10, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='resume_hash',
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name='draft',
            name='resume_key',
            field=models.CharField(max_length=6, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='resume_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('registered', 'registered'), ('submitted', 'submitted'), ('helped', 'helped'), ('imported', 'imported'), ('corrected', 'corrected'), ('assigned', 'assigned'), ('supplement_requested', 'supplement_requested'), ('supplement_received', 'supplement_received'), ('consulted', 'consulted'), ('service_recorded', 'service_recorded'), ('link_offered', 'link_offered'), ('link_revoked', 'link_revoked'), ('opinion_recorded', 'opinion_recorded'), ('extension_asked', 'extension_asked'), ('objection_judged', 'objection_judged'), ('consultation_cancelled', 'consultation_cancelled'), ('extended', 'extended'), ('extension_declined', 'extension_declined'), ('fee_notified', 'fee_notified'), ('fee_delivered', 'fee_delivered'), ('payment_recorded', 'payment_recorded'), ('fee_cancelled', 'fee_cancelled'), ('reasons_asked', 'reasons_asked'), ('reasons_recorded', 'reasons_recorded'), ('reasons_judged', 'reasons_judged'), ('delayed', 'delayed'), ('proposed', 'proposed'), ('reviewed', 'reviewed'), ('secrecy_cleared', 'secrecy_cleared'), ('classified_found', 'classified_found'), ('sent_back', 'sent_back'), ('signed', 'signed'), ('taken_back', 'taken_back'), ('third_party_informed', 'third_party_informed'), ('dispatched', 'dispatched'), ('letter_made', 'letter_made'), ('letter_sent', 'letter_sent'), ('letter_voided', 'letter_voided'), ('letter_delivered', 'letter_delivered'), ('letter_returned', 'letter_returned'), ('delivery_recorded', 'delivery_recorded'), ('delivery_corrected', 'delivery_corrected'), ('reply_returned', 'reply_returned'), ('redispatched', 'redispatched'), ('proof_filed', 'proof_filed'), ('reply_opened', 'reply_opened'), ('withdrawn', 'withdrawn'), ('assistance_requested', 'assistance_requested'), ('assistance_answered', 'assistance_answered'), ('assistance_cancelled', 'assistance_cancelled'), ('chased', 'chased'), ('contact_attempted', 'contact_attempted'), ('receipt_confirmed', 'receipt_confirmed'), ('split', 'split'), ('split_off', 'split_off'), ('linked', 'linked'), ('transferred', 'transferred'), ('identity_read', 'identity_read'), ('reminded', 'reminded'), ('escalated', 'escalated'), ('lapse_found', 'lapse_found'), ('left_untaken', 'left_untaken'), ('extension_untold', 'extension_untold'), ('supplement_reminded', 'supplement_reminded'), ('assistance_reminded', 'assistance_reminded'), ('assistance_escalated', 'assistance_escalated'), ('calendar_changed', 'calendar_changed'), ('contact_changed', 'contact_changed'), ('undelivered', 'undelivered'), ('told_otherwise', 'told_otherwise'), ('disputed', 'disputed'), ('dispute_advanced', 'dispute_advanced'), ('dispute_corrected', 'dispute_corrected'), ('reopened', 'reopened'), ('redecision_begun', 'redecision_begun'), ('material_added', 'material_added'), ('material_read', 'material_read'), ('areas_marked', 'areas_marked'), ('area_lifted', 'area_lifted'), ('file_passed', 'file_passed'), ('file_stopped', 'file_stopped'), ('virus_found', 'virus_found')], max_length=24),
        ),
        migrations.AddIndex(
            model_name='supplement',
            index=models.Index(fields=['requested_on'], name='supplements_by_day'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['registered', 'submitted', 'helped', 'imported', 'corrected', 'assigned', 'supplement_requested', 'supplement_received', 'consulted', 'service_recorded', 'link_offered', 'link_revoked', 'opinion_recorded', 'extension_asked', 'objection_judged', 'consultation_cancelled', 'extended', 'extension_declined', 'fee_notified', 'fee_delivered', 'payment_recorded', 'fee_cancelled', 'reasons_asked', 'reasons_recorded', 'reasons_judged', 'delayed', 'proposed', 'reviewed', 'secrecy_cleared', 'classified_found', 'sent_back', 'signed', 'taken_back', 'third_party_informed', 'dispatched', 'letter_made', 'letter_sent', 'letter_voided', 'letter_delivered', 'letter_returned', 'delivery_recorded', 'delivery_corrected', 'reply_returned', 'redispatched', 'proof_filed', 'reply_opened', 'withdrawn', 'assistance_requested', 'assistance_answered', 'assistance_cancelled', 'chased', 'contact_attempted', 'receipt_confirmed', 'split', 'split_off', 'linked', 'transferred', 'identity_read', 'reminded', 'escalated', 'lapse_found', 'left_untaken', 'extension_untold', 'supplement_reminded', 'assistance_reminded', 'assistance_escalated', 'calendar_changed', 'contact_changed', 'undelivered', 'told_otherwise', 'disputed', 'dispute_advanced', 'dispute_corrected', 'reopened', 'redecision_begun', 'material_added', 'material_read', 'areas_marked', 'area_lifted', 'file_passed', 'file_stopped', 'virus_found'])), name='event_kind_is_known'),
        ),
        migrations.AddField(
            model_name='pairing',
            name='draft',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pairing', to='casework.draft'),
        ),
        migrations.AddField(
            model_name='searchable',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.agency'),
        ),
        migrations.AddField(
            model_name='spared',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='casework.agency'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('code_index', None), ('expires_at__isnull', False), _connector='OR'), name='pairing_code_expires'),
        ),
        migrations.AddConstraint(
            model_name='searchable',
            constraint=models.UniqueConstraint(fields=('source', 'of'), name='one_searchable_a_thing'),
        ),
        migrations.AddConstraint(
            model_name='spared',
            constraint=models.UniqueConstraint(fields=('agency', 'on', 'source', 'of'), name='spared_once_a_day'),
        ),
    ]
