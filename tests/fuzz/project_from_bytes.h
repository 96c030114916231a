#ifndef MIGRALINT_TESTS_PROJECT_FROM_BYTES_H
#define MIGRALINT_TESTS_PROJECT_FROM_BYTES_H

/*
 * A small Django project made of any bytes: each choice takes one of them, and the first choice is
 * what is there when they run out. Names come from small pools, so that operations meet one
 * another; about one in sixteen arguments is something that cannot be read or makes no sense.
 */

#include "base/array.h"
#include "base/reader.h"

typedef struct Bytes {
    const uint8_t *data;
    size_t size, at;
} Bytes;

static inline uint32_t pick(Bytes *bytes, uint32_t count)
{
    return bytes->at < bytes->size ? bytes->data[bytes->at++] % count : 0;
}

#define PICK(bytes, ...)                                                                           \
    pick_text((bytes), (const char *const[]){__VA_ARGS__},                                         \
              (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static inline const char *pick_text(Bytes *bytes, const char *const *texts, uint32_t count)
{
    return texts[pick(bytes, count)];
}

enum { MOST_NESTED = 3, MOST_LISTED = 5, MOST_MIGRATIONS = 6 };

/* ---- names ---- */

static inline const char *bad_value(Bytes *bytes)
{
    return PICK(bytes, "NAME", "3", "None", "f'{NAME}'", "b'Pony'", "name()", "''", "*NAMES",
                "**OPTIONS", "[]", "(1, 2)", "own.NAME", "settings.NAME", "'Po' 'ny'",
                "'Po' + 'ny'", "NAMES[0]");
}

static inline bool is_bad(Bytes *bytes)
{
    return pick(bytes, 16) == 15;
}

static inline const char *model_name(Bytes *bytes)
{
    return is_bad(bytes) ? bad_value(bytes)
                         : PICK(bytes, "'Pony'", "'Rider'", "'pony'", "'Tie'", "'PONY'", "'Cart'",
                                "'rider'", "'User'", "'cart'", "'tie'", "own.NAME");
}

static inline const char *field_name(Bytes *bytes)
{
    return is_bad(bytes) ? bad_value(bytes)
                         : PICK(bytes, "'x'", "'y'", "'id'", "'z'", "'x_id'", "'X'", "'pony_ptr'",
                                "'tie'", "own.NAME");
}

static inline const char *index_name(Bytes *bytes)
{
    return is_bad(bytes) ? bad_value(bytes) : PICK(bytes, "'ix'", "'iy'", "'ck'", "'IX'");
}

static inline const char *target_name(Bytes *bytes)
{
    return PICK(bytes, "'a.Pony'", "'Pony'", "'self'", "'b.Rider'", "'rider'",
                "settings.AUTH_USER_MODEL", "'a.Tie'", "'auth.User'", "'c.User'", "Pony", "'a.b.C'",
                "'.'", "swapper.get_model_name('a', 'B')", "'contenttypes.ContentType'");
}

/* ---- what operations are given ---- */

static inline void write_names(Bytes *bytes, StrBuf *out)
{
    static const char *const brackets[] = {"[]", "()", "{}"};
    const char *around = brackets[pick(bytes, 3)];
    uint32_t count = pick(bytes, 4);
    strbuf_byte(out, around[0]);
    for (uint32_t i = 0; i < count; i++)
        strbuf_printf(out, "%s, ", field_name(bytes));
    strbuf_add(out, str(PICK(bytes, "", "", "'-x', ", "*NAMES, ")));
    strbuf_byte(out, around[1]);
}

static inline void write_field(Bytes *bytes, StrBuf *out)
{
    const char *class =
        PICK(bytes, "models.IntegerField", "models.ForeignKey", "models.ManyToManyField",
             "models.CharField", "models.AutoField", "models.OneToOneField", "own.Field", "own.Key",
             "other.Field", "models.GeneratedField", "GenericForeignKey", "unbound", "models.Nope");
    bool relation = strstr(class, "Key") || strstr(class, "To");
    strbuf_printf(out, "%s(", class);
    if (relation && pick(bytes, 16) != 1)
        strbuf_printf(out, "%s%s, ", pick(bytes, 2) ? "to=" : "", target_name(bytes));
    if (pick(bytes, 4) == 1)
        strbuf_printf(out, "through=%s, ", target_name(bytes));
    if (pick(bytes, 4) == 1)
        strbuf_printf(out, "to_field=%s, ", field_name(bytes));
    strbuf_add(out, str(PICK(bytes, "", "primary_key=True, ", "null=True, ", "default=1, ",
                             "default=own.NAME, ", "db_column='x', ", "unique=True, ",
                             "expression=models.F('x'), db_persist=True, ", "**OPTIONS, ")));
    strbuf_add(out, S(")"));
}

static inline void write_index(Bytes *bytes, StrBuf *out)
{
    strbuf_printf(out, "%s(",
                  PICK(bytes, "models.Index", "models.UniqueConstraint", "models.CheckConstraint",
                       "own.Index", "unbound"));
    if (pick(bytes, 4) != 1) {
        strbuf_add(out, S("fields="));
        write_names(bytes, out);
        strbuf_add(out, S(", "));
    }
    if (pick(bytes, 8) != 1)
        strbuf_printf(out, "name=%s", index_name(bytes));
    strbuf_add(out, S(")"));
}

static inline void write_list(Bytes *bytes, StrBuf *out, void (*item)(Bytes *, StrBuf *))
{
    uint32_t count = pick(bytes, MOST_LISTED);
    strbuf_add(out, S("["));
    for (uint32_t i = 0; i < count; i++) {
        item(bytes, out);
        strbuf_add(out, S(", "));
    }
    strbuf_add(out, str(pick(bytes, 16) == 1 ? "*MORE]" : "]"));
}

static inline void write_named_field(Bytes *bytes, StrBuf *out)
{
    strbuf_printf(out, "(%s, ", field_name(bytes));
    write_field(bytes, out);
    strbuf_add(out, S(")"));
}

static inline void write_option(Bytes *bytes, StrBuf *out)
{
    const char *name = PICK(bytes, "'ordering'", "'unique_together'", "'indexes'", "'constraints'",
                            "'managed'", "'proxy'", "'index_together'", "'db_table'",
                            "'order_with_respect_to'", "'swappable'", "NAME");
    strbuf_printf(out, "%s: ", name);
    if (strstr(name, "together") && pick(bytes, 3)) {
        const char *open = PICK(bytes, "[", "{", "set([");
        strbuf_add(out, str(open));
        write_names(bytes, out);
        strbuf_add(out, str(*open == '[' ? "]" : *open == '{' ? "}" : "])"));
    } else if (strstr(name, "indexes") || strstr(name, "constraints")) {
        write_list(bytes, out, write_index);
    } else {
        strbuf_add(out, str(PICK(bytes, "True", "False", "'x'", "[]", "None", "NAME", "set()",
                                 "'a_pony'", "('x', 'y')", "unbound()")));
    }
}

static inline void write_options(Bytes *bytes, StrBuf *out)
{
    uint32_t count = pick(bytes, 4);
    strbuf_add(out, S("{"));
    for (uint32_t i = 0; i < count; i++) {
        write_option(bytes, out);
        strbuf_add(out, S(", "));
    }
    strbuf_add(out, str(pick(bytes, 16) == 1 ? "**OPTIONS}" : "}"));
}

static inline void write_manager(Bytes *bytes, StrBuf *out)
{
    strbuf_add(out, str(PICK(bytes, "('objects', models.Manager())", "('x', own.Manager())", "3")));
}

static inline void write_bases(Bytes *bytes, StrBuf *out)
{
    uint32_t count = pick(bytes, 3);
    strbuf_add(out, S("("));
    for (uint32_t i = 0; i < count; i++)
        strbuf_printf(out, "%s, ",
                      PICK(bytes, "'a.Pony'", "models.Model", "'b.Rider'", "own.Base", "'pony'",
                           "unbound", "object"));
    strbuf_add(out, S(")"));
}

/* ---- operations ---- */

typedef struct OperationForm {
    const char *class, *form; /* m: model, f: field name, F: field, i: name of an index, I: index,
                                 n: names, o: options, g: managers, L: fields, B: bases, d: whether
                                 the default stays, t: table */
    const char *keywords[5];
} OperationForm;

static const OperationForm operation_forms[] = {
    {"CreateModel", "mL", {"name", "fields"}},
    {"CreateModel", "mLoBg", {"name", "fields", "options", "bases", "managers"}},
    {"AddField", "mfFd", {"model_name", "name", "field", "preserve_default"}},
    {"RemoveField", "mf", {"model_name", "name"}},
    {"AlterField", "mfFd", {"model_name", "name", "field", "preserve_default"}},
    {"RenameField", "mff", {"model_name", "old_name", "new_name"}},
    {"RenameModel", "mm", {"old_name", "new_name"}},
    {"DeleteModel", "m", {"name"}},
    {"AddIndex", "mI", {"model_name", "index"}},
    {"RemoveIndex", "mi", {"model_name", "name"}},
    {"RenameIndex", "mii", {"model_name", "new_name", "old_name"}},
    {"RenameIndex", "min", {"model_name", "new_name", "old_fields"}},
    {"AddConstraint", "mI", {"model_name", "constraint"}},
    {"RemoveConstraint", "mi", {"model_name", "name"}},
    {"AlterConstraint", "miI", {"model_name", "name", "constraint"}},
    {"AlterUniqueTogether", "mn", {"name", "unique_together"}},
    {"AlterIndexTogether", "mn", {"name", "index_together"}},
    {"AlterOrderWithRespectTo", "mf", {"name", "order_with_respect_to"}},
    {"AlterModelOptions", "mo", {"name", "options"}},
    {"AlterModelTable", "mt", {"name", "table"}},
    {"AlterModelManagers", "mg", {"name", "managers"}},
};

static inline void write_argument(Bytes *bytes, StrBuf *out, char what)
{
    switch (what) {
    case 'm':
        strbuf_add(out, str(model_name(bytes)));
        break;
    case 'f':
        strbuf_add(out, str(field_name(bytes)));
        break;
    case 'i':
        strbuf_add(out, str(index_name(bytes)));
        break;
    case 't':
        strbuf_add(out, str(PICK(bytes, "'a_pony'", "None", "'t'", "own.NAME")));
        break;
    case 'd':
        strbuf_add(out, str(PICK(bytes, "True", "False", "NAME")));
        break;
    case 'F':
        write_field(bytes, out);
        break;
    case 'I':
        write_index(bytes, out);
        break;
    case 'n':
        write_names(bytes, out);
        break;
    case 'o':
        write_options(bytes, out);
        break;
    case 'g':
        write_list(bytes, out, write_manager);
        break;
    case 'L':
        write_list(bytes, out, write_named_field);
        break;
    default:
        write_bases(bytes, out);
        break;
    }
}

static inline void write_operations(Bytes *bytes, StrBuf *out, int depth);

static inline void write_holder(Bytes *bytes, StrBuf *out, int depth)
{
    bool sql = pick(bytes, 3) == 1;
    strbuf_add(out,
               str(sql ? "migrations.RunSQL('', '', " : "migrations.SeparateDatabaseAndState("));
    if (!sql && pick(bytes, 3)) {
        strbuf_add(out, S("database_operations="));
        write_operations(bytes, out, depth + 1);
        strbuf_add(out, S(", "));
    }
    strbuf_add(out, S("state_operations="));
    write_operations(bytes, out, depth + 1);
    strbuf_add(out, S(")"));
}

static inline void write_other(Bytes *bytes, StrBuf *out, int depth)
{
    if (depth < MOST_NESTED && pick(bytes, 2))
        write_holder(bytes, out, depth);
    else
        strbuf_add(
            out, str(PICK(bytes, "migrations.RunPython(forwards)", "own.Unknown('Pony')",
                          "unbound()", "migrations.RunPython(forwards, migrations.RunPython.noop)",
                          "other.Watch(models=['a.Pony', 'rider'])", "NAME", "*MORE",
                          "own.Careful('pony', 'x', models.TextField())", "3",
                          "migrations.RunSQL('DROP TABLE x')")));
}

static inline void write_form(Bytes *bytes, StrBuf *out, const OperationForm *form)
{
    bool keywords = strcmp(form->class, "RenameIndex") == 0 || pick(bytes, 2);
    bool postgres = form->form[1] == 'I' && pick(bytes, 4) == 1;
    strbuf_printf(out, "%s%s%s(", postgres ? "postgres." : "migrations.", form->class,
                  !postgres                      ? ""
                  : strstr(form->class, "Index") ? "Concurrently"
                                                 : "NotValid");
    uint32_t count = (uint32_t)strlen(form->form) - (pick(bytes, 32) == 1);
    for (uint32_t i = 0; i < count; i++) {
        StrBuf argument = {0};
        write_argument(bytes, &argument, form->form[i]);
        bool unpacked = argument.len && argument.ptr[0] == '*';
        if (keywords && !unpacked)
            strbuf_printf(out, "%s=", form->keywords[i]);
        strbuf_add(out, strbuf_str(&argument));
        strbuf_add(out, S(", "));
        strbuf_free(&argument);
    }
    strbuf_add(out, S(")"));
}

static inline void write_operation(Bytes *bytes, StrBuf *out, int depth)
{
    enum { FORMS = sizeof operation_forms / sizeof *operation_forms };
    uint32_t kind = pick(bytes, FORMS + 4);
    if (kind < FORMS)
        write_form(bytes, out, &operation_forms[kind]);
    else
        write_other(bytes, out, depth);
}

static inline void write_operations(Bytes *bytes, StrBuf *out, int depth)
{
    uint32_t count = pick(bytes, depth ? 5 : 9);
    strbuf_add(out, S("[\n"));
    for (uint32_t i = 0; i < count && out->len < 6000; i++) {
        write_operation(bytes, out, depth);
        strbuf_add(out, S(",\n"));
    }
    strbuf_add(out, S("]"));
}

/* ---- migrations and the rest ---- */

static inline void write_keys(Bytes *bytes, StrBuf *out, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        strbuf_printf(
            out, "%s, ",
            PICK(bytes, "('a', '0001_m')", "('a', '0002_m')", "('b', '0001_m')", "('a', '0003_m')",
                 "('b', '0002_m')", "('c', '0001_m')", "('b', '__first__')", "('a', '__latest__')",
                 "('b', '0009_gone')", "migrations.swappable_dependency(settings.AUTH_USER_MODEL)",
                 "('auth', '0001_initial')", "('outside', '0001_m')", "NAME", "('a', '0004_m')"));
}

static const char migration_head[] =
    "from django.conf import settings\nfrom django.contrib.postgres import operations as postgres\n"
    "from django.db import migrations, models\nfrom a import own\n\n\n"
    "def forwards(apps, schema_editor):\n    apps.get_model('a', 'Pony')\n\n\n"
    "class Migration(migrations.Migration):\n    dependencies = [";

static const char first_models[] =
    "migrations.CreateModel('Pony', [('id', models.AutoField(primary_key=True))]),\n"
    "migrations.CreateModel('Rider', [('x', models.ForeignKey('Pony', models.CASCADE)),"
    " ('y', models.ManyToManyField('a.Pony', through='Tie'))], {'unique_together': {('x', "
    "'y')}}),\n"
    "migrations.CreateModel('Tie', [('x', models.ForeignKey('pony', models.CASCADE)),"
    " ('y', models.ForeignKey('Rider', models.CASCADE, to_field='x'))], bases=('a.Pony',)),\n";

static inline void write_migration(Bytes *bytes, StrBuf *out, char app, uint32_t number)
{
    uint32_t before = number > 1 && pick(bytes, 4) != 1 ? number - 1 : pick(bytes, number);
    strbuf_add(out, str(migration_head));
    if (before)
        strbuf_printf(out, "('%c', '%04u_m'), ", app, before);
    write_keys(bytes, out, pick(bytes, 6) < 3 ? 0 : pick(bytes, 3));
    strbuf_add(out, S("]\n"));
    if (pick(bytes, 8) == 1) {
        strbuf_printf(out, "    %s = [", PICK(bytes, "replaces", "run_before"));
        write_keys(bytes, out, 1 + pick(bytes, 3));
        strbuf_add(out, S("]\n"));
    }
    bool first = number == 1 && pick(bytes, 4) != 1;
    strbuf_printf(out, "    operations = [\n%s", first ? first_models : "");
    strbuf_add(out, S("*"));
    write_operations(bytes, out, 0);
    strbuf_add(out, S("]\n"));
    if (pick(bytes, 16) == 1) {
        strbuf_add(out, S("    if settings.DEBUG:\n        operations += "));
        write_operations(bytes, out, 1);
    }
    strbuf_add(out, str(pick(bytes, 64) == 1 ? "\n    )\n" : "\n"));
}

static inline void write_class(Bytes *bytes, StrBuf *out)
{
    strbuf_printf(out, "\n\nclass %s(%s):\n    pass\n",
                  PICK(bytes, "Pony", "Rider", "Tie", "Cart", "User"),
                  PICK(bytes, "models.Model", "own.Base", "Pony", "Rider, Tie", "unbound.Model",
                       "own.Base, metaclass=own.Meta"));
    uint32_t count = pick(bytes, MOST_LISTED);
    for (uint32_t i = 0; i < count; i++) {
        strbuf_printf(out, "    %s = ", PICK(bytes, "x", "y", "id", "z", "objects", "tie"));
        write_field(bytes, out);
        strbuf_add(out, S("\n"));
    }
    if (pick(bytes, 2)) {
        strbuf_add(out, S("\n    class Meta:\n"));
        const char *option =
            PICK(bytes, "abstract = True", "proxy = True", "managed = False", "db_table = 'a_pony'",
                 "indexes = ", "constraints = ", "ordering = ['x']", "unique_together = ['x', 'y']",
                 "app_label = 'b'");
        strbuf_printf(out, "        %s", option);
        if (option[strlen(option) - 1] == ' ')
            write_list(bytes, out, write_index);
        strbuf_add(out, S("\n"));
    }
}

static inline Str models_from_bytes(Bytes *bytes, Arena *arena)
{
    StrBuf text = {0};
    strbuf_add(&text, S("from django.conf import settings\nfrom django.db import models\n"
                        "from a import own\n"));
    uint32_t count = pick(bytes, 6);
    for (uint32_t i = 0; i < count; i++)
        write_class(bytes, &text);
    Str done = arena_str(arena, strbuf_str(&text));
    strbuf_free(&text);
    return done;
}

static const char own_module[] =
    "from django.db import migrations, models\nNAME = 'Pony'\n\n\n"
    "class Field(models.IntegerField):\n    pass\n\n\nclass Key(models.ForeignKey):\n    pass\n\n\n"
    "class Index(models.Index):\n    pass\n\n\nclass Manager(models.Manager):\n    pass\n\n\n"
    "class Base(models.Model):\n    class Meta:\n        abstract = True\n\n\n"
    "class Careful(migrations.AddField):\n    pass\n\n\n"
    "class Unknown(migrations.RunPython):\n    def state_forwards(self, *args):\n        pass\n";

static inline uint32_t fixed_files(MemoryFile *files, const char *user)
{
    static const char *const fixed[][2] = {
        {"manage.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"},
        {"settings.py", NULL},
        {"a/__init__.py", ""},
        {"a/own.py", own_module},
        {"a/migrations/__init__.py", ""},
        {"b/migrations/__init__.py", ""},
        {"c/migrations/__init__.py", ""},
    };
    uint32_t count = 0;
    for (; count < sizeof fixed / sizeof *fixed; count++)
        files[count] =
            (MemoryFile){str(fixed[count][0]), str(fixed[count][1] ? fixed[count][1] : user)};
    return count;
}

/* Every file of the project, in `arena`. */
static inline MemoryReader project_from_bytes(Bytes *bytes, Arena *arena)
{
    static const char apps[] = "INSTALLED_APPS = ['django.contrib.auth', 'a', 'b', 'c']\n";
    const char *user = PICK(bytes, "", "AUTH_USER_MODEL = 'c.User'\n", "AUTH_USER_MODEL = NAME\n");
    MemoryFile *files = arena_array(arena, MemoryFile, 8 + 3 * (1 + MOST_MIGRATIONS));
    uint32_t count = fixed_files(files, arena_printf(arena, "%s%s", user, apps).ptr);
    uint32_t classes = pick(bytes, 3); /* in how many apps */
    for (char app = 'a'; app <= 'c'; app++) {
        if ((uint32_t)(app - 'a') < classes)
            files[count++] = (MemoryFile){arena_printf(arena, "%c/models.py", app),
                                          models_from_bytes(bytes, arena)};
        uint32_t migrations = pick(bytes, MOST_MIGRATIONS) + (app == 'a');
        for (uint32_t number = 1; number <= migrations; number++) {
            StrBuf text = {0};
            write_migration(bytes, &text, app, number);
            files[count++] =
                (MemoryFile){arena_printf(arena, "%c/migrations/%04u_m.py", app, number),
                             arena_str(arena, strbuf_str(&text))};
            strbuf_free(&text);
        }
    }
    return (MemoryReader){files, count};
}

#endif
