#include "rules/labels.h"

#include "link/tables.h"

/* Lower-cased, without what people put between words. */
static Str plain(const RuleContext *context, Str text)
{
    char *copy = arena_alloc(context->scratch, text.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_' && text.ptr[i] != '-')
            copy[len++] =
                (char)(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? text.ptr[i] | 0x20 : text.ptr[i]);
    return (Str){copy, len};
}

/* Labels need not be the last component of a module's name. */
static bool is_like_installed(const RuleContext *context, Str label)
{
    const Settings *settings = &context->project->settings;
    Str wanted = plain(context, label);
    for (uint32_t i = 0; i < settings->installed_count; i++) {
        const Value *entry =
            value_at(&settings->installed_apps[i].module->values, settings->installed_apps[i].id);
        Str path = plain(context, context_str(context, entry->u.text));
        for (Str rest = path; rest.ptr;) {
            Str part = str_cut(&rest, '.');
            if (part.len >= 3 && (str_contains(part, wanted) || str_contains(wanted, part)) &&
                !str_eq(part, S("django")) && !str_eq(part, S("contrib")))
                return true;
        }
    }
    return false;
}

bool label_may_be_installed(const RuleContext *context, Str label)
{
    return tables_known_app(context->workspace->tables, label) ||
           is_like_installed(context, label) || !context->project->settings.installed_complete;
}

Severity label_severity(const RuleContext *context)
{
    return context->project->settings.installed_at_hand ? SEVERITY_ERROR : SEVERITY_WARNING;
}

const App *label_near_miss(const RuleContext *context, Str label)
{
    const Project *project = context->project;
    for (AppId id = 0; id < project->app_count; id++) {
        Str other = context_str(context, project->apps[id].label);
        if (project->apps[id].origin == APP_OWN && label.len >= 4 && other.len >= 4 &&
            (str_distance(label, other) <= 1 ||
             str_eq(plain(context, label), plain(context, other))))
            return &project->apps[id];
    }
    return NULL;
}
