#include "cli/cli.h"

MigralintSelection selection_of(const Settings *settings, const Session *session)
{
    return (MigralintSelection){
        .select = option_list(settings, OPTION_SELECT),
        .ignore = option_list(settings, OPTION_IGNORE),
        .severities = option_list(settings, OPTION_SEVERITY),
        .path_ignores = option_list(settings, OPTION_PER_PATH_IGNORES),
        .app_ignores = option_list(settings, OPTION_PER_APP_IGNORES),
        .only_paths = {session->target.only.items, session->target.only.count},
    };
}

/* Only one at a time can be told where it stands. */
static bool holds(Migralint *migralint, OptionId id, MigralintList one, MigralintError *why)
{
    MigralintSelection selection = {0};
    if (id == OPTION_SELECT)
        selection.select = one;
    if (id == OPTION_IGNORE)
        selection.ignore = one;
    if (id == OPTION_SEVERITY)
        selection.severities = one;
    if (id == OPTION_PER_PATH_IGNORES)
        selection.path_ignores = one;
    if (id == OPTION_PER_APP_IGNORES)
        selection.app_ignores = one;
    return migralint_selection_holds(migralint, &selection, why);
}

static bool all_hold(const OptionValue *value, OptionId id, Migralint *migralint, Error *err)
{
    for (uint32_t i = 0; i < value->items.count; i++) {
        MigralintError why = {0};
        if (!holds(migralint, id, (MigralintList){&value->items.items[i], 1}, &why))
            return error_set(err, "%s: %s", value->places.items[i], why.text);
    }
    return true;
}

bool selectors_hold(const Settings *settings, Migralint *migralint, Error *err)
{
    static const OptionId ids[] = {OPTION_SELECT, OPTION_IGNORE, OPTION_SEVERITY,
                                   OPTION_PER_PATH_IGNORES, OPTION_PER_APP_IGNORES};
    MigralintError why = {0};
    if (!migralint_selection_holds(migralint, &(MigralintSelection){0}, &why))
        return error_from(err, &why); /* the rules themselves are wrong */
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const OptionValue *value = &settings->values[ids[i]];
        if (value->origin == FROM_FILE && !all_hold(value, ids[i], migralint, err))
            return false;
    }
    return true;
}
