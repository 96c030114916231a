#include "rules/fingerprint.h"

#include "base/digest.h"

#include <stdlib.h>

enum { LINE_BYTES = 512 }; /* a line that is longer is hardly written by hand */

Str fingerprint_line(Str line, Arena *arena)
{
    char kept[LINE_BYTES];
    size_t len = 0;
    for (size_t i = 0; i < line.len && len < LINE_BYTES; i++)
        if (line.ptr[i] != ' ' && line.ptr[i] != '\t' && line.ptr[i] != '\r')
            kept[len++] = line.ptr[i] == '\'' ? '"' : line.ptr[i];
    while (len && kept[len - 1] == ',')
        len--;
    return arena_str(arena, (Str){kept, len});
}

static void add_part(StrBuf *whole, Str part)
{
    strbuf_add(whole, part);
    strbuf_byte(whole, '\0');
}

void fingerprint_names(StrBuf *out, Str message)
{
    for (bool quoted = false; message.ptr; quoted = !quoted) {
        Str part = str_cut(&message, '`');
        if (quoted && !str_contains(part, S("/")))
            add_part(out, part);
    }
}

static void add_digest(const Finding *finding, char hex[DIGEST_HEX])
{
    StrBuf whole = {0};
    add_part(&whole, finding->rule->code);
    add_part(&whole, finding->app);
    add_part(&whole, finding->migration);
    add_part(&whole, finding->line);
    fingerprint_names(&whole, finding->message);
    digest_md5(strbuf_str(&whole), hex);
    strbuf_free(&whole);
}

typedef struct Entry {
    Finding *finding;
    uint32_t position; /* in the order of places */
    char hex[DIGEST_HEX];
} Entry;
typedef Array(Entry) Entries;

static int by_digest(const void *a, const void *b)
{
    const Entry *left = a, *right = b;
    int order = memcmp(left->hex, right->hex, sizeof left->hex);
    return order ? order : (left->position > right->position) - (left->position < right->position);
}

static void add_entry(Entries *entries, Finding *finding)
{
    array_push(entries, (Entry){.finding = finding, .position = entries->count});
    add_digest(finding, array_last(entries)->hex);
}

static void number(Entries *entries, Arena *arena)
{
    uint32_t number = 0;
    if (entries->count)
        qsort(entries->items, entries->count, sizeof *entries->items, by_digest);
    for (uint32_t i = 0; i < entries->count; i++) {
        const Entry *entry = &entries->items[i];
        bool again = i && !memcmp(entry[-1].hex, entry->hex, sizeof entry->hex);
        number = again ? number + 1 : 1;
        entry->finding->fingerprint = arena_printf(arena, "%s:%u", entry->hex, number);
    }
}

void fingerprint_findings(Finding *const *findings, uint32_t count, Finding *const *hidden,
                          uint32_t hidden_count, Arena *arena)
{
    Entries entries = {0};
    for (uint32_t i = 0; i < count; i++) {
        add_entry(&entries, findings[i]);
        for (uint32_t c = 0; c < findings[i]->consequence_count; c++)
            add_entry(&entries, findings[i]->consequences[c]);
    }
    for (uint32_t i = 0; i < hidden_count; i++)
        add_entry(&entries, hidden[i]);
    number(&entries, arena);
    array_free(&entries);
}
