"""Folds the names that hold letters of other scripts, which folding used to drop."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Q

from credit.ml.names import sort_name

ROWS_PER_CHUNK = 2_000
NOT_ASCII = r"[^\x01-\x7f]"


def fold_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    client_model = apps.get_model("credit", "Client")
    named = client_model.objects.filter(Q(first_name__regex=NOT_ASCII) | Q(last_name__regex=NOT_ASCII))
    chunk = []
    for client in named.only("first_name", "last_name", "sort_name").iterator(ROWS_PER_CHUNK):
        client.sort_name = sort_name(client.first_name, client.last_name)
        chunk.append(client)
        if len(chunk) == ROWS_PER_CHUNK:
            client_model.objects.bulk_update(chunk, ["sort_name"])
            chunk = []
    client_model.objects.bulk_update(chunk, ["sort_name"])


class Migration(migrations.Migration):
    dependencies = [("credit", "0011_decisions_keep_facts")]

    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
