"""Who gets what from every address: one row per URL and method."""

from dataclasses import dataclass

TRIAL = "0b0f6f0e-6a32-4c4c-9a55-5f5f5f5f5f5f"
PERSONAS = ("anonymous", "advisor", "stranger", "supervisor", "auditor", "administrator")


@dataclass(frozen=True)
class Row:
    """``expected`` gives one status per persona, in the order of PERSONAS; the stranger is of another agency."""

    name: str
    path: str
    expected: tuple[int, ...]
    method: str = "get"


def everybody(status: int, *, anonymous: int = 302) -> tuple[int, ...]:
    return (anonymous, *[status] * 5)


def for_casework(status: int, *, anonymous: int = 302) -> tuple[int, ...]:
    """Advisors and supervisors of the client's agency; those who only read are refused."""
    return of_the_agency(status, auditor=403, administrator=403, anonymous=anonymous)


def of_the_agency(
    status: int, *, auditor: int | None = None, administrator: int | None = None, anonymous: int = 302
) -> tuple[int, ...]:
    """The client's agency and those who see every agency; 404 for the stranger."""
    return (anonymous, status, 404, status, auditor or status, administrator or status)


ROWS = (
    Row("core:home", "/", everybody(302)),
    Row("core:sign_in", "/sign-in/", everybody(200, anonymous=200)),
    Row("core:sign_out", "/sign-out/", everybody(302), "post"),
    Row("core:account", "/account/", everybody(200)),
    Row("core:kept_form", "/kept/x/", everybody(200)),
    Row("admin_sign_in", "/admin/login/", everybody(403)),
    Row("admin_sign_out", "/admin/logout/", everybody(302), "post"),
    Row("core:set_language", "/language/", everybody(302, anonymous=302), "post"),
    Row("core:job_list", "/jobs/", everybody(200)),
    Row("core:job_detail", "/jobs/1/", (302, 200, 404, 404, 200, 200)),
    Row("core:job_progress", "/jobs/1/progress/", (302, 200, 404, 404, 200, 200)),
    Row("core:job_cancel", "/jobs/1/cancel/", (302, 302, 404, 404, 302, 302), "post"),
    Row("core:journal", "/journal/", (302, 403, 403, 403, 200, 200)),
    Row("core:journal_csv", "/journal.csv", (302, 403, 403, 403, 200, 200)),
    Row("core:journal_ndjson", "/journal.ndjson", (302, 403, 403, 403, 200, 200)),
    Row("core:style_guide", "/style-guide/", everybody(404)),  # exists in development only
    Row("core:healthz", "/healthz", everybody(200, anonymous=200)),
    Row("core:readyz", "/readyz", everybody(200, anonymous=200)),
    Row("core:metrics", "/metrics", everybody(404, anonymous=404)),  # has a key of the site, which tests lack
    Row("credit:client_list", "/clients/", everybody(200)),
    Row("credit:client_file", "/clients/1/", of_the_agency(200)),
    Row("credit:reasons", "/clients/1/reasons/", of_the_agency(200)),
    Row("credit:stability", "/clients/1/stability/", of_the_agency(200)),
    Row("credit:explanation", "/clients/1/explanation/", of_the_agency(200)),
    Row("credit:request_explanation", "/clients/1/explanation/request/", of_the_agency(302, auditor=403), "post"),
    Row("credit:home", "/home/", everybody(200)),
    Row("credit:decision", "/clients/1/decision/", of_the_agency(200)),
    Row("credit:decision", "/clients/1/decision/", for_casework(422), "post"),
    Row("credit:countersign", "/clients/1/decision/1/countersign/", (302, 403, 403, 302, 403, 403), "post"),
    Row("credit:request_review", "/clients/1/decision/1/review/", for_casework(200)),
    Row("credit:review", "/clients/1/reviews/1/", of_the_agency(200)),
    Row("credit:review", "/clients/1/reviews/1/", for_casework(422), "post"),
    Row("credit:letter", "/clients/1/letter/1/", of_the_agency(200)),
    Row("credit:letter_pdf", "/clients/1/letter/1.pdf", of_the_agency(200)),
    Row("credit:new_client", "/clients/new/", (302, 200, 200, 200, 403, 200)),
    Row("credit:new_client", "/clients/new/", (302, 200, 200, 200, 403, 200), "post"),
    Row("credit:upload_clients", "/clients/new/file/", (302, 422, 422, 422, 403, 422), "post"),
    Row("credit:completeness", "/clients/new/completeness/", (302, 200, 200, 200, 403, 200), "post"),
    Row("credit:edit_client", "/clients/1/edit/", of_the_agency(200, auditor=403)),
    Row("credit:edit_client", "/clients/1/edit/", of_the_agency(200, auditor=403), "post"),
    Row("credit:simulate", "/clients/1/simulate/", of_the_agency(200)),
    Row("credit:levers", "/clients/1/simulate/levers/", of_the_agency(200)),
    Row("credit:save_scenario", "/clients/1/scenarios/", of_the_agency(302, auditor=403), "post"),
    Row("credit:delete_scenario", "/clients/1/scenarios/1/delete/", (302, 404, 404, 404, 403, 404), "post"),
    Row("credit:recourse", "/clients/1/recourse/", of_the_agency(200)),
    Row("credit:compare", "/clients/1/compare/", of_the_agency(200)),
    Row("credit:build_population_store", "/population/build/", (302, 403, 403, 403, 403, 302), "post"),
    Row("credit:model_card", "/model/", everybody(200)),
    Row("credit:model_quality", "/model/quality/", everybody(200)),
    Row("credit:model_importance", "/model/importance/", everybody(200)),
    Row("credit:model_segments", "/model/segments/", everybody(200)),
    Row("credit:model_variables", "/model/variables/", everybody(200)),
    Row("credit:model_threshold", "/model/threshold/", everybody(200)),
    Row("credit:activate_threshold", "/model/threshold/activate/", (302, 403, 403, 403, 403, 302), "post"),
    Row("credit:suspend_model", "/model/suspend/", (302, 403, 403, 403, 403, 302), "post"),
    Row("credit:resume_model", "/model/resume/", (302, 403, 403, 403, 403, 302), "post"),
    Row("credit:monitoring", "/monitoring/", (302, 403, 403, 200, 200, 200)),
    Row("credit:drift_report", "/monitoring/drift/1/", (302, 403, 403, 404, 404, 404)),
    Row("credit:request_drift", "/monitoring/drift/request/", (302, 403, 403, 302, 302, 302), "post"),
    Row("credit:fairness", "/monitoring/fairness/", (302, 403, 403, 200, 200, 200)),
    Row("credit:request_fairness", "/monitoring/fairness/request/", (302, 403, 403, 302, 302, 302), "post"),
    Row("credit:file_journal", "/clients/1/journal/", of_the_agency(200)),
    Row("credit:person", "/clients/1/person/", (302, 403, 403, 403, 200, 200)),
    Row("credit:person_export", "/clients/1/person/export/", (302, 403, 403, 403, 200, 200)),
    Row("credit:person_erase", "/clients/1/person/erase/", (302, 403, 403, 403, 403, 422), "post"),
    Row("api:token", "/api/v1/token/", everybody(400, anonymous=400), "post"),
    Row("api:me", "/api/v1/me/", everybody(200, anonymous=401)),
    Row("api:job_list", "/api/v1/jobs/", everybody(200, anonymous=401)),
    Row("api:job", "/api/v1/jobs/1/", (401, 200, 404, 404, 200, 200)),
    Row("api:job_cancel", "/api/v1/jobs/1/cancel/", (401, 202, 404, 404, 400, 202), "post"),
    Row("api:event_list", "/api/v1/events/", (401, 403, 403, 403, 200, 200)),
    Row("api:client_events", "/api/v1/clients/1/events/", of_the_agency(200, anonymous=401)),
    Row("api:person", "/api/v1/clients/1/person/", (401, 403, 403, 403, 200, 200)),
    Row("api:person", "/api/v1/clients/1/person/", (401, 403, 403, 403, 403, 400), "delete"),
    Row("api:schema", "/api/v1/schema/", everybody(200, anonymous=401)),
    Row("api:docs", "/api/v1/docs/", everybody(200, anonymous=401)),
    Row("api:client_list", "/api/v1/clients/", everybody(200, anonymous=401)),
    Row("api:client", "/api/v1/clients/1/", of_the_agency(200, anonymous=401)),
    Row("api:score", "/api/v1/clients/1/score/", of_the_agency(200, anonymous=401)),
    Row("api:explanation", "/api/v1/clients/1/explanation/", of_the_agency(404, anonymous=401)),
    Row("api:explanation", "/api/v1/clients/1/explanation/", of_the_agency(400, auditor=403, anonymous=401), "post"),
    Row("api:ficp", "/api/v1/clients/1/ficp/", of_the_agency(200, anonymous=401)),
    Row("api:ficp", "/api/v1/clients/1/ficp/", for_casework(400, anonymous=401), "post"),
    Row("api:decision_list", "/api/v1/clients/1/decisions/", of_the_agency(200, anonymous=401)),
    Row("api:decision_list", "/api/v1/clients/1/decisions/", for_casework(400, anonymous=401), "post"),
    Row("api:countersign", "/api/v1/decisions/1/countersign/", (401, 403, 403, 400, 403, 403), "post"),
    Row("api:decision_reviews", "/api/v1/decisions/1/reviews/", of_the_agency(200, anonymous=401)),
    Row("api:decision_reviews", "/api/v1/decisions/1/reviews/", for_casework(400, anonymous=401), "post"),
    Row("api:open_reviews", "/api/v1/reviews/", everybody(200, anonymous=401)),
    Row("api:close_review", "/api/v1/reviews/1/close/", for_casework(400, anonymous=401), "post"),
    Row("api:comparison", "/api/v1/clients/1/comparison/", of_the_agency(404, anonymous=401)),
    Row("api:population", "/api/v1/population/", everybody(404, anonymous=401)),
    Row("api:client_list", "/api/v1/clients/", (401, 400, 400, 400, 403, 400), "post"),
    Row("api:client", "/api/v1/clients/1/", of_the_agency(400, auditor=403, anonymous=401), "patch"),
    Row("api:simulation", "/api/v1/clients/1/simulations/", of_the_agency(400, anonymous=401), "post"),
    Row("api:scenario_list", "/api/v1/clients/1/scenarios/", of_the_agency(200, anonymous=401)),
    Row("api:scenario_list", "/api/v1/clients/1/scenarios/", of_the_agency(400, auditor=403, anonymous=401), "post"),
    Row("api:recourse", "/api/v1/clients/1/recourse/", of_the_agency(400, anonymous=401)),
    Row("api:adhoc_score", "/api/v1/score/", everybody(400, anonymous=401), "post"),
    Row("api:current_model", "/api/v1/models/current/", everybody(200, anonymous=401)),
    Row("api:model_list", "/api/v1/models/", everybody(200, anonymous=401)),
    Row("api:model", "/api/v1/models/1/", everybody(200, anonymous=401)),
    Row("api:model_metrics", "/api/v1/models/1/metrics/", everybody(404, anonymous=401)),
    Row("api:policy_list", "/api/v1/models/1/policies/", everybody(200, anonymous=401)),
    Row("api:policy_list", "/api/v1/models/1/policies/", (401, 403, 403, 403, 403, 400), "post"),
    Row(
        "api:threshold_simulation",
        "/api/v1/models/1/threshold-simulations/",
        (401, 403, 403, 403, 403, 404),
        "post",
    ),
    Row("api:suspend_model", "/api/v1/models/1/suspend/", (401, 403, 403, 403, 403, 400), "post"),
    Row("api:resume_model", "/api/v1/models/1/resume/", (401, 403, 403, 403, 403, 400), "post"),
    Row("api:report_list", "/api/v1/monitoring/reports/", (401, 403, 403, 200, 200, 200)),
    Row("api:report_list", "/api/v1/monitoring/reports/", (401, 403, 403, 400, 400, 400), "post"),
    Row("api:report", "/api/v1/monitoring/reports/1/", (401, 403, 403, 404, 404, 404)),
    Row("api:feature_list", "/api/v1/features/", everybody(200, anonymous=401)),
    Row("vision:run_list", "/vision/", everybody(200)),
    Row("vision:run", "/vision/runs/1/", everybody(200)),
    Row("vision:run_progress", "/vision/runs/1/progress/", everybody(200)),
    Row("vision:contender", "/vision/runs/1/contenders/vgg16-narrow/", everybody(200)),
    Row("vision:gallery", "/vision/runs/1/images/?contender=vgg16-narrow", everybody(200)),
    Row("vision:face_to_face", "/vision/runs/1/face-to-face/", everybody(200)),
    Row("vision:run_json", "/vision/runs/1/export.json", everybody(200)),
    Row("vision:run_csv", "/vision/runs/1/export.csv", everybody(200)),
    Row("vision:try_image", "/vision/runs/1/try/", (302, 200, 200, 200, 403, 200)),
    Row("vision:try_image", "/vision/runs/1/try/", (302, 422, 422, 422, 403, 422), "post"),
    Row("vision:trial", f"/vision/trials/{TRIAL}/", (302, 200, 404, 404, 200, 200)),
    Row("vision:trial_answers", f"/vision/trials/{TRIAL}/answers/", (302, 200, 404, 404, 200, 200)),
    Row("vision:trial_image", f"/vision/trials/{TRIAL}/image.jpg", (302, 200, 404, 404, 200, 200)),
    Row("vision:dataset_list", "/vision/data/", everybody(200)),
    Row("vision:dataset", "/vision/data/shop-1/", everybody(200)),
    Row("vision:image", "/vision/images/shop-1/unknown.jpg", everybody(404)),
    Row("api:dataset_list", "/api/v1/vision/data-sets/", everybody(200, anonymous=401)),
    Row("api:dataset_list", "/api/v1/vision/data-sets/", (401, 403, 403, 403, 403, 415), "post"),
    Row("api:dataset", "/api/v1/vision/data-sets/shop-1/", everybody(200, anonymous=401)),
    Row("api:contender_list", "/api/v1/vision/contenders/", everybody(200, anonymous=401)),
    Row("api:run_list", "/api/v1/vision/runs/", everybody(200, anonymous=401)),
    Row("api:run_list", "/api/v1/vision/runs/", (401, 403, 403, 403, 403, 400), "post"),
    Row("api:run", "/api/v1/vision/runs/1/", everybody(200, anonymous=401)),
    Row("api:run_cancel", "/api/v1/vision/runs/1/cancel/", (401, 403, 403, 403, 403, 202), "post"),
    Row("api:run_comparison", "/api/v1/vision/runs/1/comparison/", everybody(400, anonymous=401)),
    Row("api:trial_list", "/api/v1/vision/runs/1/trials/", (401, 415, 415, 415, 403, 415), "post"),
    Row("api:original_study", "/api/v1/vision/original-study/", (401, 403, 403, 403, 403, 400), "post"),
    Row("api:result", "/api/v1/vision/results/1/", everybody(200, anonymous=401)),
    Row("api:predictions", "/api/v1/vision/results/1/predictions/", everybody(200, anonymous=401)),
    Row("api:trial", f"/api/v1/vision/trials/{TRIAL}/", (401, 200, 404, 404, 200, 200)),
)
