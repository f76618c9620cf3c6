"""Decisions keep the fact that leads each reason; older ones keep the theme alone, and their letter names it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _themes_to_reasons(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    decisions = apps.get_model("credit", "Decision").objects
    for decision in decisions.exclude(theme_points={}).only("theme_points").iterator():
        strongest = sorted(decision.theme_points.items(), key=lambda pair: -abs(pair[1]))
        reasons = [{"theme": theme, "points": points} for theme, points in strongest if abs(points) >= 0.001]
        decisions.filter(pk=decision.pk).update(score_reasons=reasons)


def _reasons_to_themes(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    decisions = apps.get_model("credit", "Decision").objects
    for decision in decisions.exclude(score_reasons=[]).only("score_reasons").iterator():
        points = {reason["theme"]: reason["points"] for reason in decision.score_reasons}
        decisions.filter(pk=decision.pk).update(theme_points=points)


class Migration(migrations.Migration):
    dependencies = [("credit", "0010_one_final_decision")]

    operations = [
        migrations.AddField("decision", "score_reasons", models.JSONField(default=list)),
        migrations.RunPython(_themes_to_reasons, _reasons_to_themes),
        migrations.RemoveField("decision", "theme_points"),
    ]
