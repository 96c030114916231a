#include "state/replay.h"

Str text_of(const Replay *replay, Sym sym)
{
    return sym_str(&replay->workspace->interner, sym);
}

Sym state_lower(Workspace *workspace, Sym name)
{
    Str text = sym_str(&workspace->interner, name);
    bool same = true;
    for (size_t i = 0; i < text.len; i++)
        same &= text.ptr[i] < 'A' || text.ptr[i] > 'Z';
    if (same)
        return name;
    StrBuf folded = {0};
    for (size_t i = 0; i < text.len; i++) {
        bool upper = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
        strbuf_byte(&folded, upper ? (char)(text.ptr[i] + 'a' - 'A') : text.ptr[i]);
    }
    Sym sym = intern(&workspace->interner, strbuf_str(&folded));
    strbuf_free(&folded);
    return sym;
}

Sym lower(Replay *replay, Sym name)
{
    uint32_t known = map_get(&replay->lowered, name, UINT32_MAX);
    if (known == UINT32_MAX) {
        known = state_lower(replay->workspace, name);
        map_set(&replay->lowered, name, known);
    }
    return known;
}

Sym state_lowered(const State *state, Sym name)
{
    return lower(state->replay, name);
}

static const Value *value_of(ValueRef ref)
{
    return ref.id ? value_at(&ref.module->values, ref.id) : NULL;
}

/* The setting that a name is, or SYM_NONE. */
static Sym setting_of(Replay *replay, ValueRef name)
{
    Str prefix = S("django.conf.settings.");
    Str path = text_of(replay, value_of(name)->u.text);
    return str_starts(path, prefix)
               ? intern(&replay->workspace->interner, str_sub(path, prefix.len, path.len))
               : SYM_NONE;
}

static ValueRef setting_value(Replay *replay, Sym setting)
{
    return workspace_setting(replay->workspace, replay->project, setting).value;
}

ValueRef follow(Replay *replay, ValueRef value)
{
    if (!value.id || value_of(value)->kind != VALUE_NAME)
        return value;
    ValueRef found = workspace_value(replay->workspace, value);
    Sym setting = value_of(found)->kind == VALUE_NAME ? setting_of(replay, found) : SYM_NONE;
    if (!setting)
        return found;
    ValueRef set = setting_value(replay, setting);
    return set.id ? set : found;
}

Sym string_of(Replay *replay, ValueRef ref)
{
    ValueRef found = follow(replay, ref);
    const Value *value = value_of(found);
    bool known = value && value->kind == VALUE_STRING && !(value->flags & VALUE_MAYBE);
    return known && !(value_of(ref)->flags & VALUE_MAYBE) ? value->u.text : SYM_NONE;
}

bool is_true(Replay *replay, ValueRef ref)
{
    const Value *value = value_of(follow(replay, ref));
    return value && ((value->kind == VALUE_BOOL && value->u.boolean) ||
                     (value->kind == VALUE_INT && value->u.integer));
}

Place value_place(ValueRef value)
{
    return value.id ? (Place){value.module->path, value_of(value)->span} : (Place){0};
}

/* Where Django's deconstruct() says a class of its own is. */
static Sym canonical(Replay *replay, Sym path)
{
    static const char *const inner[] = {"related.",   "files.",     "json.", "proxy.",
                                        "generated.", "composite.", ""};
    Interner *in = &replay->workspace->interner;
    Str text = sym_str(in, path);
    Str head = S("django.db.models.fields.");
    if (!str_starts(text, head))
        return path;
    Str rest = str_sub(text, head.len, text.len);
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
        if (str_starts(rest, str(inner[i]))) {
            rest = str_sub(rest, strlen(inner[i]), rest.len);
            break;
        }
    return intern(in, arena_printf(replay->arena, "django.db.models.%.*s", STR_ARG(rest)));
}

/* `import_string("package.module.Class")` is that class. */
static Sym imported(Replay *replay, ValueRef call)
{
    ValueRef callee = {call.module, value_callee(&call.module->values, value_of(call))};
    Str path = text_of(replay, workspace_path(replay->workspace, callee));
    if (!str_eq(path, S("django.utils.module_loading.import_string")))
        return SYM_NONE;
    return string_of(replay, call_arg(replay, call, WORD_DOTTED_PATH, 0).value);
}

