#include "rules/explain.h"

#include "rules/examples.h"

typedef struct Page {
    const Rule *rule;
    bool markdown;
    StrBuf text;
} Page;

static void heading(Page *page, int level, const char *text)
{
    if (page->markdown)
        strbuf_printf(&page->text, "%.*s %s\n\n", level, "####", text);
    else
        strbuf_printf(&page->text, "%s\n\n", text);
}

/* Paragraphs: as they are, or moved in by two columns. */
static void paragraphs(Page *page, Str text)
{
    while (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    for (Str rest = text; rest.len;) {
        Str line = str_cut(&rest, '\n');
        strbuf_add(&page->text, page->markdown || !line.len ? S("") : S("  "));
        strbuf_add(&page->text, line);
        strbuf_byte(&page->text, '\n');
    }
    strbuf_byte(&page->text, '\n');
}

static void section(Page *page, const char *title, Str text)
{
    if (!text.len)
        return;
    heading(page, 2, title);
    paragraphs(page, text);
}

/* One line of code; "# expect" becomes the code of the rule. */
static void code_line(Page *page, Str line)
{
    size_t start;
    Str text;
    strbuf_add(&page->text, page->markdown || !line.len ? S("") : S("    "));
    if (example_marker(line, &start, &text)) {
        strbuf_add(&page->text, str_sub(line, 0, start));
        strbuf_printf(&page->text, "# %.*s%s%.*s", STR_ARG(page->rule->code), text.len ? ": " : "",
                      STR_ARG(text));
    } else {
        strbuf_add(&page->text, line);
    }
    strbuf_byte(&page->text, '\n');
}

static void code(Page *page, Str text, Str path)
{
    const char *language = str_ends(path, S(".py")) ? "python" : "text";
    if (page->markdown)
        strbuf_printf(&page->text, "```%s\n", language);
    for (Str rest = text; rest.len;)
        code_line(page, str_cut(&rest, '\n'));
    strbuf_add(&page->text, page->markdown ? S("```\n\n") : S("\n"));
}

static void path_of(Page *page, const MemoryFile *given)
{
    strbuf_printf(&page->text, page->markdown ? "`%.*s`" : "%.*s", STR_ARG(given->path));
}

static void file(Page *page, const MemoryFile *given)
{
    strbuf_add(&page->text, page->markdown ? S("") : S("  "));
    path_of(page, given);
    strbuf_add(&page->text, S(":\n\n"));
    code(page, given->text, given->path);
}

/* Files without a text, in one line: "`a`, `b`: empty". */
static void named(Page *page, const MemoryFile *const *files, uint32_t count, const char *what)
{
    if (!count)
        return;
    strbuf_add(&page->text, page->markdown ? S("") : S("  "));
    for (uint32_t i = 0; i < count; i++) {
        strbuf_add(&page->text, i ? S(", ") : S(""));
        path_of(page, files[i]);
    }
    strbuf_printf(&page->text, ": %s\n\n", what);
}

static bool from_default(const MemoryFile *given)
{
    for (uint32_t i = 0; i < example_project_count; i++)
        if (str_eq(given->path, example_project[i].path) &&
            str_eq(given->text, example_project[i].text))
            return true;
    return str_eq(given->path, example_migration_path);
}

typedef struct Version {
    const MemoryFile *files;
    uint32_t count;
} Version;

static const MemoryFile *same_path(Version version, Str path)
{
    for (uint32_t i = 0; i < version.count; i++)
        if (str_eq(version.files[i].path, path))
            return &version.files[i];
    return NULL;
}

/* What `version` has and `other` has not; its files without a text, or those that only `other`
 * has, in one line. */
static void difference(Page *page, Version version, Version other, const char *title)
{
    Array(const MemoryFile *) empty = {0}, changed = {0}, gone = {0};
    for (uint32_t i = 0; i < version.count; i++) {
        const MemoryFile *before = same_path(other, version.files[i].path);
        if (before && str_eq(before->text, version.files[i].text))
            continue;
        if (version.files[i].text.len)
            array_push(&changed, &version.files[i]);
        else
            array_push(&empty, &version.files[i]);
    }
    for (uint32_t i = 0; i < other.count; i++)
        if (!same_path(version, other.files[i].path))
            array_push(&gone, &other.files[i]);
    if (*title && (empty.count || changed.count || gone.count))
        strbuf_printf(&page->text, "%s%s:\n\n", page->markdown ? "" : "  ", title);
    named(page, empty.items, empty.count, "empty");
    named(page, gone.items, gone.count, "not there");
    for (uint32_t i = 0; i < changed.count; i++)
        file(page, changed.items[i]);
    array_free(&empty);
    array_free(&changed);
    array_free(&gone);
}

static void branches(Page *page, const Example *given)
{
    Version ours = {given->files, given->file_count}, fork = {given->fork, given->fork_count};
    Version theirs = {given->theirs, given->theirs_count};
    if (!given->fork)
        return;
    difference(page, fork, ours, "Where the other branch parted");
    difference(page, theirs, fork, "On the other branch since then");
}

static void tracking(Page *page, const Str *paths, uint32_t count, const char *what)
{
    for (uint32_t i = 0; i < count; i++)
        strbuf_printf(&page->text, page->markdown ? "%s`%.*s`%s" : "%s%.*s%s",
                      i                ? ", "
                      : page->markdown ? ""
                                       : "  ",
                      STR_ARG(paths[i]), i + 1 < count ? "" : what);
}

static bool is_marked(const Example *given, const Expectation *expected)
{
    for (uint32_t i = 0; i < given->file_count; i++) {
        Str rest = given->files[i].text, text, line = {0};
        size_t start;
        if (!str_eq(given->files[i].path, expected->path))
            continue;
        for (uint32_t number = 0; rest.len && number < expected->line; number++)
            line = str_cut(&rest, '\n');
        return example_marker(line, &start, &text);
    }
    return false;
}

/* Files as a whole, and lines that cannot bear a comment. */
static void reported(Page *page, const Example *given)
{
    for (uint32_t i = 0; i < given->expectation_count; i++) {
        const Expectation *expected = &given->expectations[i];
        if (expected->line && is_marked(given, expected))
            continue;
        strbuf_printf(&page->text, page->markdown ? "Reported: `%.*s`" : "  Reported: %.*s",
                      STR_ARG(expected->path));
        if (expected->line)
            strbuf_printf(&page->text, ", line %u", expected->line);
        strbuf_add(&page->text, S("\n\n"));
    }
}

static void project(Page *page, const Example *given)
{
    Array(MemoryFile) own = {0};
    if (given->shown.len)
        code(page, given->shown, S("x.py"));
    for (uint32_t i = 0; i < given->file_count; i++)
        if (!given->shown.len || !from_default(&given->files[i]))
            array_push(&own, given->files[i]);
    difference(page, (Version){own.items, own.count}, (Version){0}, "");
    array_free(&own);
}

static void example(Page *page, const Example *given)
{
    if (given->name.len) {
        Str name = given->name;
        strbuf_printf(&page->text, page->markdown ? "%.*s:\n\n" : "  %.*s:\n\n", STR_ARG(name));
    }
    project(page, given);
    branches(page, given);
    tracking(page, given->ignored, given->ignored_count, ": ignored by git\n\n");
    tracking(page, given->untracked, given->untracked_count, ": not in git\n\n");
    reported(page, given);
}

static void examples(Page *page, bool bad)
{
    heading(page, 2, bad ? "What it reports" : "What it leaves alone");
    for (uint32_t i = 0; i < page->rule->example_count; i++)
        if (page->rule->examples[i].bad == bad)
            example(page, &page->rule->examples[i]);
}

static void links(Page *page)
{
    if (!page->rule->link_count)
        return;
    heading(page, 2, "Links");
    for (uint32_t i = 0; i < page->rule->link_count; i++) {
        Str link = page->rule->links[i];
        strbuf_printf(&page->text, page->markdown ? "- <%.*s>\n" : "  %.*s\n", STR_ARG(link));
    }
    strbuf_byte(&page->text, '\n');
}

static void title(Page *page)
{
    const Rule *rule = page->rule;
    strbuf_printf(&page->text, "%s%.*s %.*s\n\n", page->markdown ? "# " : "", STR_ARG(rule->code),
                  STR_ARG(rule->name));
    paragraphs(page, rule->summary);
    strbuf_printf(&page->text, page->markdown ? "*%s · %.*s" : "  %s · %.*s",
                  severity_name(rule->severity), STR_ARG(rule->category));
    if (rule->since.len)
        strbuf_printf(&page->text, " · since %.*s", STR_ARG(rule->since));
    if (rule->opt_in)
        strbuf_add(&page->text, S(" · only when selected"));
    strbuf_add(&page->text, page->markdown ? S("*\n\n") : S("\n\n"));
}

static void reasons(Page *page)
{
    section(page, "Why", page->rule->why);
    section(page, "How to fix it", page->rule->fix);
}

static Str finished(Page *page, Arena *arena)
{
    while (page->text.len > 1 && page->text.ptr[page->text.len - 2] == '\n')
        page->text.len--;
    Str done = arena_str(arena, strbuf_str(&page->text));
    strbuf_free(&page->text);
    return done;
}

Str rule_explain(const Rule *rule, bool markdown, Arena *arena)
{
    Page page = {.rule = rule, .markdown = markdown};
    title(&page);
    reasons(&page);
    examples(&page, true);
    examples(&page, false);
    links(&page);
    return finished(&page, arena);
}

Str rule_help(const Rule *rule, bool markdown, Arena *arena)
{
    Page page = {.rule = rule, .markdown = markdown};
    reasons(&page);
    links(&page);
    return finished(&page, arena);
}

/* The first example of the kind; those that have a name say what they are. */
static const Example *first_example(const Rule *rule, bool bad)
{
    for (uint32_t i = 0; i < rule->example_count; i++)
        if (rule->examples[i].bad == bad)
            return &rule->examples[i];
    return NULL;
}

static void shown_example(Page *page, bool bad, const char *words)
{
    const Example *first = first_example(page->rule, bad);
    if (!first)
        return;
    Example unnamed = *first;
    unnamed.name = (Str){0};
    strbuf_printf(&page->text, "%s", words);
    if (first->name.len)
        strbuf_printf(&page->text, " (%.*s)", STR_ARG(first->name));
    strbuf_add(&page->text, S(":\n\n"));
    example(page, &unnamed);
}

/* The names of the good examples say where the rule is silent. */
static void silences(Page *page)
{
    const char *before = "**Left alone:** ";
    for (uint32_t i = 0; i < page->rule->example_count; i++) {
        const Example *given = &page->rule->examples[i];
        if (given->bad || !given->name.len)
            continue;
        strbuf_printf(&page->text, "%s%.*s", before, STR_ARG(given->name));
        before = "; ";
    }
    strbuf_add(&page->text, *before == ';' ? S(".\n\n") : S(""));
}

Str rule_entry(const Rule *rule, Arena *arena)
{
    Page page = {.rule = rule, .markdown = true};
    Str code = arena_lower(arena, rule->code);
    strbuf_printf(&page.text, "<a id=\"%.*s\"></a>\n\n### %.*s %.*s\n\n", STR_ARG(code),
                  STR_ARG(rule->code), STR_ARG(rule->name));
    strbuf_printf(&page.text, "**%.*s.** *%s%s*\n\n", STR_ARG(rule->summary),
                  severity_name(rule->severity), rule->opt_in ? ", only when selected" : "");
    paragraphs(&page, rule->why);
    if (rule->fix.len) {
        strbuf_add(&page.text, S("**How to fix it:** "));
        paragraphs(&page, rule->fix);
    }
    silences(&page);
    strbuf_add(&page.text, S("<details>\n<summary>Examples</summary>\n\n"));
    shown_example(&page, true, "Reported");
    shown_example(&page, false, "Left alone");
    strbuf_add(&page.text, S("</details>\n"));
    return finished(&page, arena);
}
