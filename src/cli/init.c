#include "cli/init.h"

/* ---- what pieces have in common ---- */

bool piece_by_hand(Piece *piece, Str why)
{
    piece->verdict = PIECE_BY_HAND;
    piece->why = why;
    return false;
}

bool piece_done(Piece *piece, Str why)
{
    piece->verdict = PIECE_IS_DONE;
    piece->why = why;
    return false;
}

bool piece_read(const Init *init, Piece *piece)
{
    Error why = {{0}};
    ReadResult result =
        changes_read(init->target->real_root, piece->path, init->arena, &piece->before, &why);
    if (result == READ_FAILED)
        return piece_by_hand(piece, arena_str(init->arena, str(why.text)));
    if (result == READ_ABSENT)
        return !init->undo || piece_done(piece, S("is not there"));
    return edit_is_text(piece->before) || piece_by_hand(piece, S("is no text in UTF-8"));
}

bool piece_changes(Piece *piece, Str after, bool sound)
{
    if (!sound)
        return piece_by_hand(piece, S("cannot be edited without changing what else it says"));
    piece->verdict = PIECE_CHANGES;
    piece->after = after;
    return true;
}

void piece_whole(const Init *init, Piece *piece, Str text)
{
    bool same = piece->before.ptr && str_eq(piece->before, text);
    if (init->undo && same)
        piece_changes(piece, (Str){0}, true);
    else if (init->undo)
        piece_by_hand(piece, S("is not as `init` wrote it"));
    else if (!piece->before.ptr)
        piece_changes(piece, text, true);
    else if (same)
        piece_done(piece, S("is there already"));
    else
        piece_by_hand(piece, S("is there, and says something else"));
}

/* ---- what is said ---- */

enum { PIECES = 3 };

static bool any(const Piece *pieces, Verdict verdict)
{
    for (int i = 0; i < PIECES; i++)
        if (pieces[i].path && pieces[i].verdict == verdict)
            return true;
    return false;
}

static void say_pieces(const Piece *pieces, Verdict verdict, const char *title, StrBuf *out)
{
    if (any(pieces, verdict))
        strbuf_printf(out, "%s\n", title);
    for (int i = 0; i < PIECES; i++) {
        const Piece *piece = &pieces[i];
        if (!piece->path || piece->verdict != verdict)
            continue;
        Str text = verdict == PIECE_CHANGES ? piece->what : piece->why;
        strbuf_printf(out, "  %s: %.*s\n", piece->path, STR_ARG(text));
    }
    if (any(pieces, verdict))
        strbuf_byte(out, '\n');
}

static void say_paste(const Piece *pieces, bool undo, StrBuf *out)
{
    for (int i = 0; i < PIECES; i++)
        if (pieces[i].path && pieces[i].verdict == PIECE_BY_HAND && !undo)
            strbuf_printf(out, "What belongs into %s:\n\n%.*s\n", pieces[i].path,
                          STR_ARG(pieces[i].paste));
}

static const char *title_of(const Settings *settings)
{
    bool undo = option_on(settings, OPTION_UNDO);
    if (option_on(settings, OPTION_WRITE))
        return undo ? "Taken back:" : "Written; `migralint init --undo --write` takes it back:";
    return undo ? "To be taken back; --write does it:" : "To be written; --write does it:";
}

static void say(const Settings *settings, const Init *init, const Piece *pieces,
                const Changes *changes, StrBuf *out)
{
    size_t errors = init->found.errors;
    say_pieces(pieces, PIECE_CHANGES, title_of(settings), out);
    say_pieces(pieces, PIECE_IS_DONE, "Nothing to do:", out);
    say_pieces(pieces, PIECE_IS_NOT, "Left out:", out);
    say_pieces(pieces, PIECE_BY_HAND, "To be done by hand:", out);
    if (errors && !init->undo && any(pieces, PIECE_CHANGES))
        strbuf_printf(out,
                      "`migralint check` finds %zu error%s today. So only what a branch adds is "
                      "reported, where that can be known; with `migralint baseline create` before "
                      "`init`, everything new.\n\n",
                      errors, errors == 1 ? "" : "s");
    say_paste(pieces, init->undo, out);
    changes_diff(changes, out);
}

/* ---- the command ---- */

static void work_out(const Settings *settings, const Init *init, Piece *pieces, Changes *changes)
{
    static void (*const make[PIECES])(const Init *, Piece *) = {init_config, init_hook, init_job};
    static const char *const names[PIECES] = {"config", "hook", "ci"};
    MigralintList asked = option_list(settings, OPTION_PART);
    for (int i = 0; i < PIECES; i++) {
        bool wanted = !asked.count;
        for (size_t k = 0; k < asked.count; k++)
            wanted |= !strcmp(asked.items[k], names[i]);
        if (!wanted)
            continue;
        make[i](init, &pieces[i]);
        const Piece *piece = &pieces[i];
        if (piece->verdict == PIECE_CHANGES)
            array_push(&changes->items, (Change){piece->path, piece->before, piece->after});
    }
}

static ExitCode finish(const Settings *settings, const Init *init, const Piece *pieces,
                       const Changes *changes)
{
    Error err = {{0}};
    StrBuf out = {0};
    if (option_on(settings, OPTION_WRITE) && !changes_write(changes, &err)) {
        complain("%s; nothing was written", err.text);
        return CODE_FAILED;
    }
    say(settings, init, pieces, changes, &out);
    MigralintText text = {out.ptr, out.len, out.capacity};
    ExitCode code = output_write(settings, &text);
    migralint_text_free(&text);
    return code == CODE_OK && any(pieces, PIECE_BY_HAND) ? CODE_FINDINGS : code;
}

ExitCode run_init(Settings *settings)
{
    Target target = {0};
    Error err = {{0}};
    Piece pieces[PIECES] = {0};
    Init init = {.arena = &settings->arena, .undo = option_on(settings, OPTION_UNDO)};
    ExitCode code;
    if (target_of(settings, &target, &err) && init_find(settings, &target, &init.found, &err)) {
        Changes changes = {.dir = target.real_root};
        init.target = &target;
        work_out(settings, &init, pieces, &changes);
        code = finish(settings, &init, pieces, &changes);
        changes_free(&changes);
    } else {
        code = refuse(&err);
    }
    target_free(&target);
    return code;
}
