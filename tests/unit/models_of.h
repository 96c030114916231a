#ifndef MIGRALINT_TESTS_MODELS_OF_H
#define MIGRALINT_TESTS_MODELS_OF_H

/* The models of a small project in memory, and what makemigrations would write, as texts. */

#include "state_of.h"

#include "models/drift.h"

#include <string.h>

typedef struct TestModels {
    TestState test;
    Registry registry;
    Drift drift;
} TestModels;

#define MODELS_HEAD                                                                                \
    "import datetime\nimport uuid\nfrom decimal import Decimal\n"                                  \
    "from django.conf import settings\nfrom django.db import models\n"                             \
    "from django.utils.translation import gettext_lazy as _\nimport b.things\n"
#define MIGRATION_HEAD                                                                             \
    "import datetime\nimport uuid\nfrom decimal import Decimal\n"                                  \
    "import django.db.models.deletion\nimport a.models\nimport b.things\n"                         \
    "from django.conf import settings\nfrom django.db import migrations, models\n\n\n"             \
    "class Migration(migrations.Migration):\n    operations = [\n%s\n    ]\n"
#define ID                                                                                         \
    "('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, "            \
    "verbose_name='ID')), "

/* App "a" with its one migration and models.py, beside a module b/things.py. */
static inline void models_of(TestModels *of, const char *operations, const char *models,
                             const char *things)
{
    Arena *arena = &of->test.arena;
    *of = (TestModels){0};
    MemoryFile *files = arena_array(arena, MemoryFile, 8);
    files[0] = (MemoryFile){S("a/__init__.py"), S("")};
    files[1] = (MemoryFile){S("a/migrations/0001_one.py"),
                            arena_printf(arena, MIGRATION_HEAD, operations)};
    files[2] = (MemoryFile){S("a/migrations/__init__.py"), S("")};
    files[3] = (MemoryFile){S("a/models.py"), arena_printf(arena, MODELS_HEAD "%s", models)};
    files[4] = (MemoryFile){S("b/__init__.py"), S("")};
    files[5] = (MemoryFile){S("b/things.py"), str(things)};
    files[6] =
        (MemoryFile){S("manage.py"),
                     S("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n")};
    files[7] =
        (MemoryFile){S("settings.py"), S("INSTALLED_APPS = ['a']\nNAME_LENGTH = 7\n"
                                         "DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n")};
    state_of(&of->test, files, 8);
    registry_read(&of->registry, &of->test.at.workspace, &of->test.state, arena);
    of->drift = drift_find(&of->registry, &of->test.state, arena);
}

static inline void models_done(TestModels *of)
{
    registry_free(&of->registry);
    state_done(&of->test);
}

static inline const char *details_in(TestModels *of, const Change *change)
{
    Str text = S("");
    for (uint32_t i = 0; i < change->details.count; i++) {
        const Detail *detail = &change->details.items[i];
        Str name = detail->kind == DETAIL_CLASS ? S("class") : text_in(&of->test, detail->name);
        text =
            arena_printf(&of->test.arena, "%.*s%s%.*s", STR_ARG(text), i ? " " : "", STR_ARG(name));
    }
    return text.len ? arena_printf(&of->test.arena, "[%.*s]", STR_ARG(text)).ptr : "";
}

/* "AddField post.slug, AlterField post.title[max_length]", in the order of the drift. */
static inline const char *changes_in(TestModels *of)
{
    Str text = S("");
    for (uint32_t i = 0; i < of->drift.count; i++) {
        const Change *change = &of->drift.items[i];
        Str model = text_in(&of->test, change->model), name = text_in(&of->test, change->name);
        Str to = text_in(&of->test, change->to);
        text = arena_printf(&of->test.arena, "%.*s%s%s %.*s%s%.*s%s%.*s%s", STR_ARG(text),
                            i ? ", " : "", change_operation(change->kind), STR_ARG(model),
                            name.len ? "." : "", STR_ARG(name), to.len ? ">" : "", STR_ARG(to),
                            details_in(of, change));
    }
    return arena_str(&of->test.arena, text).ptr;
}

/* What makemigrations would write after these operations, with b/things.py as it is given. */
static inline void check_drift_with(const char *things, const char *operations, const char *models,
                                    const char *expected)
{
    TestModels of;
    models_of(&of, operations, models, things);
    const char *changes = changes_in(&of);
    if (strcmp(changes, expected) != 0)
        fail_msg("after\n%s\n%s\nmakemigrations writes \"%s\", not \"%s\"", operations, models,
                 expected, changes);
    models_done(&of);
}

static inline void check_drift(const char *operations, const char *models, const char *expected)
{
    check_drift_with("", operations, models, expected);
}

/* One model Post whose field x the migration makes like `before`, and the class like `after`. */
static inline void check_field_with(const char *things, const char *before, const char *after,
                                    const char *expected)
{
    char operations[2000], models[2000], changes[200];
    snprintf(operations, sizeof operations, "migrations.CreateModel('Post', [" ID "('x', %s)])",
             before);
    snprintf(models, sizeof models, "class Post(models.Model):\n    x = %s\n", after);
    snprintf(changes, sizeof changes, *expected ? "AlterField post.x[%s]" : "%s", expected);
    check_drift_with(things, operations, models, changes);
}

static inline void check_field(const char *before, const char *after, const char *expected)
{
    check_field_with("", before, after, expected);
}

/* "id a b:maybe", those that Django makes in parentheses; "?" behind what may have others. */
static inline const char *class_fields_in(TestModels *of, const char *lower)
{
    const Model *model =
        registry_model(&of->registry, sym_in(&of->test, "a"), sym_in(&of->test, lower));
    if (!model)
        return "no model";
    Str text = S("");
    for (uint32_t i = 0; i < model->field_count; i++) {
        const ModelField *field = &model->fields[i];
        Str name = text_in(&of->test, field->field.name);
        text = arena_printf(&of->test.arena, "%.*s%s%s%.*s%s%s", STR_ARG(text), i ? " " : "",
                            field->implicit ? "(" : "", STR_ARG(name),
                            field->there == MAYBE ? ":maybe" : "", field->implicit ? ")" : "");
    }
    if (model->fields_open)
        text = arena_printf(&of->test.arena, "%.*s ?", STR_ARG(text));
    return arena_str(&of->test.arena, text).ptr;
}

/* "ordering verbose_name", those of Meta in their order. */
static inline const char *class_options_in(TestModels *of, const char *lower)
{
    const Model *model =
        registry_model(&of->registry, sym_in(&of->test, "a"), sym_in(&of->test, lower));
    assert_non_null(model);
    Str text = S("");
    for (uint32_t i = 0; i < model->option_count; i++)
        text = arena_printf(&of->test.arena, "%.*s%s%.*s", STR_ARG(text), i ? " " : "",
                            STR_ARG(text_in(&of->test, model->options[i].name)));
    if (model->options_open)
        text = arena_printf(&of->test.arena, "%.*s ?", STR_ARG(text));
    return arena_str(&of->test.arena, text).ptr;
}

static inline void check_fields(const char *models, const char *lower, const char *expected)
{
    TestModels of;
    models_of(&of, "", models, "");
    assert_string_equal(class_fields_in(&of, lower), expected);
    models_done(&of);
}

static inline void check_options(const char *models, const char *lower, const char *expected)
{
    TestModels of;
    models_of(&of, "", models, "");
    assert_string_equal(class_options_in(&of, lower), expected);
    models_done(&of);
}

#endif
