#include "cli/init.h"
#include "cli/toml.h"

/* [tool.migralint] in pyproject.toml where there is one, else .migralint.yml. What Django it is
 * about has to be said: hooks and CI do not see the environment that tells. */

static Str toml_text(Arena *arena, Str django)
{
    bool known = django.len;
    return arena_printf(
        arena,
        "[tool.migralint]\n"
        "%sdjango = \"%.*s\" # whose loader is followed; every other key: migralint "
        "config\n",
        known ? "" : "# ", STR_ARG(known ? django : S("5.2")));
}

static Str yaml_text(Arena *arena, Str django)
{
    bool known = django.len;
    return arena_printf(arena,
                        "# Configuration of " INIT_URL "\n"
                        "%sdjango: \"%.*s\" # whose loader is followed; every other key: migralint "
                        "config\n",
                        known ? "" : "# ", STR_ARG(known ? django : S("5.2")));
}

/* What the configuration says today, to make its text again. */
static Str said(const YamlNode *options)
{
    return edit_text_of(yaml_get(options, "django"));
}

static bool reads_toml(const Init *init, Str text, Yaml *out, Error *err)
{
    return toml_parse(out, S("pyproject.toml"), text, init->arena, err);
}

static const YamlNode *options_of(const Yaml *file)
{
    return yaml_get(yaml_get(file->root, "tool"), "migralint");
}

static void take_back_toml(const Init *init, Piece *piece, const Yaml *now)
{
    Yaml then;
    Str after;
    const YamlNode *options = options_of(now);
    if (!options) {
        piece_done(piece, S("there is no [tool.migralint]"));
        return;
    }
    if (!edit_cut(init->arena, piece->before, toml_text(init->arena, said(options)), &after)) {
        piece_by_hand(piece, S("[tool.migralint] is not as `init` wrote it"));
        return;
    }
    bool sound =
        reads_toml(init, after, &then, NULL) && edit_lacks(now->root, options, NULL, then.root);
    piece_changes(piece, after, sound);
}

static void in_pyproject(const Init *init, Piece *piece)
{
    Yaml now, then;
    Error why = {{0}};
    if (!reads_toml(init, piece->before, &now, &why)) {
        piece_by_hand(piece, arena_str(init->arena, str(why.text)));
        return;
    }
    if (init->undo) {
        take_back_toml(init, piece, &now);
        return;
    }
    Str after =
        edit_insert(init->arena, piece->before, piece->before.len, piece->paste, piece->before.len);
    bool sound = reads_toml(init, after, &then, NULL) &&
                 edit_lacks(then.root, options_of(&then), NULL, now.root);
    piece_changes(piece, after, sound);
}

static bool is_there(const Init *init, const char *path)
{
    Str bytes;
    return changes_read(init->target->real_root, path, init->arena, &bytes, NULL) != READ_ABSENT;
}

void init_config(const Init *init, Piece *piece)
{
    Str django = init->found.django;
    bool own = init->undo ? is_there(init, ".migralint.yml") : !is_there(init, "pyproject.toml");
    piece->path = own ? ".migralint.yml" : "pyproject.toml";
    piece->what = django.len
                      ? arena_printf(init->arena, "the configuration, with Django %.*s of %s",
                                     STR_ARG(django), init->found.django_from)
                      : S("the configuration; no Django was found here, so its version is "
                          "left open");
    piece->paste = own ? yaml_text(init->arena, django) : toml_text(init->arena, django);
    if (!init->undo && init->found.configured) {
        piece->path = init->found.configured;
        piece_done(piece, S("configures it already"));
        return;
    }
    if (!piece_read(init, piece))
        return;
    if (!own) {
        in_pyproject(init, piece);
        return;
    }
    Yaml now;
    if (init->undo && yaml_parse(&now, str(piece->path), piece->before, init->arena, NULL))
        piece->paste = yaml_text(init->arena, said(now.root));
    piece_whole(init, piece, piece->paste);
}
