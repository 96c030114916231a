#include "cli/cli.h"

static bool fails(const Settings *settings, MigralintCounts counts)
{
    const char *fail_on = option_value(settings, OPTION_FAIL_ON);
    if (!strcmp(fail_on, "never"))
        return false;
    if (!strcmp(fail_on, "error"))
        return counts.errors;
    return counts.errors || counts.warnings || (!strcmp(fail_on, "info") && counts.infos);
}

static bool write_reports(const Session *session, const Settings *settings, Outputs *outputs,
                          Error *err)
{
    MigralintError why = {0};
    MigralintReportOptions options = {
        .fail_on = option_value(settings, OPTION_FAIL_ON),
        .level = option_value(settings, OPTION_LEVEL),
        .path_prefix = session->target.prefix,
        .repository_prefix = session->target.repository_prefix,
        .statistics = option_on(settings, OPTION_STATISTICS),
        .show_suppressed = option_on(settings, OPTION_SHOW_SUPPRESSED),
        .seconds = now_seconds() - settings->started,
        .base = option_on(settings, OPTION_BASE) ? session->branches[0].handles.fork : NULL,
    };
    for (uint32_t i = 0; i < outputs->count; i++) {
        Output *output = &outputs->items[i];
        options.color = output->color;
        if (!migralint_write_report(session->migralint, output->format, &options, &output->text,
                                    &why))
            return error_from(err, &why);
    }
    return true;
}

static bool check(Session *session, Settings *settings, Outputs *outputs, Error *err)
{
    MigralintError why = {0};
    if (!session_open(session, settings, err) ||
        !selectors_hold(settings, session->migralint, err) ||
        (option_on(settings, OPTION_CHANGED) &&
         !git_only_changed(&session->target, &settings->arena, err)))
        return false;
    if (!option_on(settings, OPTION_NO_BASELINE) &&
        (!baseline_find(session, settings, err) || !baseline_load(session, err)))
        return false;
    MigralintSelection selection = selection_of(settings, session);
    selection.baseline = session->baseline;
    if (!branches_open(session, settings, &selection, err))
        return false;
    if (!migralint_check(session->migralint, &selection, &why))
        return error_from(err, &why);
    return outputs_of(settings, outputs, err) && write_reports(session, settings, outputs, err);
}

ExitCode run_check(Settings *settings)
{
    Session session = {0};
    Outputs outputs = {0};
    Error err = {0};
    ExitCode code = CODE_USAGE;
    if (check(&session, settings, &outputs, &err)) {
        code = outputs_write(&outputs);
        if (code == CODE_OK && fails(settings, migralint_counts(session.migralint)))
            code = CODE_FINDINGS;
    } else {
        refuse(&err);
    }
    outputs_free(&outputs);
    session_close(&session);
    return code;
}
