#ifndef MIGRALINT_BASE_READER_H
#define MIGRALINT_BASE_READER_H

/*
 * The seam between the library and the world: list a directory, read a file.
 * The disk in the program, memory in tests and rule examples, a commit. Paths are
 * relative to the reader's root, with '/' between components and no leading
 * "./"; the root itself is "".
 */

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"

typedef enum EntryKind { ENTRY_FILE, ENTRY_DIR, ENTRY_OTHER } EntryKind;

typedef struct DirEntry {
    Str name;          /* NUL-terminated */
    EntryKind kind;    /* of what a link points at, for links */
    bool link;         /* reached through a symbolic link */
    uint64_t identity; /* of a directory reached through a link: equal numbers, same directory */
} DirEntry;

typedef struct DirEntries {
    DirEntry *items;
    uint32_t count;
} DirEntries;

typedef enum ReadResult {
    READ_OK,
    READ_ABSENT,    /* no such file */
    READ_TOO_LARGE, /* above the limit given; nothing was read */
    READ_FAILED,    /* there, but cannot be read: *err says why */
} ReadResult;

typedef struct Reader {
    void *self;
    /* The entries of a directory, sorted by name, "." and ".." left out, in
     * `arena`. False with *err when it cannot be listed. */
    bool (*list)(void *self, Str path, Arena *arena, DirEntries *out, Error *err);
    /* The bytes of a file, in `arena` with a NUL behind them. */
    ReadResult (*read)(void *self, Str path, size_t limit, Arena *arena, Str *out, Error *err);
    /* Which directory this is: equal numbers, same directory; 0 when unknown.
     * Also asked for "..", "../.." and so on, the directories around the root. */
    uint64_t (*identity)(void *self, Str path);
} Reader;

/* A reader of the directory `root` on disk; `root` is borrowed. */
typedef struct DiskReader {
    const char *root;
} DiskReader;
Reader reader_disk(DiskReader *disk);

/* A reader of files that are in memory. Directories exist where a file lies
 * below them. All texts are borrowed. */
typedef struct MemoryFile {
    Str path, text;
} MemoryFile;
typedef struct MemoryReader {
    const MemoryFile *files;
    uint32_t count;
} MemoryReader;
Reader reader_memory(MemoryReader *memory);

/* A reader of files of which there is a list, and that somebody else reads: those of a commit.
 * Everything is borrowed. */
typedef struct TreeReader {
    const Str *paths; /* sorted by bytes, each once */
    uint32_t count;
    ReadResult (*read)(void *context, uint32_t file, size_t limit, Arena *arena, Str *out,
                       Error *err);
    void *context;
} TreeReader;
Reader reader_tree(TreeReader *tree);

#endif
