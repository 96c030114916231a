#include "rules/match.h"

#include "rules/arguments.h"
#include "rules/fields.h"
#include "rules/match_types.h"
#include "rules/operand.h"

/* What the conditions are asked about. */
typedef struct Candidate {
    RuleContext *context;
    const Match *match;
    const Migration *migration;
    const Operation *operation;
    Operand operand;
} Candidate;

static bool any_glob(const Str *patterns, uint32_t count, Str text)
{
    for (uint32_t i = 0; i < count; i++)
        if (glob_match_folded(patterns[i], text))
            return true;
    return false;
}

/* --- the operation itself ----------------------------------------------- */

static bool right_operation(const Match *match, const Interner *interner,
                            const Operation *operation)
{
    if (operation->kind != OPERATION_OPAQUE && match->operations >> operation->kind & 1)
        return true;
    Str path = operation->class_path ? sym_str(interner, operation->class_path) : (Str){0};
    for (uint32_t i = 0; path.len && i < match->class_count; i++)
        if (glob_match(match->classes[i], path))
            return true;
    return false;
}

static Truth arguments_match(const Candidate *candidate)
{
    const Match *match = candidate->match;
    Truth all = YES;
    for (uint32_t i = 0; all != NO && i < match->arguments.count; i++) {
        const NamedCondition *named = &match->arguments.items[i];
        Subject subject = operation_argument(&candidate->context->workspace->interner,
                                             candidate->operation, named->name);
        all = truth_and(all, condition_test(&named->condition, &subject));
    }
    return all;
}

/* --- its field ---------------------------------------------------------- */

static Truth class_matches(const Match *match, Str path)
{
    Truth any = match->field_class_count ? NO : YES;
    for (uint32_t i = 0; i < match->field_class_count; i++)
        any = truth_or(any, field_is_class(path, match->field_classes[i]));
    return any;
}

static Truth definition_matches(const Candidate *candidate, ValueRef call)
{
    const Match *match = candidate->match;
    const Interner *interner = &candidate->context->workspace->interner;
    Str path = call_path(interner, call);
    Truth all = class_matches(match, path);
    if (match->column != DEMAND_NOTHING)
        all = truth_and(all, path.len ? demand(match->column, field_has_column(path)) : MAYBE);
    for (uint32_t i = 0; all != NO && i < match->keywords.count; i++) {
        const NamedCondition *named = &match->keywords.items[i];
        Subject subject = call_argument(interner, call, named->name);
        all = truth_and(all, condition_test(&named->condition, &subject));
    }
    return all;
}

/* The field that the operation brings, else the one it names as it was before. */
static Truth field_matches(const Candidate *candidate)
{
    const Operation *operation = candidate->operation;
    if (!candidate->match->field)
        return YES;
    if (operation->kind == OPERATION_ADD_FIELD || operation->kind == OPERATION_ALTER_FIELD) {
        Subject field =
            operation_argument(&candidate->context->workspace->interner, operation, S("field"));
        return field.given == YES
                   ? definition_matches(candidate, (ValueRef){field.module, field.value})
                   : MAYBE;
    }
    StateField field;
    return operand_field(&candidate->operand, &field) ? definition_matches(candidate, field.call)
                                                      : MAYBE;
}

/* --- its table and migration -------------------------------------------- */

static Truth table_matches(const Candidate *candidate)
{
    const Match *match = candidate->match;
    Truth all = YES;
    if (match->table_count) {
        Str model = operation_model(&candidate->context->workspace->interner, candidate->operation);
        const App *app = &candidate->context->project->apps[candidate->migration->app];
        Str label = context_str(candidate->context, app->label);
        Str table =
            arena_printf(candidate->context->scratch, "%.*s.%.*s", STR_ARG(label), STR_ARG(model));
        all = model.len ? truth(any_glob(match->tables, match->table_count, table)) : MAYBE;
    }
    if (all != NO && match->table_new != DEMAND_NOTHING)
        all = truth_and(all, demand(match->table_new, operand_new(&candidate->operand)));
    if (all != NO && match->managed != DEMAND_NOTHING)
        all = truth_and(all, demand(match->managed, operand_managed(&candidate->operand)));
    return all;
}

static Truth flag_of(ValueRef ref, Truth otherwise)
{
    if (ref.id == VALUE_ABSENT)
        return otherwise;
    const Value *value = ref.module ? value_at(&ref.module->values, ref.id) : NULL;
    if (!value || value->kind != VALUE_BOOL || value->flags & VALUE_MAYBE)
        return value && value->kind == VALUE_NONE ? otherwise : MAYBE;
    return truth(value->u.boolean);
}

/* Django's rule where `initial` is not written: no dependency on the own app. */
static Truth without_parents(const RuleContext *context, const Migration *migration)
{
    Truth initial = migration->dependencies.open ? MAYBE : YES;
    for (uint32_t i = 0; i < migration->dependencies.count; i++) {
        const Dependency *dependency = &migration->dependencies.items[i];
        if (dependency->app == context->project->apps[migration->app].label)
            initial = truth_and(initial, dependency->maybe ? MAYBE : NO);
    }
    return initial;
}

static Truth migration_matches(const RuleContext *context, const Match *match,
                               const Migration *migration)
{
    Truth all = demand(match->atomic, flag_of(migration->atomic, YES));
    if (match->initial == DEMAND_NOTHING)
        return all;
    Truth initial = flag_of(migration->initial, without_parents(context, migration));
    return truth_and(all, demand(match->initial, initial));
}

