"""Indexes that hold all a filtered list of clients asks for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_journal_filters"),
        ("credit", "0005_labels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="client",
            name="credit_clie_agency__235db3_idx",
        ),
        migrations.RemoveIndex(
            model_name="client",
            name="credit_clie_agency__5049b4_idx",
        ),
        migrations.RemoveIndex(
            model_name="client",
            name="credit_clie_sort_na_12f4a3_idx",
        ),
        migrations.RemoveIndex(
            model_name="client",
            name="credit_clie_agency__6c51a7_idx",
        ),
        migrations.RemoveIndex(
            model_name="client",
            name="credit_clie_amount_4255e2_idx",
        ),
        migrations.AlterField(
            model_name="client",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clients",
                to="core.agency",
                verbose_name="agency",
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["agency", "id"], include=("contract_type",), name="client_agency"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                fields=["agency", "sort_name", "id"], include=("contract_type",), name="client_agency_name"
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["sort_name", "id"], include=("contract_type",), name="client_name"),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(
                fields=["agency", "amount", "id"], include=("contract_type",), name="client_agency_amount"
            ),
        ),
        migrations.AddIndex(
            model_name="client",
            index=models.Index(fields=["amount", "id"], include=("contract_type",), name="client_amount"),
        ),
    ]
