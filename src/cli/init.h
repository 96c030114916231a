#ifndef MIGRALINT_CLI_INIT_H
#define MIGRALINT_CLI_INIT_H

/*
 * Private to `migralint init`: what it finds, how it edits, and the pieces it writes. A piece is
 * worked out and checked by reading it back before anything is written; what cannot be edited
 * safely is left to be pasted. What was written is recognised by making it again with the names
 * and versions that stand in it, and only then taken back.
 */

#include "cli/changes.h"
#include "cli/cli.h"

#include "base/yaml.h"

#define INIT_URL "https://github.com/migralint/migralint"

/* ---- init_find.c ---- */

typedef struct Found {
    Str django;              /* "4.2"; empty: nothing says so */
    const char *django_from; /* where that stands */
    Str branch;              /* that work is merged into; empty: not known, or not plain */
    bool on_origin;          /* origin/<branch> was fetched */
    bool github, gitlab;     /* one of them at most */
    bool below_top;          /* the directory is not the top of its git work tree */
    size_t errors;           /* that `check` finds today */
    const char *configured;  /* the file that configures it today, or NULL */
} Found;
/* Texts are in the settings' arena. */
bool init_find(Settings *settings, const Target *target, Found *found, Error *err);

/* ---- init_edit.c ---- */

/* UTF-8 without control characters but for tabs and line ends: fit to be edited and shown. */
bool edit_is_text(Str text);
/* The text with `lines` put in at a line's start, or at the end where the last line need not be
 * closed: line ends are those of the text, and a last line stays as open as it was. With `blank`,
 * an empty line comes first. */
Str edit_insert(Arena *arena, Str text, size_t at, Str lines, bool blank);
/* The text without what edit_insert() put in; false: that does not stand there. */
bool edit_cut(Arena *arena, Str text, Str lines, Str *out);
/* Where the block of `root`'s key ends: behind its last line that is not empty and no comment
 * further out. */
size_t edit_end_of(Str text, const YamlNode *root, const char *key);
/* The text of a scalar; empty for anything else, and for NULL. */
Str edit_text_of(const YamlNode *node);
/* A sequence that is written with dashes, each item beginning on the line of its dash. */
bool edit_is_block(Str text, const YamlNode *sequence);
/* Whether `smaller` says what `larger` does without its nodes `node` and `other` (which may be
 * NULL) and what held nothing else, and nothing more. */
bool edit_lacks(const YamlNode *larger, const YamlNode *node, const YamlNode *other,
                const YamlNode *smaller);

/* ---- pieces: init_config.c, init_hook.c, init_job.c ---- */

typedef enum Verdict {
    PIECE_CHANGES, /* `before` and `after` differ */
    PIECE_IS_DONE, /* nothing to do, `why` says so */
    PIECE_BY_HAND, /* `why` it cannot be done, and `paste`, what would have to be there; to be
                      removed when undoing, which has nothing to paste */
    PIECE_IS_NOT,  /* nothing for this project, `why` says so */
} Verdict;

typedef struct Piece {
    Verdict verdict;
    const char *path;
    Str what, why, paste, before, after;
} Piece;

typedef struct Init {
    Arena *arena;
    const Target *target;
    Found found;
    bool undo;
} Init;

void init_config(const Init *init, Piece *piece);
void init_hook(const Init *init, Piece *piece);
void init_job(const Init *init, Piece *piece);

/* What the pieces have in common: reads piece->path into `before`. False when the piece is settled
 * by that: it cannot be read or is no text, or, when undoing, is not there. */
bool piece_read(const Init *init, Piece *piece);
/* Sets the verdict; return false, so that they end a function. */
bool piece_by_hand(Piece *piece, Str why);
bool piece_done(Piece *piece, Str why);
/* Settles on `after` when that was found to be sound: read back, it differs in the piece alone. */
bool piece_changes(Piece *piece, Str after, bool sound);
/* The whole file is ours: made where there is none, removed when it says exactly this. */
void piece_whole(const Init *init, Piece *piece, Str text);

#endif