/* --- reporting ---------------------------------------------------------- */

static Str shown_argument(const Candidate *candidate, Str name)
{
    const Interner *interner = &candidate->context->workspace->interner;
    Subject subject = operation_argument(interner, candidate->operation, name);
    if (subject.given != YES)
        return (Str){0};
    const Value *value = value_at(&subject.module->values, subject.value);
    bool text = value->kind == VALUE_STRING || value->kind == VALUE_NAME;
    return text ? sym_str(interner, value->u.text) : (Str){0};
}

static Str placeholder(const void *self, const TemplatePart *part, Arena *arena)
{
    const Candidate *candidate = self;
    const Interner *interner = &candidate->context->workspace->interner;
    (void)arena;
    if (str_eq(part->name, S("app")))
        return sym_str(interner,
                       candidate->context->project->apps[candidate->migration->app].label);
    if (str_eq(part->name, S("migration")))
        return sym_str(interner, candidate->migration->name);
    if (str_eq(part->name, S("model")))
        return operation_model(interner, candidate->operation);
    if (str_eq(part->name, S("field")))
        return operation_field(interner, candidate->operation);
    if (str_eq(part->name, S("argument")))
        return shown_argument(candidate, part->text);
    return candidate->operation->kind == OPERATION_OPAQUE
               ? str_tail(sym_str(interner, candidate->operation->class_path), '.')
               : str(operation_name(candidate->operation->kind));
}

/* A value that is a name may have the span of what it was bound to, far from
 * the call. */
static bool inside(Span inner, Span outer)
{
    return inner.start >= outer.start && inner.end <= outer.end && inner.end > inner.start;
}

/* The argument that `at` names, else the operation's name, where they stand in
 * the migration's own file. */
static Place place_of(const Candidate *candidate)
{
    const Operation *operation = candidate->operation;
    const Module *module = operation->call.module;
    if (!module || operation->call.id == VALUE_ABSENT ||
        !str_eq(module->path, operation->place.path))
        return operation->place;
    const Values *values = &module->values;
    const Value *call = value_at(values, operation->call.id);
    Subject at = {0};
    if (call->kind != VALUE_CALL)
        return operation->place;
    if (candidate->match->at.len)
        at = operation_argument(&candidate->context->workspace->interner, operation,
                                candidate->match->at);
    Span callee = value_at(values, value_callee(values, call))->span;
    if (at.value != VALUE_ABSENT && inside(value_at(values, at.value)->span, call->span))
        return (Place){module->path, value_at(values, at.value)->span};
    return (Place){module->path, inside(callee, call->span) ? callee : call->span};
}

static void report_candidate(const Candidate *candidate)
{
    RuleContext *context = candidate->context;
    const Match *match = candidate->match;
    Str message = template_render(&match->message, placeholder, candidate, context->scratch);
    Finding *finding = report_migration(context, candidate->migration, place_of(candidate), "%.*s",
                                        STR_ARG(message));
    if (!match->help.count)
        return;
    Str help = template_render(&match->help, placeholder, candidate, context->scratch);
    finding_help(context, finding, "%.*s", STR_ARG(help));
}

/* What an operation of the database alone makes of the model or field is not in the state. */
static bool redefines(const Operation *operation)
{
    switch (operation->kind) {
    case OPERATION_CREATE_MODEL:
    case OPERATION_RENAME_MODEL:
    case OPERATION_ADD_FIELD:
    case OPERATION_ALTER_FIELD:
    case OPERATION_RENAME_FIELD:
    case OPERATION_OPAQUE:
        return true;
    default:
        return false;
    }
}

static bool is_candidate(const Match *match, const Interner *interner, const Operation *operation)
{
    return !operation->maybe && right_operation(match, interner, operation) &&
           demand(match->database, truth(operation->database)) == YES &&
           demand(match->state, truth(operation->state)) == YES;
}

void match_operations(RuleContext *context, const Match *match, const Migration *migration)
{
    const Interner *interner = &context->workspace->interner;
    bool redefined = false; /* by operations of the database alone that stand together */
    for (uint32_t i = 0; i < migration->operation_count; i++) {
        const Operation *operation = &migration->operations[i];
        redefined &= !operation->state;
        if (is_candidate(match, interner, operation)) {
            Candidate candidate = {context, match, migration, operation,
                                   operand_of(context, migration, operation)};
            if (redefined)
                candidate.operand.model = MODEL_NONE;
            if (arguments_match(&candidate) == YES && table_matches(&candidate) == YES &&
                field_matches(&candidate) == YES)
                report_candidate(&candidate);
        }
        redefined |= !operation->state && redefines(operation);
    }
}

void match_run(RuleContext *context)
{
    const Match *match = context->rule->match;
    for (uint32_t i = 0; i < context->project->migration_count; i++) {
        const Migration *migration = &context->project->migrations[i];
        const App *app = &context->project->apps[migration->app];
        if (app->origin != APP_OWN || migration->status != MIGRATION_READ || !migration->module)
            continue;
        if (match->app_count &&
            !any_glob(match->apps, match->app_count, context_str(context, app->label)))
            continue;
        if (migration_matches(context, match, migration) == YES)
            (match->import ? match_imports : match_operations)(context, match, migration);
    }
}