Sym call_class(Replay *replay, ValueRef call)
{
    const Value *value = value_of(call);
    if (!value || value->kind != VALUE_CALL || value->flags & VALUE_MAYBE)
        return SYM_NONE;
    const Values *values = &call.module->values;
    ValueRef callee = {call.module, value_callee(values, value)};
    if (value_of(callee)->flags & VALUE_MAYBE)
        return SYM_NONE;
    if (value_of(callee)->kind == VALUE_CALL)
        return canonical(replay, imported(replay, callee));
    return canonical(replay, workspace_path(replay->workspace, callee));
}

StateTarget target_from_text(Replay *replay, Sym sym, Sym app, Sym model_lower)
{
    Interner *in = &replay->workspace->interner;
    Str text = sym_str(in, sym);
    StateTarget target = {.given = true, .text = sym};
    size_t dot = str_find(text, '.');
    if (sym == word(replay, WORD_SELF)) {
        target.app = app;
        target.model = model_lower;
    } else if (dot == text.len) {
        target.app = app;
        target.model = lower(replay, sym);
    } else {
        target.app = intern(in, str_sub(text, 0, dot));
        target.model = lower(replay, intern(in, str_sub(text, dot + 1, text.len)));
    }
    return target;
}

/* AUTH_USER_MODEL as this project has it; one without settings is a library, and its tests say. */
static Sym user_model(Replay *replay)
{
    const Workspace *workspace = replay->workspace;
    Setting setting = replay->project->settings.auth_user_model;
    bool library = !replay->project->settings.path_count;
    for (uint32_t p = 0; library && p < workspace->project_count && !setting.value.id; p++) {
        if (setting.contradictory)
            return SYM_NONE;
        setting = workspace->projects[p].settings.auth_user_model;
    }
    if (setting.contradictory)
        return SYM_NONE;
    return setting.value.id ? string_of(replay, setting.value)
                            : intern(&replay->workspace->interner, S("auth.User"));
}

static StateTarget target_of_setting(Replay *replay, Str name, Sym app, Sym model_lower)
{
    StateTarget target = {.given = true};
    Sym setting = intern(&replay->workspace->interner, name);
    Sym text = str_eq(name, S("AUTH_USER_MODEL"))
                   ? user_model(replay)
                   : string_of(replay, setting_value(replay, setting));
    if (text)
        target = target_from_text(replay, text, app, model_lower);
    target.setting = setting;
    return target;
}

StateTarget user_target(Replay *replay)
{
    return target_of_setting(replay, S("AUTH_USER_MODEL"), SYM_NONE, SYM_NONE);
}

StateTarget read_target(Replay *replay, ValueRef written, Sym app, Sym model_lower)
{
    if (!written.id)
        return (StateTarget){0};
    const Value *value = value_of(written);
    if (value->kind == VALUE_NAME && !(value->flags & VALUE_MAYBE)) {
        Str path = text_of(replay, workspace_path(replay->workspace, written));
        if (str_starts(path, S("django.conf.settings.")))
            return target_of_setting(replay, str_sub(path, 21, path.len), app, model_lower);
    }
    Sym text = string_of(replay, written);
    if (text)
        return target_from_text(replay, text, app, model_lower);
    const Value *followed = value_of(follow(replay, written));
    return (StateTarget){.given = followed->kind != VALUE_NONE};
}

StateTarget state_target(const State *state, ValueRef value, Sym app, Sym model_lower)
{
    return read_target(state->replay, value, app, model_lower);
}

StateTarget state_user_model(const State *state)
{
    return user_target(state->replay);
}

StateField state_field(const State *state, ValueRef call, Sym name, Sym app, Sym model_lower)
{
    return read_field(state->replay, call, name, app, model_lower);
}

ValueRef state_value(const State *state, ValueRef value)
{
    return follow(state->replay, value);
}

Sym state_path(const State *state, ValueRef value)
{
    const Value *at = value_of(value);
    if (!at)
        return SYM_NONE;
    if (at->kind == VALUE_CALL)
        return call_class(state->replay, value);
    return canonical(state->replay, workspace_path(state->replay->workspace, value));
}
